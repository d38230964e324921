package message

import (
	"encoding/binary"
	"errors"

	"tidings/app"
)

// ErrDamaged says that bytes are no message as AppendBinary writes it.
var ErrDamaged = errors.New("message: not the form in which a message is stored")

const (
	form       = 1  // of the bytes below, the first of them
	fixedBytes = 14 // form, QoS, retain, format, expires, length of the publisher's name
)

// AppendBinary appends m, whole, to dst in the form in which it is stored.
// Number and Refs are not part of it. The error is always nil.
func (m *Message) AppendBinary(dst []byte) ([]byte, error) {
	retain := byte(0)
	if m.Retain {
		retain = 1
	}
	dst = append(dst, form, byte(m.QoS), retain, m.format)
	dst = binary.BigEndian.AppendUint64(dst, uint64(m.Expires))
	dst = appendText(dst, m.Publisher)
	dst = appendText(dst, m.Topic)
	dst = binary.BigEndian.AppendUint32(dst, uint32(len(m.props)))
	dst = append(dst, m.props...)
	return append(dst, m.Payload...), nil
}

// Decode returns the message that AppendBinary wrote. It copies what it needs
// of b. The error is ErrDamaged.
func Decode(b []byte) (*Message, error) {
	if len(b) < fixedBytes || b[0] != form || b[1] > byte(app.QoS2) || b[2] > 1 || b[3] > 2 {
		return nil, ErrDamaged
	}
	m := &Message{
		QoS: app.QoS(b[1]), Retain: b[2] == 1, format: b[3],
		Expires: int64(binary.BigEndian.Uint64(b[4:])),
	}
	publisher, rest, ok := cutText(text(b[12:]))
	topic, rest, ok2 := cutText(rest)
	if !ok || !ok2 || len(rest) < 4 {
		return nil, ErrDamaged
	}
	size := int(binary.BigEndian.Uint32([]byte(rest[:4])))
	if rest = rest[4:]; size > len(rest) {
		return nil, ErrDamaged
	}
	if _, ok := parseForwarded(rest[:size]); !ok {
		return nil, ErrDamaged
	}
	own := make([]byte, 0, len(topic)+len(rest)+len(publisher))
	own = append(own, topic...)
	own = append(own, rest...)
	m.lay(own, len(topic), size)
	m.Publisher = text(append(own, publisher...)[len(own):])
	return m, nil
}
