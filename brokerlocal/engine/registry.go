package engine

import (
	"hash/maphash"
	"sync"
)

// registry knows the clients by identifier, connected and away. It is safe
// for concurrent use.
type registry struct {
	mu      sync.RWMutex
	clients map[string]*client

	// What happens in the life of a client (connect, take-over, loss, will,
	// end) happens in turn: whoever changes it holds the turn of its
	// identifier, and may publish and wait for the journal meanwhile. Turns
	// are shared out by a seeded hash, so that nobody can choose whom to wait
	// with. A turn comes before every other lock, and nobody takes two.
	seed  maphash.Seed
	turns [256]sync.Mutex
}

func newRegistry() *registry {
	return &registry{clients: make(map[string]*client), seed: maphash.MakeSeed()}
}

// turn takes the turn of a client identifier and returns what gives it back.
func (r *registry) turn(id string) (release func()) {
	mu := &r.turns[maphash.String(r.seed, id)%uint64(len(r.turns))]
	mu.Lock()
	return mu.Unlock
}

func (r *registry) get(id string) *client {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.clients[id]
}

func (r *registry) put(cl *client) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.clients[cl.id] = cl
}

// remove forgets cl, unless another has its identifier by now.
func (r *registry) remove(cl *client) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.clients[cl.id] == cl {
		delete(r.clients, cl.id)
	}
}

// all returns the clients of this moment, in no order.
func (r *registry) all() []*client {
	r.mu.RLock()
	defer r.mu.RUnlock()
	list := make([]*client, 0, len(r.clients))
	for _, cl := range r.clients {
		list = append(list, cl)
	}
	return list
}

func (r *registry) len() int {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return len(r.clients)
}
