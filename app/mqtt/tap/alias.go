package tap

import (
	"strings"

	"tidings/app"
)

// maxAliasBytes bounds the names behind all aliases of a link, in bytes: the
// standard's bound would be 4 GiB.
const maxAliasBytes = 8 << 20

// reasonQuota is Quota exceeded (MQTT 5.0 table 2-6).
const reasonQuota app.ReasonCode = 0x97

// aliases are the topic aliases that the broker has set on this link
// (MQTT 5.0 §3.3.2.3.4). QoS 0 goes past the library and shares them with the
// rest, so the library cannot keep them. A nil *aliases allows none.
type aliases struct {
	max   uint16
	names map[uint16]string
	bytes int
}

func newAliases(limit uint16) *aliases {
	if limit == 0 {
		return nil
	}
	return &aliases{max: limit, names: make(map[uint16]string)}
}

func (a *aliases) limit() uint16 {
	if a == nil {
		return 0
	}
	return a.max
}

// resolve gives m the name behind its alias, or remembers the one it has.
func (a *aliases) resolve(m *app.Message, alias uint16) error {
	switch {
	case m.Topic == "" && alias == 0:
		return protocolError(typePublish, "neither topic name nor topic alias (MQTT 5.0 §3.3.2.1)")
	case alias == 0:
		return nil
	case m.Topic == "":
		name, known := a.names[alias]
		if !known {
			return protocolError(typePublish, "a topic alias that was never set (MQTT 5.0 §3.3.2.3.4)")
		}
		m.Topic = name
		return nil
	}
	old := a.names[alias]
	if old == m.Topic {
		return nil
	}
	if a.bytes += len(m.Topic) - len(old); a.bytes > maxAliasBytes {
		return &MalformedError{Packet: typePublish, Reason: reasonQuota, Why: "the names behind topic aliases take too much memory"}
	}
	a.names[alias] = strings.Clone(m.Topic) // it aliases the read buffer
	return nil
}

// named returns a PUBLISH that has only an alias, with its name put in: body
// is what follows the fixed header, and begins with the empty name.
func named(first byte, body []byte, name string) ([]byte, error) {
	n := len(body) + len(name)
	if n > maxRemaining {
		return nil, &app.PacketTooLargeError{Size: n, Cap: maxRemaining}
	}
	b := append(make([]byte, 0, n+5), first)
	for v := n; ; {
		c := byte(v & 0x7f)
		if v >>= 7; v > 0 {
			c |= 0x80
		}
		b = append(b, c)
		if v == 0 {
			break
		}
	}
	b = append(b, byte(len(name)>>8), byte(len(name)))
	b = append(b, name...)
	return append(b, body[2:]...), nil
}

// maxRemaining is the largest remaining length (MQTT 5.0 §1.5.5).
const maxRemaining = 268_435_455
