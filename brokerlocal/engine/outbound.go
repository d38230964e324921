package engine

import (
	"strings"
	"sync"

	"tidings/app"
	"tidings/brokerlocal/engine/message"
)

// outbound is what writing to a link needs beside the link.
type outbound struct {
	mu    sync.Mutex        // comes after client.mu, before the link's own
	named map[string]uint16 // topics that have an alias
	frame []byte            // scratch, under client.mu
}

// QoS 0 messages wait in the link and nowhere else. As many bytes as
// connection.granted says may; up to a ration they do without asking, more is
// taken from the budget of all clients together, and given back when the link
// has run low.

// step is by how much the grant of a link grows, in bytes.
const step = 1 << 20

// ration is what every link is granted: as little as Low is called for, which
// gives back what was granted beyond.
func (c *connection) ration() int64 {
	return min(lowWater, int64(c.engine.cfg.Limits.QueueBytes))
}

// grow raises the grant of a link that is at its end. false says that the
// client's own cap or that of all clients is reached.
func (c *connection) grow() bool {
	granted := c.granted.Load()
	more := min(step, int64(c.engine.cfg.Limits.QueueBytes)-granted)
	if more <= 0 || !c.engine.grant(more) {
		return false
	}
	if !c.granted.CompareAndSwap(granted, granted+more) {
		c.engine.regain(more) // somebody else was faster
	}
	return true
}

// giveBack returns what a link no longer needs.
func (c *connection) giveBack() {
	ration := c.ration()
	if granted := c.granted.Swap(ration); granted > ration {
		c.engine.regain(granted - ration)
	}
}

// alias gives the topic of a message its alias, or a new one as long as the
// client takes more (MQTT 5.0 §3.3.2.3.4); fresh says that it is new, and so
// the topic has to stand beside it. The caller holds mu until the packet is
// appended.
func (o *outbound) alias(c *connection, m *message.Message, h *message.Head) (fresh bool) {
	if c.version != app.V5 || c.aliases == 0 {
		return false
	}
	plain := *h
	h.Alias, h.OmitTopic = o.named[m.Topic], true
	if h.Alias == 0 {
		h.Alias, h.OmitTopic, fresh = uint16(len(o.named)+1), false, true
	}
	if h.Alias > c.aliases || m.PacketSize(c.version, *h) > c.limit {
		*h = plain
		return false
	}
	if fresh {
		if o.named == nil {
			o.named = make(map[string]uint16)
		}
		o.named[strings.Clone(m.Topic)] = h.Alias
	}
	return fresh
}
