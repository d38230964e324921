package enginetest

import (
	"io"
	"slices"

	"tidings/app"
	"tidings/app/mqtt/wire"
)

// Next returns the next packet, which has to be a P.
func Next[P wire.Packet](c *Client) P {
	c.tb.Helper()
	p := c.next()
	want, ok := p.(P)
	if !ok {
		c.fail("want %s, got %s", want.Type(), p.Type())
	}
	return want
}

// Await returns the next P. What comes before stays for later, in its order.
func Await[P wire.Packet](c *Client) P {
	c.tb.Helper()
	for i, p := range c.held {
		if want, ok := p.(P); ok {
			c.held = slices.Delete(c.held, i, i+1)
			return want
		}
	}
	for {
		p := c.read()
		if want, ok := p.(P); ok {
			return want
		}
		c.held = append(c.held, p)
	}
}

func (c *Client) next() wire.Packet {
	c.tb.Helper()
	if len(c.held) > 0 {
		p := c.held[0]
		c.held = c.held[1:]
		return p
	}
	return c.read()
}

func (c *Client) read() wire.Packet {
	c.tb.Helper()
	p, err := c.Read()
	if err != nil {
		c.fail("no packet: %v", err)
	}
	return p
}

// Fence returns when the broker has handled everything this client sent, and
// everything it had to say to it by then has been read (and stays for Next).
func (c *Client) Fence() {
	c.tb.Helper()
	c.Send(&wire.PingReq{})
	Await[*wire.PingResp](c)
}

// Quiet fails when the broker has said anything that was not read yet.
func (c *Client) Quiet() {
	c.tb.Helper()
	c.Fence()
	if len(c.held) > 0 {
		c.fail("want nothing, got %d packets, first %s", len(c.held), c.held[0].Type())
	}
}

// Waiting returns how many packets were read while others were awaited.
func (c *Client) Waiting() int { return len(c.held) }

// Refused expects a CONNACK with the reason, or on MQTT 3.x with the return
// code that means the same, and then the end of the connection.
func (c *Client) Refused(reason app.ReasonCode) *wire.ConnAck {
	c.tb.Helper()
	ack := Next[*wire.ConnAck](c)
	if c.Version != app.V5 {
		reason = app.ConnectReturn3(wire.ReturnCode3(reason))
	}
	if ack.Reason != reason {
		c.fail("want CONNACK %s, got %s", reason, ack.Reason)
	}
	c.Gone()
	return ack
}

// Closed expects the end of the connection, and before it on MQTT 5 a
// DISCONNECT with the reason. What else came before is left unread.
func (c *Client) Closed(reason app.ReasonCode) *wire.Disconnect {
	c.tb.Helper()
	if c.Version != app.V5 {
		c.ends()
		return nil
	}
	d := Await[*wire.Disconnect](c)
	if d.Reason != reason {
		c.fail("want DISCONNECT %s, got %s", reason, d.Reason)
	}
	c.Gone()
	return d
}

// Gone expects the end of the connection and nothing before it.
func (c *Client) Gone() {
	c.tb.Helper()
	if p, err := c.Read(); err != io.EOF {
		if p != nil {
			c.fail("want the end of the connection, got %s", p.Type())
		}
		c.fail("want the end of the connection, got %v", err)
	}
	c.Drop()
}

// ends expects the end of the connection at a packet's border.
func (c *Client) ends() {
	c.tb.Helper()
	for {
		p, err := c.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			c.fail("want the end of the connection, got %v", err)
		}
		c.held = append(c.held, p)
	}
	c.Drop()
}
