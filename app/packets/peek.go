package packets

import (
	"encoding/binary"

	"tidings/app"
	"tidings/app/mqtt/wire"
)

// body returns what follows the fixed header of a packet, as far as it is
// there; the packet may be cut off, or be no packet at all.
func body(frame []byte) []byte {
	h, err := wire.Header(frame)
	if err != nil || h.Length == 0 {
		return nil
	}
	return frame[h.Length:]
}

// text takes a string with its two-byte length off the front of b
// (MQTT 5.0 §1.5.4), as far as it is there.
func text(b []byte) (s, rest []byte) {
	if len(b) < 2 {
		return nil, nil
	}
	n := min(int(binary.BigEndian.Uint16(b)), len(b)-2)
	return b[2 : 2+n], b[2+n:]
}

// packetID returns the packet identifier of a packet, 0 when it has none
// (MQTT 5.0 §2.2.1).
func packetID(frame []byte) uint16 {
	b := body(frame)
	switch t := wire.Type(frame[0] >> 4); t {
	case wire.PUBLISH:
		if frame[0]&0x06 == 0 {
			return 0
		}
		_, b = text(b)
	case wire.PUBACK, wire.PUBREC, wire.PUBREL, wire.PUBCOMP,
		wire.SUBSCRIBE, wire.SUBACK, wire.UNSUBSCRIBE, wire.UNSUBACK:
	default:
		return 0
	}
	if len(b) < 2 {
		return 0
	}
	return binary.BigEndian.Uint16(b)
}

// publishTopic returns the topic name of a PUBLISH, which aliases frame.
func publishTopic(frame []byte) []byte {
	topic, _ := text(body(frame))
	return topic
}

// connectVersion returns the version that a CONNECT names (MQTT 5.0
// §3.1.2.2), or MQTT 3.1.1 when it names none.
func connectVersion(frame []byte) app.Version {
	_, rest := text(body(frame))
	if len(rest) > 0 {
		switch v := app.Version(rest[0] &^ 0x80); v { // the high bit marks a bridge
		case app.V31, app.V311, app.V5:
			return v
		}
	}
	return app.V311
}
