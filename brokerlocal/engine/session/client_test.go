package session_test

import (
	"tidings/app"
	"tidings/brokerlocal/engine/session"
)

// client is a client by the book: what it got, and what it owes an answer.
type client struct {
	t       fataler
	got     map[string]int // deliveries by payload
	order   map[app.QoS][]string
	refuses func(name string) bool // whether to answer with PUBREC 0x87; what is refused once stays so
	refused map[string]bool

	maximum int               // its Receive Maximum
	open    map[uint16]string // this connection: not yet acknowledged to the end
	second  map[uint16]string // the session: QoS 2, PUBREC sent, waits for PUBREL
}

// ack is a packet from the client.
type ack struct {
	kind string
	id   uint16
	code app.ReasonCode
}

type fataler interface {
	Helper()
	Fatalf(format string, args ...any)
}

func newClient(t fataler) *client {
	return &client{t: t, got: map[string]int{}, order: map[app.QoS][]string{}, second: map[uint16]string{}, refused: map[string]bool{},
		refuses: func(string) bool { return false }}
}

func (c *client) connect(maximum int) {
	c.maximum, c.open = maximum, map[uint16]string{}
}

// receive takes a packet and returns the answer, which counts as sent.
func (c *client) receive(o session.Out) ack {
	c.t.Helper()
	if o.Release {
		delete(c.second, o.ID)
		delete(c.open, o.ID)
		return ack{kind: "PUBCOMP", id: o.ID}
	}
	name := string(o.Message.Payload)
	if other, used := c.open[o.ID]; used {
		c.t.Fatalf("%q came with the identifier %d, in use for %q", name, o.ID, other)
	}
	c.open[o.ID] = name
	if len(c.open) > c.maximum {
		c.t.Fatalf("%d deliveries in flight, the client takes %d", len(c.open), c.maximum)
	}
	if o.QoS == app.QoS1 {
		c.deliver(o, name)
		delete(c.open, o.ID)
		return ack{kind: "PUBACK", id: o.ID}
	}
	if before, known := c.second[o.ID]; known {
		if before != name || !o.Dup {
			c.t.Fatalf("%q came with the identifier of %q, DUP %v", name, before, o.Dup)
		}
		return ack{kind: "PUBREC", id: o.ID}
	}
	if c.refused[name] || c.refuses(name) {
		c.refused[name] = true
		delete(c.open, o.ID)
		return ack{kind: "PUBREC", id: o.ID, code: 0x87}
	}
	c.second[o.ID] = name
	c.deliver(o, name)
	return ack{kind: "PUBREC", id: o.ID}
}

func (c *client) deliver(o session.Out, name string) {
	c.t.Helper()
	c.got[name]++
	if c.got[name] == 1 {
		c.order[o.QoS] = append(c.order[o.QoS], name)
		return
	}
	if o.QoS == app.QoS2 {
		c.t.Fatalf("%q came twice with QoS 2", name)
	}
	if !o.Dup {
		c.t.Fatalf("%q came again without DUP", name)
	}
}
