package message

import (
	"encoding/binary"
	"math"
	"slices"
	"time"

	"tidings/app"
	"tidings/app/mqtt/wire"
)

// Head is what a PUBLISH to one receiver says beside its message. QoS and
// Retain are those of the delivery: the lower QoS of message and
// subscription, and RETAIN as the subscription has it.
type Head struct {
	ID     uint16 // packet identifier, with QoS 0 not sent
	QoS    app.QoS
	Dup    bool
	Retain bool

	// MQTT 5 only:
	SubscriptionIDs []uint32 // of every subscription that matched [MQTT-3.3.4-4]
	Alias           uint16   // topic alias, 0: none
	OmitTopic       bool     // Alias is known to the receiver and stands for the topic
}

// Append appends m as a PUBLISH of version v with its remaining expiry to
// dst. It takes no memory when dst has room. A packet above the protocol's
// largest, which PacketSize tells, is not written at all.
func (m *Message) Append(dst []byte, v app.Version, h Head, now time.Time) []byte {
	props, remaining := m.lengths(v, &h)
	if remaining > wire.MaxRemaining {
		return dst
	}
	dst = slices.Grow(dst, 1+varintLen(remaining)+remaining)
	first := byte(wire.PUBLISH)<<4 | byte(h.QoS)<<1
	if h.Dup {
		first |= 0x08
	}
	if h.Retain {
		first |= 0x01
	}
	dst = appendVarint(append(dst, first), remaining)
	topic := m.Topic
	if v == app.V5 && h.OmitTopic {
		topic = ""
	}
	dst = appendText(dst, topic)
	if h.QoS != app.QoS0 {
		dst = binary.BigEndian.AppendUint16(dst, h.ID)
	}
	if v == app.V5 {
		dst = appendVarint(dst, props)
		if props > 0 {
			dst = m.appendProperties(dst, &h, now)
		}
	}
	return append(dst, m.Payload...)
}

// appendProperties appends the properties in the order of their identifiers.
func (m *Message) appendProperties(dst []byte, h *Head, now time.Time) []byte {
	if m.format > 0 {
		dst = append(dst, byte(wire.PayloadFormat), m.format-1)
	}
	if m.Expires != 0 {
		dst = binary.BigEndian.AppendUint32(append(dst, byte(wire.MessageExpiry)), m.remaining(now))
	}
	single, user := split(m.props)
	dst = append(dst, single...)
	for _, id := range h.SubscriptionIDs {
		dst = appendVarint(append(dst, byte(wire.SubscriptionID)), int(id))
	}
	if h.Alias != 0 {
		dst = binary.BigEndian.AppendUint16(append(dst, byte(wire.TopicAlias)), h.Alias)
	}
	return append(dst, user...)
}

// remaining returns the seconds until expiry [MQTT-3.3.2-6]: a second that
// has begun counts as a whole one, as it did for the publisher.
func (m *Message) remaining(now time.Time) uint32 {
	left := m.Expires - now.UnixNano()
	if left <= 0 {
		return 0
	}
	return uint32(min((left-1)/int64(time.Second)+1, math.MaxUint32))
}

// PacketSize returns the length in bytes of what Append writes, to be held
// against the receiver's Maximum Packet Size. It may say more than
// wire.MaxRemaining+5: such a message cannot be sent.
func (m *Message) PacketSize(v app.Version, h Head) int {
	_, remaining := m.lengths(v, &h)
	return 1 + varintLen(remaining) + remaining
}

// lengths returns the length of the property block without its own length,
// and the Remaining Length.
func (m *Message) lengths(v app.Version, h *Head) (props, remaining int) {
	remaining = 2 + len(m.Topic) + len(m.Payload)
	if h.QoS != app.QoS0 {
		remaining += 2
	}
	if v != app.V5 {
		return 0, remaining
	}
	if h.OmitTopic {
		remaining -= len(m.Topic)
	}
	props = len(m.props)
	if m.format > 0 {
		props += 2
	}
	if m.Expires != 0 {
		props += 5
	}
	for _, id := range h.SubscriptionIDs {
		props += 1 + varintLen(int(id))
	}
	if h.Alias != 0 {
		props += 3
	}
	return props, remaining + varintLen(props) + props
}

// varintLen returns how many bytes n takes as a Variable Byte Integer
// (MQTT 5.0 §1.5.5).
func varintLen(n int) int {
	switch {
	case n < 1<<7:
		return 1
	case n < 1<<14:
		return 2
	case n < 1<<21:
		return 3
	}
	return 4
}

// appendVarint appends n as a Variable Byte Integer.
func appendVarint(dst []byte, n int) []byte {
	for ; n >= 0x80; n >>= 7 {
		dst = append(dst, byte(n)|0x80)
	}
	return append(dst, byte(n))
}
