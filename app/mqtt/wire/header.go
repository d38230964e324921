package wire

import "tidings/app"

// MaxRemaining is the largest Remaining Length (MQTT 5.0 §2.1.4): 256 MiB - 1.
const MaxRemaining = 268_435_455

// Head is the fixed header of a packet (MQTT 5.0 §2.1.1).
type Head struct {
	Type      Type
	Flags     byte // the lower four bits of the first byte
	Remaining int  // bytes that follow the header
	Length    int  // bytes of the header itself, 2 to 5; 0: more bytes are needed
}

// Size returns the length of the whole packet in bytes.
func (h Head) Size() int { return h.Length + h.Remaining }

// Header reads the fixed header at the start of b, which may hold less or
// more than a packet. A Head with Length 0 and no error says that b ends
// before the header does. The error is an *Error: a Remaining Length of more
// than four bytes. What the type and its flags are worth is Decode's to say.
func Header(b []byte) (Head, error) {
	if len(b) == 0 {
		return Head{}, nil
	}
	h := Head{Type: Type(b[0] >> 4), Flags: b[0] & 0x0f}
	v, n := uvarint(b[1:])
	if n < 0 {
		return h, newError(ruleVarintLong, app.V5, 1)
	}
	if n > 0 {
		h.Remaining, h.Length = v, 1+n
	}
	return h, nil
}

// uvarint reads a Variable Byte Integer (MQTT 5.0 §1.5.5). n is its length in
// bytes, 0 when b ends too early, -1 when it has more than four bytes.
func uvarint(b []byte) (v, n int) {
	for n < len(b) && n < 4 {
		c := b[n]
		v |= int(c&0x7f) << (7 * n)
		n++
		if c < 0x80 {
			return v, n
		}
	}
	if n == 4 {
		return 0, -1
	}
	return 0, 0
}

// uvarintLen returns how many bytes v takes as a Variable Byte Integer.
func uvarintLen(v int) int {
	n := 1
	for v >= 0x80 {
		v >>= 7
		n++
	}
	return n
}

// Caps are the largest packets that are accepted, whole, in bytes, so that a
// header alone never makes anybody take memory. 0 means no cap but the
// protocol's.
type Caps struct {
	PreConnect int     // while the peer is nobody yet
	Packet     int     // afterwards
	ByType     [16]int // afterwards, for a type that needs less than Packet
}

// DefaultCaps returns the caps of the local broker: 64 KiB before CONNECT,
// 16 MiB after it, and less for what carries no message.
func DefaultCaps() Caps {
	const ack = 128 << 10 // an acknowledgement may carry user properties
	c := Caps{PreConnect: 64 << 10, Packet: 16 << 20}
	for _, t := range []Type{CONNACK, PUBACK, PUBREC, PUBREL, PUBCOMP, DISCONNECT, AUTH} {
		c.ByType[t] = ack
	}
	for _, t := range []Type{SUBSCRIBE, SUBACK, UNSUBSCRIBE, UNSUBACK} {
		c.ByType[t] = 1 << 20
	}
	c.ByType[PINGREQ], c.ByType[PINGRESP] = 64, 64
	return c
}

// Limit returns the cap for a packet of type t in bytes; connected says that
// CONNECT has been accepted.
func (c Caps) Limit(t Type, connected bool) int {
	limit := MaxRemaining + 5
	lower := func(to int) {
		if to > 0 && to < limit {
			limit = to
		}
	}
	if connected {
		lower(c.Packet)
		lower(c.ByType[t&0x0f])
	} else {
		lower(c.PreConnect)
	}
	return limit
}

// Check returns nil when a packet with header h may be read, else an *Error
// with Packet too large (0x95).
func (c Caps) Check(h Head, connected bool) error {
	if h.Size() <= c.Limit(h.Type, connected) {
		return nil
	}
	return newError(ruleTooLarge, app.V5, 1)
}
