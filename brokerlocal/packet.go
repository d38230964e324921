package brokerlocal

import (
	"bytes"
	"strings"
	"time"

	"tidings/app"
)

// maxLevels bounds the levels of a topic, as mosquitto does: the cost of a
// topic grows with its levels, and 64 KiB of slashes are an attack.
const maxLevels = 200

// Packet types (MQTT 5.0 table 2-1).
const (
	typeConnect     = 1
	typePublish     = 3
	typePuback      = 4
	typePubrec      = 5
	typePubrel      = 6
	typePubcomp     = 7
	typeSubscribe   = 8
	typeUnsubscribe = 10
	typePingreq     = 12
	typeDisconnect  = 14
	typeAuth        = 15
)

// packetError says why a peer was cut. why is for the log; answer, when the
// version has words for it, is sent to the peer first.
type packetError struct {
	why    string
	answer []byte
}

// Error returns the reason.
func (e *packetError) Error() string { return e.why }

// connectInfo is what CONNECT settled.
type connectInfo struct {
	version   app.Version
	keepAlive time.Duration
	window    int // Receive Maximum (MQTT 5.0 §3.1.2.11.3); 0: no limit
}

// fault makes a packetError that MQTT 5 peers are told as DISCONNECT with the
// reason code [MQTT-4.13.1-1].
func (f *framer) fault(why string, code app.ReasonCode) *packetError {
	e := &packetError{why: why}
	if f.connected && f.version == app.V5 {
		e.answer = []byte{typeDisconnect << 4, 1, byte(code)}
	}
	return e
}

func (f *framer) malformed(why string) *packetError {
	return f.fault("malformed packet: "+why, app.ReasonMalformed)
}

func (f *framer) violation(why string) *packetError {
	return f.fault("protocol error: "+why, app.ReasonProtocolError)
}

func (f *framer) tooLarge() *packetError {
	return f.fault("oversize packet", app.ReasonPacketTooLarge)
}

// packet checks one packet: first holds its first byte, which may be
// corrected in place, body what follows the fixed header.
func (f *framer) packet(first, body []byte) *packetError {
	kind := first[0] >> 4
	if !f.connected {
		return f.connect(body) // header lets nothing else through
	}
	if kind != typePublish {
		if f.version == app.V31 { // 3.1 marks repeated packets so; the engine knows 3.1.1 only
			first[0] &^= 0x08
		}
		if bad := f.flags(kind, first[0]&0x0F); bad != nil {
			return bad
		}
	}
	c := cursor{b: body}
	switch kind {
	case typePublish:
		return f.publish(first, &c)
	case typePuback, typePubrec, typePubrel, typePubcomp:
		return f.ack(kind, &c)
	case typeSubscribe, typeUnsubscribe:
		return f.subscribe(kind == typeSubscribe, &c)
	case typePingreq:
		return f.ended(&c, "PINGREQ with a body")
	case typeDisconnect:
		return f.disconnect(&c)
	case typeAuth:
		return f.auth(&c)
	}
	return f.violation("a packet that only a broker or a first packet may be") // [MQTT-3.1.0-2]
}

// flags checks the reserved bits of the fixed header [MQTT-2.1.3-1].
func (f *framer) flags(kind, got byte) *packetError {
	var want byte
	if kind == typePubrel || kind == typeSubscribe || kind == typeUnsubscribe {
		want = 2
	}
	if got != want {
		return f.malformed("reserved bits of the fixed header")
	}
	return nil
}

// ended wants the cursor at the end, with nothing amiss before.
func (f *framer) ended(c *cursor, why string) *packetError {
	if c.bad || len(c.b) > 0 {
		return f.malformed(why)
	}
	return nil
}

