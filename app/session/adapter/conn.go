package adapter

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"time"

	"tidings/app"
	"tidings/app/mqtt/tap"
)

// ErrLinkClosed is what a library reads from a link that we closed. The text
// of net.ErrClosed will not do: paho.mqtt.golang takes it for a sign that it
// closed the link itself, and then never ends.
var ErrLinkClosed = errors.New("link closed")

// controlCap bounds a packet other than PUBLISH, in bytes. The largest honest
// one is a SUBACK or a packet with long reason texts.
const controlCap = 1 << 20

// Check judges one whole inbound packet other than PUBLISH before the library
// sees it. An error ends the link.
type Check func(frame []byte) error

// Conn is the link as a library sees it: the tap, through a guard that reads
// whole packets and refuses those that would make the library panic. Reading
// is for one goroutine, as libraries do; the rest is safe for concurrent use.
type Conn struct {
	*tap.Conn
	check Check
	ack   bool // CONNACK came

	frame []byte // a judged packet that the library has not read yet
	body  int    // bytes of a PUBLISH that go through unseen
	head  [5]byte
	buf   []byte
}

// Guard wraps t.
func Guard(t *tap.Conn, check Check) *Conn { return &Conn{Conn: t, check: check} }

// Read is net.Conn's Read.
func (c *Conn) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	if len(c.frame) == 0 && c.body == 0 {
		if err := c.next(); err != nil {
			return 0, closedAs(err)
		}
	}
	if len(c.frame) > 0 {
		n := copy(p, c.frame)
		c.frame = c.frame[n:]
		return n, nil
	}
	n, err := c.Conn.Read(p[:min(len(p), c.body)])
	c.body -= n
	return n, closedAs(err)
}

// next reads the beginning of the next packet, and all of it when it is no
// PUBLISH.
func (c *Conn) next() error {
	if _, err := io.ReadFull(c.Conn, c.head[:2]); err != nil {
		return err
	}
	size, shift, n := int(c.head[1]&0x7f), 7, 2
	for c.head[n-1] >= 0x80 {
		if n == len(c.head) {
			return &tap.MalformedError{Packet: c.head[0] >> 4, Reason: app.ReasonMalformed, Why: "remaining length has more than four bytes [MQTT-1.5.5-1]"}
		}
		if _, err := io.ReadFull(c.Conn, c.head[n:n+1]); err != nil {
			return err
		}
		size |= int(c.head[n]&0x7f) << shift
		shift, n = shift+7, n+1
	}
	if c.head[0]>>4 == TypePublish {
		c.frame, c.body = c.head[:n], size
		return nil
	}
	if size > controlCap {
		return &app.PacketTooLargeError{Size: size, Cap: controlCap}
	}
	if cap(c.buf) < n+size || cap(c.buf) > 64<<10 {
		c.buf = make([]byte, n+size)
	}
	b := c.buf[:n+size]
	copy(b, c.head[:n])
	if _, err := io.ReadFull(c.Conn, b[n:]); err != nil {
		return err
	}
	if err := c.expected(b); err != nil {
		return err
	}
	if err := c.check(b); err != nil {
		return err
	}
	c.frame = b
	return nil
}

// expected refuses packets that a broker never sends. The libraries end the
// link without a word, or take no notice.
func (c *Conn) expected(frame []byte) error {
	switch frame[0] >> 4 {
	case TypeConnect, TypeSubscribe, TypeUnsubscribe: // MQTT 5.0 §2.1.2, table 2-1
		return Malformed(frame, "packet type %d is for clients only (MQTT 5.0 §2.1.2)", frame[0]>>4)
	case TypeConnAck:
		if c.ack {
			return Malformed(frame, "a second CONNACK [MQTT-3.2.0-2]")
		}
		c.ack = true
	}
	return nil
}

// Write is net.Conn's Write.
func (c *Conn) Write(p []byte) (int, error) {
	n, err := c.Conn.Write(p)
	return n, closedAs(err)
}

func closedAs(err error) error {
	if errors.Is(err, net.ErrClosed) {
		return ErrLinkClosed
	}
	return err
}

// SetDeadline does nothing: our contexts bound what may take long, and a
// library's write deadline would cut a large payload on a slow link.
func (c *Conn) SetDeadline(time.Time) error { return nil }

// SetReadDeadline does nothing, see SetDeadline.
func (c *Conn) SetReadDeadline(time.Time) error { return nil }

// SetWriteDeadline does nothing, see SetDeadline.
func (c *Conn) SetWriteDeadline(time.Time) error { return nil }

// Control packet types (MQTT 5.0 §2.1.2) that the adapters look at.
const (
	TypeConnect     = 1
	TypeConnAck     = 2
	TypePublish     = 3
	TypePubAck      = 4
	TypePubRec      = 5
	TypePubRel      = 6
	TypePubComp     = 7
	TypeSubscribe   = 8
	TypeSubAck      = 9
	TypeUnsubscribe = 10
	TypeUnsubAck    = 11
	TypeDisconnect  = 14
	TypeAuth        = 15
)

// Body returns the packet without its fixed header.
func Body(frame []byte) []byte {
	for i := 1; i < len(frame) && i < 5; i++ {
		if frame[i] < 0x80 {
			return frame[i+1:]
		}
	}
	return nil
}

// Verdict refuses a return code of a SUBACK that does not exist: a code is a
// granted QoS or a refusal, of which 3.x has one, 0x80 [MQTT-3.9.3-2].
func Verdict(code byte, v app.Version) error {
	switch {
	case code <= byte(app.QoS2), code == 0x80, code > 0x80 && v == app.V5:
		return nil
	}
	return BadAnswer(TypeSubAck, "there is no return code 0x%02X [MQTT-3.9.3-2]", code)
}

// BadAnswer says that the broker's packet of this type is no answer to what
// was asked.
func BadAnswer(packet byte, why string, args ...any) error {
	return &tap.MalformedError{Packet: packet, Reason: app.ReasonProtocolError, Why: fmt.Sprintf(why, args...)}
}

// PacketID returns the packet identifier at the start of a packet's body.
func PacketID(frame []byte) (uint16, error) {
	b := Body(frame)
	if len(b) < 2 {
		return 0, Malformed(frame, "no packet identifier [MQTT-2.2.1-2]")
	}
	return binary.BigEndian.Uint16(b), nil
}

// Malformed says that the broker broke the rules with frame.
func Malformed(frame []byte, why string, args ...any) error {
	return BadAnswer(frame[0]>>4, why, args...)
}
