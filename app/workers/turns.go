package workers

import (
	"context"
	"sync"
)

// Turns runs tasks of a Group such that those with the same key run one
// after the other, in the order in which they were given. Tasks with
// different keys do not wait for each other. All methods are safe for
// concurrent use.
type Turns struct {
	group *Group
	mu    sync.Mutex
	last  map[string]chan struct{} // closed when the newest task of the key has ended
}

// NewTurns returns Turns without tasks; they end with the group.
func NewTurns(g *Group) *Turns { return &Turns{group: g, last: map[string]chan struct{}{}} }

// Go runs task after those of the same key before it. It reports false, and
// runs nothing, after the group's Close. A task that waits its turn when the
// group is closed still gets it, with a context that has ended.
func (t *Turns) Go(key string, task func(ctx context.Context)) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	before, done := t.last[key], make(chan struct{})
	started := t.group.Go(func(ctx context.Context) {
		defer t.leave(key, done)
		if before != nil {
			<-before
		}
		task(ctx)
	})
	if started {
		t.last[key] = done
	}
	return started
}

func (t *Turns) leave(key string, done chan struct{}) {
	close(done)
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.last[key] == done {
		delete(t.last, key)
	}
}