func (f *framer) publish(first []byte, c *cursor) *packetError {
	qos := first[0] >> 1 & 3
	if qos == 3 {
		return f.malformed("PUBLISH with QoS 3") // [MQTT-3.3.1-4]
	}
	if qos == 0 && first[0]&0x08 != 0 {
		return f.malformed("PUBLISH with QoS 0 and DUP") // [MQTT-3.3.1-2]
	}
	topic := c.text()
	if qos > 0 && c.u16() == 0 {
		return f.malformed("PUBLISH without packet identifier") // [MQTT-2.2.1-3]
	}
	alias := false
	if f.version == app.V5 {
		alias = c.properties().alias
	}
	if c.bad || !validTopic(topic, alias) {
		return f.malformed("PUBLISH")
	}
	return nil
}

// ack checks an acknowledgement and notes which delivery it ends: PUBACK and
// PUBCOMP always, PUBREC when it is a refusal (MQTT 5.0 §4.9).
func (f *framer) ack(kind byte, c *cursor) *packetError {
	id := c.u16()
	var reason app.ReasonCode
	if f.version == app.V5 && len(c.b) > 0 {
		reason = app.ReasonCode(c.u8())
		if len(c.b) > 0 {
			c.properties()
		}
	}
	if id == 0 {
		c.bad = true
	}
	if f.window > 0 && (kind == typePuback || kind == typePubcomp || (kind == typePubrec && reason.IsError())) {
		f.acked = append(f.acked, id)
	}
	return f.ended(c, "acknowledgement")
}

// subscribe checks SUBSCRIBE and UNSUBSCRIBE. Filters that are well formed
// but not allowed are the engine's to refuse, one by one.
func (f *framer) subscribe(options bool, c *cursor) *packetError {
	if c.u16() == 0 {
		c.bad = true
	}
	if f.version == app.V5 {
		c.properties()
	}
	if !c.bad && len(c.b) == 0 {
		return f.violation("SUBSCRIBE or UNSUBSCRIBE without a filter") // [MQTT-3.8.3-2]
	}
	for !c.bad && len(c.b) > 0 {
		filter := c.text()
		if bytes.Count(filter, []byte{'/'}) >= maxLevels {
			return f.malformed("a filter with too many levels")
		}
		if options {
			if o := c.u8(); o&3 == 3 || o&0xC0 != 0 || (f.version != app.V5 && o > 2) || o&0x30 == 0x30 {
				c.bad = true
			}
		}
	}
	return f.ended(c, "SUBSCRIBE or UNSUBSCRIBE")
}

func (f *framer) disconnect(c *cursor) *packetError {
	if f.version == app.V5 && len(c.b) > 0 {
		c.u8()
		if len(c.b) > 0 {
			c.properties()
		}
	}
	if bad := f.ended(c, "DISCONNECT"); bad != nil {
		return bad
	}
	f.goodbye = true
	return nil
}

func (f *framer) auth(c *cursor) *packetError {
	if f.version != app.V5 {
		return f.violation("AUTH before MQTT 5")
	}
	// No extended authentication was begun [MQTT-4.12.0-1].
	return f.violation("AUTH without an authentication method")
}

// validTopic reports whether a PUBLISH may carry the topic name.
func validTopic(topic []byte, alias bool) bool {
	return (len(topic) > 0 || alias) && !bytes.ContainsAny(topic, "+#") &&
		bytes.Count(topic, []byte{'/'}) < maxLevels
}

// validFilter reports whether a topic filter is one (MQTT 5.0 §4.7.1, §4.8.2).
func validFilter(filter string) bool {
	if rest, shared := strings.CutPrefix(filter, "$share/"); shared {
		name, inner, ok := strings.Cut(rest, "/")
		if !ok || name == "" || strings.ContainsAny(name, "+#") {
			return false // [MQTT-4.8.2-1] [MQTT-4.8.2-2]
		}
		filter = inner
	}
	if filter == "" {
		return false // [MQTT-4.7.3-1]
	}
	levels := strings.Split(filter, "/")
	for i, l := range levels {
		if strings.Contains(l, "#") && (l != "#" || i != len(levels)-1) {
			return false // [MQTT-4.7.1-1]
		}
		if strings.Contains(l, "+") && l != "+" {
			return false // [MQTT-4.7.1-2]
		}
	}
	return true
}
