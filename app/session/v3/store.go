package v3

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/eclipse/paho.mqtt.golang/packets"

	"tidings/app"
)

// The keys of paho's store: "o.<id>" is what we sent, "i.<id>" what we got.
const inbound, outbound = "i.", "o."

// store is the session state of the client (MQTT 3.1.1 §4.1) in the form paho
// wants it. It outlives the paho clients. Messages from the broker are not
// kept: the broker sends them again.
type store struct {
	mu  sync.Mutex
	seq uint64
	out map[string]entry
	// delivered holds the identifiers of QoS 2 messages handed to the sink
	// whose PUBREL is still to come [MQTT-4.3.3-2].
	delivered map[uint16]struct{}
	// resumed holds the keys of the PUBREL packets that a reconnect sends
	// again. paho does not reserve their identifiers. settled closes when the
	// last one is answered.
	resumed map[string]struct{}
	settled chan struct{}
}

type entry struct {
	seq    uint64
	packet packets.ControlPacket
	at     time.Time // when it was first put
}

func newStore() *store {
	s := &store{settled: make(chan struct{})}
	s.Reset()
	close(s.settled)
	return s
}

// Open does nothing: the store is always open.
func (s *store) Open() {}

// Close does nothing: the next connection goes on with the state.
func (s *store) Close() {}

// Put keeps a packet that awaits an answer.
func (s *store) Put(key string, m packets.ControlPacket) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if strings.HasPrefix(key, inbound) {
		if rel, ok := m.(*packets.PubrelPacket); ok {
			delete(s.delivered, rel.MessageID)
		}
		return
	}
	s.seq++
	s.out[key] = entry{s.seq, m, time.Now()}
}

// release puts the PUBREL that answers a PUBREC in the place of its PUBLISH,
// which must not be sent again from then on [MQTT-4.3.3-1]. paho does not do
// so itself.
func (s *store) release(id uint16) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := fmt.Sprint(outbound, id)
	e, ok := s.out[key]
	if _, publish := e.packet.(*packets.PublishPacket); !ok || !publish {
		return
	}
	rel := packets.NewControlPacket(packets.Pubrel).(*packets.PubrelPacket)
	rel.MessageID = id
	s.seq++
	s.out[key] = entry{s.seq, rel, e.at}
}

// Get returns the packet under key, nil when there is none.
func (s *store) Get(key string) packets.ControlPacket {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.out[key].packet
}

// inFlight counts the messages that are not acknowledged to the end; the store
// holds SUBSCRIBE and UNSUBSCRIBE as well.
func (s *store) inFlight() (f app.InFlight) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range s.out {
		switch p := e.packet.(type) {
		case *packets.PubrelPacket:
			f.Add(&f.PubComp, e.at)
		case *packets.PublishPacket:
			if p.Qos == byte(app.QoS2) {
				f.Add(&f.PubRec, e.at)
			} else {
				f.Add(&f.PubAck, e.at)
			}
		}
	}
	return f
}

// All returns the keys in the order the packets were put, which is the order
// in which a reconnect sends them again [MQTT-4.6.0-1].
func (s *store) All() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	keys := make([]string, 0, len(s.out))
	for k := range s.out {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b string) int { return cmp.Compare(s.out[a].seq, s.out[b].seq) })
	return keys
}

// Del forgets the packet under key.
func (s *store) Del(key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.out, key)
	if _, ok := s.resumed[key]; ok {
		delete(s.resumed, key)
		if len(s.resumed) == 0 {
			close(s.settled)
		}
	}
}

// Reset forgets everything: the session is a new one.
func (s *store) Reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.out = make(map[string]entry)
	s.delivered = make(map[uint16]struct{})
	if len(s.resumed) > 0 {
		close(s.settled)
	}
	s.resumed = nil
}

// resume prepares for the next connection of a kept session.
func (s *store) resume() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.resumed) > 0 {
		close(s.settled)
	}
	s.resumed = make(map[string]struct{})
	for k, e := range s.out {
		if _, ok := e.packet.(*packets.PubrelPacket); ok {
			s.resumed[k] = struct{}{}
		}
	}
	s.settled = make(chan struct{})
	if len(s.resumed) == 0 {
		close(s.settled)
	}
}

// settle waits until no resumed PUBREL can be mistaken for a new packet.
func (s *store) settle(ctx context.Context) error {
	s.mu.Lock()
	ch := s.settled
	s.mu.Unlock()
	select {
	case <-ch:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// first reports whether a QoS 2 message with this identifier is to be
// delivered, and notes that it is. A broker that sends one again says so with
// DUP [MQTT-3.3.1-1]; without it the identifier is a new message's.
func (s *store) first(id uint16, dup bool) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, seen := s.delivered[id]
	s.delivered[id] = struct{}{}
	return !seen || !dup
}

// forgetDelivered drops what the broker's new session cannot know.
func (s *store) forgetDelivered() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.delivered)
}
