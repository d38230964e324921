package enginetest

import (
	"tidings/app"
	"tidings/app/mqtt/wire"
)

// PublishMany publishes n packets, window at a time: a batch is one write,
// and the next one waits for its acknowledgements. packet makes the i-th one;
// it may be used again for the next. Packets that are
// no acknowledgement stay for Next.
func (c *Client) PublishMany(n, window int, packet func(i int) *wire.Publish) {
	c.tb.Helper()
	for first := 0; first < n; first += window {
		var b []byte
		var sent [3]int // by QoS
		for i := range min(window, n-first) {
			p := packet(first + i)
			sent[p.QoS]++
			if p.QoS > app.QoS0 && p.ID == 0 {
				p.ID = c.NextID()
			}
			var err error
			if b, err = wire.Append(b, c.Version, p); err != nil {
				c.tb.Fatalf("message %d cannot be sent: %v", first+i, err)
			}
		}
		c.write(b)
		c.finish(sent)
	}
	c.Fence()
}

// finish waits for the acknowledgements of a batch.
func (c *Client) finish(sent [3]int) {
	c.tb.Helper()
	for range sent[app.QoS1] {
		Await[*wire.PubAck](c)
	}
	var b []byte
	for range sent[app.QoS2] {
		rec := Await[*wire.PubRec](c)
		b, _ = wire.Append(b, c.Version, &wire.PubRel{Ack: wire.Ack{ID: rec.ID}})
	}
	c.write(b)
	for range sent[app.QoS2] {
		Await[*wire.PubComp](c)
	}
}

// ReceiveMany reads n PUBLISH packets and hands each to take, which must not
// keep it. Acknowledgements are sent together whenever there is nothing more
// to read at once; those of QoS 2 are complete when it returns.
func (c *Client) ReceiveMany(n int, take func(i int, p *wire.Publish)) {
	c.tb.Helper()
	var acks []byte
	add := func(p wire.Packet) { acks, _ = wire.Append(acks, c.Version, p) }
	for got, open := 0, 0; got < n || open > 0; {
		switch p := c.next().(type) {
		case *wire.Publish:
			take(got, p)
			got++
			switch p.QoS {
			case app.QoS1:
				add(&wire.PubAck{Ack: wire.Ack{ID: p.ID}})
			case app.QoS2:
				open++
				add(&wire.PubRec{Ack: wire.Ack{ID: p.ID}})
			}
		case *wire.PubRel:
			open--
			add(&wire.PubComp{Ack: wire.Ack{ID: p.ID}})
		default:
			c.fail("want PUBLISH %d of %d, got %s", got+1, n, p.Type())
		}
		if len(c.held) == 0 && c.in.Buffered() == 0 && len(acks) > 0 {
			c.write(acks)
			acks = acks[:0]
		}
	}
	if len(acks) > 0 {
		c.write(acks)
	}
}
