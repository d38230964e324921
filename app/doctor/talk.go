package doctor

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"time"

	"tidings/app"
	"tidings/app/mqtt/wire"
	"tidings/app/session/adapter"
)

const (
	// maxFrame bounds a packet that is looked at, in bytes; a larger PUBLISH is
	// passed over, and of other types there is none.
	maxFrame = 256 << 10
	// maxHeard bounds what is read of one connection, in bytes.
	maxHeard = 16 << 20
	// headLength is how much of a stranger's answer is looked at, in bytes.
	headLength = 512
	// restOfGreeting is how long a stranger's first bytes may take once one has
	// come: some say less than tells them apart, and wait.
	restOfGreeting = 500 * time.Millisecond
	// farewell is how long DISCONNECT may take.
	farewell = time.Second
)

// talk is a conversation in MQTT over an open link. It is for one goroutine.
type talk struct {
	c       net.Conn
	r       *bufio.Reader
	version app.Version
	left    int // bytes that may still be read
	heard   bool
	over    bool // the connection has ended
}

func newTalk(c net.Conn, v app.Version) *talk {
	return &talk{c: c, r: bufio.NewReaderSize(c, 4<<10), version: v, left: maxHeard}
}

// strangerError says that the answer to CONNECT is no MQTT.
type strangerError struct {
	saw  Protocol
	head []byte
}

// Error returns the technical text.
func (e *strangerError) Error() string {
	if e.saw == Unknown || e.saw == TLSBytes {
		return fmt.Sprintf("the first bytes are % x, no CONNACK [MQTT-3.2.0-1]", e.head[:min(len(e.head), 16)])
	}
	return fmt.Sprintf("no CONNACK [MQTT-3.2.0-1], but %q", e.head) // cut by whoever has taken secrets out
}

// goodbyeError says that the broker sent DISCONNECT.
type goodbyeError struct {
	reason app.ReasonCode
	text   string
}

// Error returns the technical text.
func (e *goodbyeError) Error() string {
	return fmt.Sprintf("the broker sent DISCONNECT, reason %s %s", e.reason, e.text)
}

// within runs f, which reads or writes, and hangs up when ctx ends. The error
// is then that of ctx.
func (t *talk) within(ctx context.Context, f func() error) error {
	stop := context.AfterFunc(ctx, func() { hangUp(t.c) })
	err := f()
	stopped := stop()
	t.over = t.over || err != nil || !stopped
	if !stopped && ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

// send writes packets.
func (t *talk) send(ctx context.Context, packets ...wire.Packet) error {
	var b []byte
	for _, p := range packets {
		var err error
		if b, err = wire.Append(b, t.version, p); err != nil {
			return err
		}
	}
	return t.within(ctx, func() error {
		_, err := t.c.Write(b)
		return err
	})
}

// next reads the next packet and its bytes. A DISCONNECT is a *goodbyeError,
// and what is no MQTT at the beginning a *strangerError.
func (t *talk) next(ctx context.Context) (p wire.Packet, frame []byte, err error) {
	err = t.within(ctx, func() error {
		frame, err = t.frame()
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	d := wire.Decoder{Version: t.version, From: wire.FromServer}
	p, err = d.Decode(frame)
	if err != nil {
		return nil, frame, adapter.Malformed(frame, "%v", err)
	}
	if bye, ok := p.(*wire.Disconnect); ok {
		return nil, frame, &goodbyeError{bye.Reason, adapter.Said(bye.Properties.ReasonString)}
	}
	return p, frame, nil
}

// frame reads one whole packet.
func (t *talk) frame() ([]byte, error) {
	for {
		if err := t.first(); err != nil {
			return nil, err
		}
		h, err := t.header()
		if err != nil {
			return nil, err
		}
		if t.left -= h.Size(); t.left < 0 {
			return nil, &app.PacketTooLargeError{Size: h.Size(), Cap: maxHeard}
		}
		if h.Size() <= maxFrame {
			return t.take(h.Size())
		}
		if h.Type != wire.PUBLISH {
			return nil, &app.PacketTooLargeError{Size: h.Size(), Cap: maxFrame}
		}
		if _, err := t.r.Discard(h.Size()); err != nil {
			return nil, err
		}
	}
}

// take reads n bytes. Memory grows with those that come.
func (t *talk) take(n int) ([]byte, error) {
	var b []byte
	for len(b) < n {
		part, err := t.r.Peek(min(n-len(b), t.r.Size()))
		b = append(b, part...)
		if _, failed := t.r.Discard(len(part)); err == nil {
			err = failed
		}
		if err != nil {
			return nil, err
		}
	}
	return b, nil
}

// first judges the first byte of the conversation.
func (t *talk) first() error {
	if t.heard {
		return nil
	}
	b, err := t.r.Peek(1)
	if err != nil {
		return err
	}
	t.heard = true
	if Speaks(b) == MQTT {
		return nil
	}
	_ = t.c.SetReadDeadline(time.Now().Add(restOfGreeting)) // nothing is read after it
	_, _ = t.r.Peek(len("HTTP/"))                           // what is there counts, however little
	head, _ := t.r.Peek(min(t.r.Buffered(), headLength))
	return &strangerError{saw: Speaks(head), head: append([]byte(nil), head...)}
}

// header reads ahead as far as a fixed header goes (MQTT 5.0 §2.1.1).
func (t *talk) header() (wire.Head, error) {
	for n := 2; ; n++ {
		b, err := t.r.Peek(n)
		if err != nil {
			return wire.Head{}, err
		}
		h, err := wire.Header(b)
		if err != nil || h.Length > 0 {
			return h, err
		}
	}
}

// close takes its leave, if the broker still takes it, and ends the connection.
func (t *talk) close(ctx context.Context) {
	if !t.over && ctx.Err() == nil {
		limited, cancel := context.WithTimeout(ctx, farewell)
		_ = t.send(limited, &wire.Disconnect{})
		cancel()
	}
	hangUp(t.c)
}

// refusal returns why a CONNACK refuses, nil when it accepts. It may have the
// form of another version: a 3.1.1 broker answers MQTT 5 so.
func (t *talk) refusal(frame []byte) error {
	body := adapter.Body(frame)
	if wire.Type(frame[0]>>4) != wire.CONNACK || len(body) < 2 || body[1] == 0 {
		return nil
	}
	text := ""
	if p, err := wire.Decode(t.version, frame); err == nil {
		if a, ok := p.(*wire.ConnAck); ok {
			text = adapter.Said(a.Properties.ReasonString)
		}
	}
	return adapter.Refused(t.version, body[1], text)
}
