package tap

import (
	"unicode/utf8"
	"unsafe"

	"tidings/app"
)

// Flags of a PUBLISH in its first byte (MQTT 5.0 §3.3.1).
const (
	retainBit = 0x01
	qosBits   = 0x06
	dupBit    = 0x08
)

// decodePublish reads the PUBLISH whose first byte is first and whose
// variable header and payload are b. Topic and Payload alias b. Properties
// are checked always, and kept (as a copy) when props asks for them. The topic
// of a PUBLISH that has only an alias comes from known; nil knows none.
func decodePublish(m *app.Message, v app.Version, first byte, b []byte, props bool, known *aliases) error {
	if err := decodeFlags(m, first); err != nil {
		return err
	}
	if len(b) < 2 {
		return errShort
	}
	n := int(b[0])<<8 | int(b[1])
	b = b[2:]
	if len(b) < n {
		return errShort
	}
	topic := b[:n:n]
	b = b[n:]
	if n == 0 && (v < app.V5 || known == nil) {
		// Only a topic alias may stand for the name, and this client allows
		// the broker none [MQTT-3.1.2-27] [MQTT-4.7.3-1].
		return malformed(typePublish, "empty topic name [MQTT-4.7.3-1]")
	}
	if why := badTopic(topic); why != "" {
		return malformed(typePublish, why)
	}
	m.Topic = unsafe.String(unsafe.SliceData(topic), n) //nolint:gosec // G103: aliases b, as app.Message allows
	if m.QoS > 0 {
		if len(b) < 2 {
			return errShort
		}
		if b[0]|b[1] == 0 {
			return malformed(typePublish, "packet identifier 0 [MQTT-2.2.1-4]")
		}
		b = b[2:]
	}
	if v >= app.V5 {
		var alias uint16
		var err error
		if b, alias, err = m5(m, b, props, known); err == nil {
			err = known.resolve(m, alias)
		}
		if err != nil {
			return err
		}
	}
	m.Payload = b
	return nil
}

// decodeFlags reads the first byte (MQTT 5.0 §3.3.1).
func decodeFlags(m *app.Message, first byte) error {
	m.QoS = app.QoS(first & qosBits >> 1)
	m.Retained = first&retainBit != 0
	m.Dup = first&dupBit != 0
	switch {
	case !m.QoS.Valid():
		return malformed(typePublish, "QoS 3 [MQTT-3.3.1-4]")
	case m.Dup && m.QoS == 0:
		return malformed(typePublish, "DUP with QoS 0 [MQTT-3.3.1-2]")
	}
	return nil
}

// badTopic says what is wrong with a topic name that is not empty.
func badTopic(t []byte) string {
	var high byte
	for _, c := range t {
		high |= c
		switch c {
		case '#', '+':
			return "wildcard in a topic name [MQTT-3.3.2-2]"
		case 0:
			return "NUL in a topic name [MQTT-4.7.3-2]"
		}
	}
	if high >= utf8.RuneSelf && !utf8.Valid(t) {
		return "topic name is not UTF-8 [MQTT-1.5.4-1]"
	}
	return ""
}

// m5 reads the property block at the start of b and returns what follows, and
// the topic alias, 0 without one.
func m5(m *app.Message, b []byte, keep bool, known *aliases) ([]byte, uint16, error) {
	n, head, err := uvarint(b)
	switch {
	case err != nil:
		return nil, 0, malformed(typePublish, "property length: "+err.Error())
	case head == 0 || len(b)-head < n:
		return nil, 0, errShort
	}
	block, rest := b[head:head+n], b[head+n:]
	if n == 0 {
		return rest, 0, nil
	}
	if keep {
		m.Properties = new(app.Properties)
	}
	alias, err := decodeProperties(m.Properties, block, known.limit())
	return rest, alias, err
}
