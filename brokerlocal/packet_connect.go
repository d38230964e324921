package brokerlocal

import (
	"time"

	"tidings/app"
)

// connect checks CONNECT (MQTT 5.0 §3.1) and keeps what it settles.
func (f *framer) connect(body []byte) *packetError {
	c := cursor{b: body}
	name, level := string(c.bytes()), c.u8()
	if c.bad {
		return f.malformed("CONNECT")
	}
	if bad := f.protocol(name, level); bad != nil {
		return bad
	}
	flags := c.u8()
	keepAlive := time.Duration(c.u16()) * time.Second
	if bad := f.connectFlags(flags); bad != nil {
		return bad
	}
	if f.version == app.V5 {
		f.window = int(c.properties().receiveMaximum)
	}
	c.text() // client identifier
	if flags&0x04 != 0 {
		if f.version == app.V5 {
			c.properties()
		}
		topic := c.text()
		c.bytes()
		if !c.bad && !validTopic(topic, false) {
			return f.malformed("the will has no topic name")
		}
	}
	if flags&0x80 != 0 {
		c.text() // user name [MQTT-3.1.3-11]
	}
	if flags&0x40 != 0 {
		c.bytes()
	}
	if bad := f.ended(&c, "CONNECT"); bad != nil {
		return bad
	}
	f.connected, f.keepAlive = true, keepAlive
	return nil
}

// protocol settles the version. An unknown level is answered in the words of
// the version nearest to it [MQTT-3.1.2-2].
func (f *framer) protocol(name string, level byte) *packetError {
	v := app.Version(level)
	if (name == "MQIsdp" && v == app.V31) || (name == "MQTT" && (v == app.V311 || v == app.V5)) {
		f.version = v
		return nil
	}
	bad := &packetError{why: "protocol error: unknown protocol name or level"}
	switch {
	case name != "MQTT" && name != "MQIsdp": // not MQTT at all: no answer [MQTT-3.1.2-1]
	case v > app.V5:
		bad.answer = []byte{0x20, 3, 0, byte(app.ReasonUnsupportedVersion), 0}
	default:
		bad.answer = []byte{0x20, 2, 0, 1}
	}
	return bad
}

// connectFlags checks the connect flags (MQTT 5.0 §3.1.2.3).
func (f *framer) connectFlags(flags byte) *packetError {
	will, willQoS, willRetain := flags&0x04 != 0, flags>>3&3, flags&0x20 != 0
	switch {
	case flags&0x01 != 0 && f.version != app.V31:
		return f.malformed("the reserved bit of CONNECT is set") // [MQTT-3.1.2-3]
	case willQoS == 3:
		return f.malformed("a will with QoS 3") // [MQTT-3.1.2-12]
	case !will && (willQoS != 0 || willRetain):
		return f.malformed("will flags without a will") // [MQTT-3.1.2-11]
	case flags&0x40 != 0 && flags&0x80 == 0 && f.version != app.V5:
		return f.malformed("a password without a user name") // 3.1.1 [MQTT-3.1.2-22]
	}
	return nil
}
