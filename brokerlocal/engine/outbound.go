package engine

import (
	"strings"
	"sync"
	"sync/atomic"

	"tidings/app"
	"tidings/brokerlocal/engine/message"
)

// outbound bounds what waits in a link, and keeps the topic aliases we set.
type outbound struct {
	// granted is how many bytes may wait in the link. Up to ration they may
	// without asking; more is taken from the budget of all clients together,
	// and given back when the link has run low.
	granted atomic.Int64

	mu      sync.Mutex        // comes after client.mu, before the link's own
	aliases map[string]uint16 // topic → alias
	frame   []byte            // scratch, under client.mu
}

// ration is the step in which a link's share of the budget grows, in bytes.
const ration = 1 << 20

// grow raises the share of a link that is at its end. false says that the
// client's own cap or that of all clients is reached.
func (o *outbound) grow(e *Engine) bool {
	granted := o.granted.Load()
	if granted+1 > int64(e.cfg.Limits.QueueBytes) {
		return false
	}
	step := min(ration, int64(e.cfg.Limits.QueueBytes)-granted)
	if !e.budget(step) {
		return false
	}
	if !o.granted.CompareAndSwap(granted, granted+step) {
		e.budget(-step) // somebody else was faster
	}
	return true
}

// low gives back what a link no longer needs.
func (o *outbound) low(e *Engine) {
	first := o.first(e)
	if granted := o.granted.Swap(first); granted > first {
		e.budget(first - granted)
	}
}

func (o *outbound) first(e *Engine) int64 {
	return min(ration, int64(e.cfg.Limits.QueueBytes))
}

// alias gives the topic of a message its alias, or a new one as long as the
// client takes more (MQTT 5.0 §3.3.2.3.4); fresh says that it is new, and so
// the topic has to stand beside it. The caller holds mu until the packet is
// appended.
func (o *outbound) alias(c *connection, m *message.Message, h *message.Head) (fresh bool) {
	if c.version != app.V5 || c.terms.aliases == 0 {
		return false
	}
	plain := *h
	h.Alias, h.OmitTopic = o.aliases[m.Topic], true
	if h.Alias == 0 {
		h.Alias, h.OmitTopic, fresh = uint16(len(o.aliases)+1), false, true
	}
	if h.Alias > c.terms.aliases || m.PacketSize(c.version, *h) > c.terms.packet {
		*h = plain
		return false
	}
	if fresh {
		if o.aliases == nil {
			o.aliases = make(map[string]uint16)
		}
		o.aliases[strings.Clone(m.Topic)] = h.Alias
	}
	return fresh
}
