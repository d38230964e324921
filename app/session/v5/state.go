package v5

import (
	"io"
	"sync"

	"github.com/eclipse/paho.golang/packets"
	"github.com/eclipse/paho.golang/paho/session/state"
	"github.com/eclipse/paho.golang/paho/store/memory"
)

// sessionState is paho's session in memory. It keeps one thing apart that paho
// mixes: a PUBREC is answered on a link that may be torn down meanwhile, and
// paho would then write to a nil writer and panic.
type sessionState struct {
	*state.State
	out *outgoing
	mu  sync.Mutex
	up  bool
}

func newState() *sessionState {
	out := newOutgoing()
	return &sessionState{State: state.New(out, memory.New()), out: out}
}

// ConAckReceived begins with a new link and sends again what is in flight.
func (s *sessionState) ConAckReceived(w io.Writer, cp *packets.Connect, ca *packets.Connack) error {
	s.mu.Lock()
	s.up = true
	s.mu.Unlock()
	return s.State.ConAckReceived(w, cp, ca)
}

// ConnectionLost ends the use of the link. paho has closed it by then, or the
// broker has ended it with DISCONNECT.
func (s *sessionState) ConnectionLost(d *packets.Disconnect) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.up = false
	return s.State.ConnectionLost(d)
}

// PacketReceived answers packets with an identifier.
func (s *sessionState) PacketReceived(p *packets.ControlPacket, pub chan<- *packets.Publish) error {
	if _, ok := p.Content.(*packets.Pubrec); !ok {
		return s.State.PacketReceived(p, pub) // a PUBLISH may wait for its handler: no lock
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.up {
		return nil // the broker sends it again
	}
	return s.State.PacketReceived(p, pub)
}
