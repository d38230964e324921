package store

import (
	"encoding/binary"
	"time"

	"tidings/app"
)

// A record is: receive time (8 bytes, unix ns), offset of its topic in the
// chunk (4), flags (1), payload length (uvarint), payload, and properties when
// the flag says so.
const recordFixed = 8 + 4 + 1

const (
	flagQoS      = 0b0011
	flagRetained = 0b0100
	flagDup      = 0b1000
	flagProps    = 0b1_0000
)

// record is a decoded record; its slices alias the chunk.
type record struct {
	received int64
	topic    []byte
	flags    byte
	payload  []byte
	props    []byte // starts with the properties, ends anywhere after them
}

// recordSize returns the bytes that m takes in a chunk, index included, topic
// not included.
func recordSize(m *app.Message) int {
	return recordFixed + uvarintLen(uint64(len(m.Payload))) + len(m.Payload) + propsLen(m.Properties) + indexEntry
}

// putRecord writes m with the topic at topicOff. The chunk has room.
func (c *chunk) putRecord(m *app.Message, topicOff int) {
	c.addRecord(c.end)
	b := c.mem[c.end:c.end]
	b = binary.LittleEndian.AppendUint64(b, uint64(unixNano(m.Received)))
	b = binary.LittleEndian.AppendUint32(b, uint32(topicOff))
	b = append(b, flagsOf(m))
	b = binary.AppendUvarint(b, uint64(len(m.Payload)))
	b = append(b, m.Payload...)
	if m.Properties != nil {
		b = appendProps(b, m.Properties)
	}
	c.end += len(b)
	c.payload += int64(len(m.Payload))
}

// putTopic writes a topic and returns its offset. The chunk has room.
func (c *chunk) putTopic(topic string) int {
	off := c.end
	b := binary.AppendUvarint(c.mem[off:off], uint64(len(topic)))
	b = append(b, topic...)
	c.end += len(b)
	return off
}

// topicSize returns the bytes that a topic takes in a chunk.
func topicSize(topic string) int { return uvarintLen(uint64(len(topic))) + len(topic) }

// recordAt decodes record i.
func (c *chunk) recordAt(i int) record {
	b := c.mem[c.offset(i):c.end]
	r := record{
		received: int64(binary.LittleEndian.Uint64(b)),
		topic:    c.topicAt(int(binary.LittleEndian.Uint32(b[8:]))),
		flags:    b[12],
	}
	n, w := binary.Uvarint(b[recordFixed:])
	b = b[recordFixed+w:]
	r.payload, r.props = b[:n:n], b[n:]
	return r
}

// message returns a copy of the record.
func (r record) message() app.Message {
	m := app.Message{
		Topic:    string(r.topic),
		Payload:  append([]byte{}, r.payload...),
		QoS:      app.QoS(r.flags & flagQoS),
		Retained: r.flags&flagRetained != 0,
		Dup:      r.flags&flagDup != 0,
	}
	if r.received != 0 {
		m.Received = time.Unix(0, r.received)
	}
	if r.flags&flagProps != 0 {
		m.Properties = readProps(r.props)
	}
	return m
}

func flagsOf(m *app.Message) byte {
	f := byte(m.QoS) & flagQoS
	if m.Retained {
		f |= flagRetained
	}
	if m.Dup {
		f |= flagDup
	}
	if m.Properties != nil {
		f |= flagProps
	}
	return f
}

// unixNano returns t in unix nanoseconds, 0 for the zero time.
func unixNano(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixNano()
}

func uvarintLen(v uint64) int {
	n := 1
	for ; v >= 0x80; v >>= 7 {
		n++
	}
	return n
}
