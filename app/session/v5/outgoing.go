package v5

import (
	"errors"
	"io"
	"sync"
	"time"

	"github.com/eclipse/paho.golang/packets"
	"github.com/eclipse/paho.golang/paho/store/memory"

	"tidings/app"
)

// outgoing is paho's store of what is in flight, counted: the library itself
// does not tell.
type outgoing struct {
	*memory.Store
	mu     sync.Mutex
	flight map[uint16]flight
}

// flight is one message that is not acknowledged to the end.
type flight struct {
	first byte // of its last packet: type and flags
	at    time.Time
}

func newOutgoing() *outgoing {
	return &outgoing{Store: memory.New(), flight: map[uint16]flight{}}
}

// Put keeps a PUBLISH, or the PUBREL that takes its place [MQTT-4.3.3-4].
func (o *outgoing) Put(id uint16, typ byte, w io.WriterTo) error {
	if err := o.Store.Put(id, typ, w); err != nil {
		return err
	}
	var head [1]byte
	r, err := o.Get(id)
	if err == nil {
		_, err = io.ReadFull(r, head[:])
		err = errors.Join(err, r.Close())
	}
	if err != nil {
		return err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	at := time.Now()
	if before, ok := o.flight[id]; ok {
		at = before.at
	}
	o.flight[id] = flight{head[0], at}
	return nil
}

// Delete forgets a message whose handshake has ended.
func (o *outgoing) Delete(id uint16) error {
	o.mu.Lock()
	delete(o.flight, id)
	o.mu.Unlock()
	return o.Store.Delete(id)
}

// Quarantine forgets a packet that cannot be read.
func (o *outgoing) Quarantine(id uint16) error { return o.Delete(id) }

// Reset forgets everything: the session is a new one.
func (o *outgoing) Reset() error {
	o.mu.Lock()
	clear(o.flight)
	o.mu.Unlock()
	return o.Store.Reset()
}

// count returns what is in flight.
func (o *outgoing) count() (f app.InFlight) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, m := range o.flight {
		switch {
		case m.first>>4 == packets.PUBREL:
			f.Add(&f.PubComp, m.at)
		case app.QoS(m.first>>1&3) == app.QoS2:
			f.Add(&f.PubRec, m.at)
		default:
			f.Add(&f.PubAck, m.at)
		}
	}
	return f
}

// InFlight returns what is not acknowledged to the end, whether or not a link
// is up.
func (c *Client) InFlight() app.InFlight { return c.state.out.count() }
