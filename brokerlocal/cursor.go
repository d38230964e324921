package brokerlocal

import (
	"bytes"
	"encoding/binary"
	"unicode/utf8"
)

// cursor reads the fields of a packet's body. The first field that does not
// fit sets bad and empties it; every later read gives zero.
type cursor struct {
	b   []byte
	bad bool
}

func (c *cursor) next(n int) []byte {
	if n > len(c.b) {
		c.bad, c.b = true, nil
		return nil
	}
	p := c.b[:n]
	c.b = c.b[n:]
	return p
}

func (c *cursor) u8() byte {
	if p := c.next(1); p != nil {
		return p[0]
	}
	return 0
}

func (c *cursor) u16() uint16 {
	if p := c.next(2); p != nil {
		return binary.BigEndian.Uint16(p)
	}
	return 0
}

// bytes reads binary data (MQTT 5.0 §1.5.6).
func (c *cursor) bytes() []byte { return c.next(int(c.u16())) }

// text reads a UTF-8 string (MQTT 5.0 §1.5.4).
func (c *cursor) text() []byte {
	p := c.bytes()
	if !utf8.Valid(p) || bytes.IndexByte(p, 0) >= 0 { // [MQTT-1.5.4-1] [MQTT-1.5.4-2]
		c.bad = true
	}
	return p
}

// varint reads a variable byte integer (MQTT 5.0 §1.5.5).
func (c *cursor) varint() int {
	n := 0
	for shift := 0; shift < 28; shift += 7 {
		b := c.u8()
		n |= int(b&0x7F) << shift
		if b&0x80 == 0 {
			return n
		}
	}
	c.bad = true
	return 0
}

// properties are those of a list that matter here.
type properties struct {
	alias          bool   // a topic alias is present
	receiveMaximum uint16 // 0: not present
}

// properties walks a property list (MQTT 5.0 §2.2.2): every property known,
// every value whole. Which packet may carry which is the engine's business.
func (c *cursor) properties() (out properties) {
	list := cursor{b: c.next(c.varint())}
	for len(list.b) > 0 && !list.bad {
		switch id := list.u8(); id {
		case 0x21: // Receive Maximum, not 0 (MQTT 5.0 §3.1.2.11.3)
			out.receiveMaximum = list.u16()
			list.bad = list.bad || out.receiveMaximum == 0
		case 0x23: // Topic Alias, not 0 [MQTT-3.3.2-8]
			list.bad = list.u16() == 0 // as it is when cut short
			out.alias = true
		case 0x0B: // Subscription Identifier, not 0 [MQTT-3.8.3-6]
			list.bad = list.varint() == 0
		case 0x03, 0x08, 0x12, 0x15, 0x1A, 0x1C, 0x1F:
			list.text()
		case 0x09, 0x16:
			list.bytes()
		case 0x26:
			list.text()
			list.text()
		default:
			n := fixedProperty(id)
			list.next(n)
			list.bad = list.bad || n == 0
		}
	}
	c.bad = c.bad || list.bad
	return out
}

// fixedProperty returns the length of a property's value that is a number;
// 0 for one that does not exist.
func fixedProperty(id byte) int {
	switch id {
	case 0x01, 0x17, 0x19, 0x24, 0x25, 0x28, 0x29, 0x2A:
		return 1
	case 0x13, 0x22:
		return 2
	case 0x02, 0x11, 0x18, 0x27:
		return 4
	}
	return 0
}
