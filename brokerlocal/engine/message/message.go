package message

import (
	"time"
	"unsafe"

	"tidings/app"
	"tidings/app/mqtt/wire"
)

// Message is an application message. It is immutable and safe for concurrent
// use, Number and Refs excepted. Make one by New, Borrowed.Fill or Decode.
type Message struct {
	Topic     string
	Payload   []byte
	Publisher string // client identifier of who sent it, for No Local and the log
	Expires   int64  // Unix time in nanoseconds from when on it is not delivered; 0: never

	// props are the properties that are sent on, as they are sent (props.go).
	props string

	Number uint64 // its number in the store; for the journal's goroutine alone
	Refs   int32  // how often the batch being stored refers to it; for the journal's goroutine alone

	QoS    app.QoS
	Retain bool

	format byte // Payload Format Indicator + 1; 0: there was none
}

// New returns the message that p carries, as a copy that shares no memory
// with p. Packet identifier, DUP, topic alias and subscription identifiers
// are of the publisher's connection and stay behind; p.Topic must be there
// even if the packet had an alias only. publisher is kept as it is. The time
// until expiry counts from now on; an interval of 0 is over at once.
//
// What p holds must be as wire.Decode gives it.
func New(p *wire.Publish, publisher string, now time.Time) *Message {
	m := start(p, publisher, now)
	props := forwardedSize(&p.Properties)
	b := make([]byte, 0, len(p.Topic)+props+len(p.Payload))
	b = append(b, p.Topic...)
	b = appendForwarded(b, &p.Properties)
	b = append(b, p.Payload...)
	m.lay(b, len(p.Topic), props)
	return &m
}

// start returns what a message has beside its bytes.
func start(p *wire.Publish, publisher string, now time.Time) Message {
	m := Message{Publisher: publisher, QoS: p.QoS, Retain: p.Retain}
	if p.Properties.Has(wire.PayloadFormat) {
		m.format = p.Properties.PayloadFormat + 1
	}
	if p.Properties.Has(wire.MessageExpiry) {
		m.Expires = now.Add(time.Duration(p.Properties.MessageExpiry) * time.Second).UnixNano()
	}
	return m
}

// Borrowed is a Message over memory of somebody else, to be filled again and
// again without taking memory. It is for one goroutine. The zero value is
// ready.
type Borrowed struct {
	m       Message
	scratch []byte
}

// keptScratch is how much memory for properties is kept for the next message.
const keptScratch = 4 << 10

// Fill returns the message that p carries, as New does, but over p's own
// memory: it is good until p's frame or the next Fill. Clone what is kept.
func (b *Borrowed) Fill(p *wire.Publish, publisher string, now time.Time) *Message {
	b.m = start(p, publisher, now)
	b.m.Topic, b.m.Payload = p.Topic, p.Payload
	if p.Properties.Set != 0 {
		if cap(b.scratch) > keptScratch {
			b.scratch = nil
		}
		b.scratch = appendForwarded(b.scratch[:0], &p.Properties)
		b.m.props = text(b.scratch)
	}
	return &b.m
}

// Clone returns a copy that shares no memory with m but the publisher's name.
// Number and Refs are not copied.
func (m *Message) Clone() *Message {
	b := make([]byte, 0, len(m.Topic)+len(m.props)+len(m.Payload))
	b = append(b, m.Topic...)
	b = append(b, m.props...)
	b = append(b, m.Payload...)
	c := *m
	c.Number, c.Refs = 0, 0
	c.lay(b, len(m.Topic), len(m.props))
	return &c
}

// lay makes m refer to b, which holds topic, properties and payload.
func (m *Message) lay(b []byte, topic, props int) {
	m.Topic = text(b[:topic])
	m.props = text(b[topic : topic+props])
	m.Payload = b[topic+props : len(b) : len(b)]
}

// overhead is what a Message takes beside its bytes: the struct, and what the
// two blocks are rounded up by.
const overhead = int(unsafe.Sizeof(Message{})) + 16

// Size returns the memory in bytes that m is accounted with.
func (m *Message) Size() int {
	return overhead + len(m.Topic) + len(m.props) + len(m.Payload)
}

// Expired reports whether m may no longer be delivered (MQTT 5.0 §3.3.2.3.3).
func (m *Message) Expired(now time.Time) bool {
	return m.Expires != 0 && now.UnixNano() >= m.Expires
}

// text returns b as a string without a copy.
func text(b []byte) string {
	return unsafe.String(unsafe.SliceData(b), len(b)) //nolint:gosec // G103: nobody writes to b while the string is in use
}
