package message

import (
	"encoding/binary"

	"tidings/app"
	"tidings/app/mqtt/wire"
)

// The properties that are sent on unaltered are kept as the bytes in which
// they are sent, in the order of their identifiers: content type, response
// topic [MQTT-3.3.2-15], correlation data [MQTT-3.3.2-16], then user
// properties [MQTT-3.3.2-17] in the publisher's own order [MQTT-3.3.2-18].
// Subscription identifiers and a topic alias stand between the two parts.
// The Payload Format Indicator [MQTT-3.3.2-4] is a field of Message, and so
// is the expiry, whose rest is sent.

// forwardedSize returns how many bytes appendForwarded appends for p.
func forwardedSize(p *wire.Properties) int {
	n := 0
	if p.Has(wire.ContentType) {
		n += 3 + len(p.ContentType)
	}
	if p.Has(wire.ResponseTopic) {
		n += 3 + len(p.ResponseTopic)
	}
	if p.Has(wire.CorrelationData) {
		n += 3 + len(p.CorrelationData)
	}
	if p.Has(wire.UserProperty) {
		for _, u := range p.User {
			n += 5 + len(u.Name) + len(u.Value)
		}
	}
	return n
}

// appendForwarded appends the bytes to keep for p.
func appendForwarded(dst []byte, p *wire.Properties) []byte {
	if p.Has(wire.ContentType) {
		dst = appendText(append(dst, byte(wire.ContentType)), p.ContentType)
	}
	if p.Has(wire.ResponseTopic) {
		dst = appendText(append(dst, byte(wire.ResponseTopic)), p.ResponseTopic)
	}
	if p.Has(wire.CorrelationData) {
		dst = appendText(append(dst, byte(wire.CorrelationData)), text(p.CorrelationData))
	}
	if p.Has(wire.UserProperty) {
		for _, u := range p.User {
			dst = appendText(append(dst, byte(wire.UserProperty)), u.Name)
			dst = appendText(dst, u.Value)
		}
	}
	return dst
}

// appendText appends a string of MQTT, its length in two bytes ahead.
func appendText(dst []byte, s string) []byte {
	dst = binary.BigEndian.AppendUint16(dst, uint16(len(s)))
	return append(dst, s...)
}

// cutText is the inverse of appendText.
func cutText(b string) (s, rest string, ok bool) {
	if len(b) < 2 {
		return "", b, false
	}
	end := 2 + int(b[0])<<8 + int(b[1])
	if len(b) < end {
		return "", b, false
	}
	return b[2:end], b[end:], true
}

// split returns the part of props ahead of the user properties and the rest.
func split(props string) (single, user string) {
	user = props
	for len(user) > 2 && user[0] != byte(wire.UserProperty) {
		_, user, _ = cutText(user[1:])
	}
	return props[:len(props)-len(user)], user
}

// Properties returns the properties that are sent on, without an expiry,
// subscription identifiers and alias. Strings share m's memory.
func (m *Message) Properties() wire.Properties {
	p, _ := parseForwarded(m.props)
	if m.format > 0 {
		p.Add(wire.PayloadFormat)
		p.PayloadFormat = m.format - 1
	}
	return p
}

// parseForwarded is the inverse of appendForwarded. ok says that props was
// made by it.
func parseForwarded(props string) (p wire.Properties, ok bool) {
	last := wire.PropertyID(0)
	for len(props) > 0 {
		id := wire.PropertyID(props[0])
		s, rest, whole := cutText(props[1:])
		if !whole || id < last || id == last && id != wire.UserProperty {
			return p, false
		}
		switch id {
		case wire.ContentType:
			p.ContentType = s
		case wire.ResponseTopic:
			p.ResponseTopic = s
		case wire.CorrelationData:
			p.CorrelationData = []byte(s)
		case wire.UserProperty:
			u := app.UserProperty{Name: s}
			if u.Value, rest, whole = cutText(rest); !whole {
				return p, false
			}
			p.User = append(p.User, u)
		default:
			return p, false
		}
		p.Add(id)
		last, props = id, rest
	}
	return p, true
}
