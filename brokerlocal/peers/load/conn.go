package load

import (
	"context"
	"encoding/binary"
	"fmt"
	"net"
	"time"

	"tidings/app"
	"tidings/app/mqtt/wire"
)

var pingReq = []byte{0xC0, 0}

const (
	readBuffer = 256 << 10 // of a connection that carries traffic
	answerTime = 30 * time.Second
)

// conn is one connection after its CONNACK. It is for one goroutine that
// reads and one that writes.
type conn struct {
	net.Conn
	buf        []byte
	start, end int // of what has been read and not handed out
}

// options say what a connection is like. The zero value: a new session under
// a name the broker gives, a large buffer.
type options struct {
	id     string // with one, the session outlives the connection
	buffer int    // bytes of the read buffer, 0: readBuffer
	local  net.Addr
}

// dial connects and waits for the CONNACK.
func dial(ctx context.Context, addr string, o options) (*conn, error) {
	d := net.Dialer{Timeout: answerTime, KeepAlive: -1, LocalAddr: o.local}
	nc, err := d.DialContext(ctx, "tcp", addr)
	if err != nil {
		return nil, err
	}
	if o.buffer == 0 {
		o.buffer = readBuffer
	}
	c := &conn{Conn: nc, buf: make([]byte, o.buffer)}
	if err := c.handshake(o); err != nil {
		_ = nc.Close()
		return nil, err
	}
	return c, nil
}

func (c *conn) handshake(o options) error {
	frame, err := wire.Append(nil, app.V311, &wire.Connect{Version: app.V311, Clean: o.id == "", ClientID: o.id})
	if err != nil {
		return err
	}
	body, err := c.ask(frame, connAck)
	if err != nil {
		return err
	}
	if len(body) != 2 || body[1] != 0 {
		return fmt.Errorf("CONNACK % x", body)
	}
	return nil
}

// ask sends a packet, unless it is empty, and returns the body of the answer, which is the next
// packet of the type of first.
func (c *conn) ask(frame []byte, first byte) ([]byte, error) {
	if err := c.SetDeadline(time.Now().Add(answerTime)); err != nil {
		return nil, err
	}
	if len(frame) > 0 {
		if _, err := c.Write(frame); err != nil {
			return nil, err
		}
	}
	for {
		got, body, rest := split(c.buf[c.start:c.end])
		if rest == nil {
			if err := c.fill(len(c.buf)); err != nil {
				return nil, err
			}
			continue
		}
		c.start = c.end - len(rest)
		if got&kind == first&kind {
			return body, c.SetDeadline(time.Time{})
		}
	}
}

// subscribe waits for the SUBACK of one filter, and no longer: what comes
// behind it stays for the reader.
func (c *conn) subscribe(filter string, qos app.QoS) error {
	frame, err := wire.Append(nil, app.V311, &wire.Subscribe{ID: 1, Filters: []app.Subscription{{Filter: filter, QoS: qos}}})
	if err != nil {
		return err
	}
	body, err := c.ask(frame, subAck)
	if err != nil {
		return err
	}
	if len(body) != 3 || binary.BigEndian.Uint16(body) != 1 || body[2] > 2 {
		return fmt.Errorf("SUBACK % x", body)
	}
	return nil
}

// ping returns when the broker has read everything sent before.
func (c *conn) ping() error {
	_, err := c.ask(pingReq, pingResp)
	return err
}

// pong waits for the answer to a PINGREQ sent before.
func (c *conn) pong() error {
	_, err := c.ask(nil, pingResp)
	return err
}

// disconnect says goodbye and closes.
func (c *conn) disconnect() {
	_, _ = c.Write([]byte{0xE0, 0})
	_ = c.Close()
}

// fill reads once, at most limit bytes.
func (c *conn) fill(limit int) error {
	if c.start == c.end {
		c.start, c.end = 0, 0
	} else if c.end == len(c.buf) {
		if c.start == 0 {
			return errFrame // larger than the buffer, or no packet at all
		}
		c.end = copy(c.buf, c.buf[c.start:c.end])
		c.start = 0
	}
	n, err := c.Read(c.buf[c.end:min(len(c.buf), c.end+limit)])
	c.end += n
	if n > 0 {
		return nil
	}
	return err
}

// each calls see for every whole packet there is; when there is none it first
// reads once, at most limit bytes.
func (c *conn) each(limit int, see func(first byte, body []byte) error) error {
	if _, _, rest := split(c.buf[c.start:c.end]); rest == nil {
		if err := c.fill(limit); err != nil {
			return err
		}
	}
	for {
		first, body, rest := split(c.buf[c.start:c.end])
		if rest == nil {
			return nil
		}
		c.start = c.end - len(rest)
		if err := see(first, body); err != nil {
			return err
		}
	}
}
