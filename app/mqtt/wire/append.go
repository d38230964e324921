package wire

import (
	"encoding/binary"

	"tidings/app"
)

// writer appends one packet. A value that cannot be written ends up in err.
type writer struct {
	b       []byte
	start   int // where the packet begins in b
	version app.Version
	err     *Error
}

// Append appends p to dst in its canonical form: lengths as short as they
// can be, properties in the order of their identifiers, and what may be left
// out left out. What a version does not have is not written: properties,
// reason codes, and all options of a subscription but its QoS, in 3.x. A
// CONNECT is written in its own version.
//
// A packet that Decode would refuse is refused with the same *Error; dst then
// comes back as it was. A PUBLISH or one of its acknowledgements takes no
// memory when dst has room.
func Append(dst []byte, version app.Version, p Packet) ([]byte, error) {
	if c, ok := p.(*Connect); ok {
		version = c.Version
	}
	if version < app.V31 || version > app.V5 {
		return dst, newError(ruleProtocolLevel, version, len(dst))
	}
	t := p.Type()
	w := writer{b: append(dst, byte(t)<<4|packetTable[t].flags, 0), start: len(dst), version: version}
	w.packet(p)
	w.length(w.start + 1)
	if w.err == nil {
		w.err = judge(w.b[w.start:], version, p)
	}
	if w.err != nil {
		return dst, w.err
	}
	return w.b, nil
}

// judge decodes a frame that has just been made of a packet like p.
func judge(frame []byte, version app.Version, p Packet) *Error {
	r := reader{b: frame, end: len(frame), version: version, discard: true}
	h, ok := r.header()
	if !ok {
		return r.err
	}
	switch p.(type) { // the packets of every day stay off the heap
	case *Publish:
		var q Publish
		r.publish(&q, h.Flags)
	case *PubAck, *PubRec, *PubRel, *PubComp:
		var q Ack
		r.ack(&q, h.Type)
	default:
		r.packet(newPacket(h.Type), h.Flags)
	}
	return r.err
}

func (w *writer) fail(ru rule) {
	if w.err == nil {
		w.err = newError(ru, w.version, len(w.b)-w.start)
	}
}

func (w *writer) v5() bool { return w.version == app.V5 }

// length turns the one byte reserved at into the Variable Byte Integer that
// counts what follows it.
func (w *writer) length(at int) {
	n := len(w.b) - at - 1
	if n > MaxRemaining {
		w.fail(ruleVarintLong)
		return
	}
	if k := uvarintLen(n); k > 1 {
		w.b = append(w.b, "\x00\x00\x00"[:k-1]...)
		copy(w.b[at+k:], w.b[at+1:])
	}
	for ; n >= 0x80; n >>= 7 {
		w.b[at] = byte(n) | 0x80
		at++
	}
	w.b[at] = byte(n)
}

func (w *writer) u8(v byte)    { w.b = append(w.b, v) }
func (w *writer) u16(v uint16) { w.b = binary.BigEndian.AppendUint16(w.b, v) }
func (w *writer) u32(v uint32) { w.b = binary.BigEndian.AppendUint32(w.b, v) }

func (w *writer) text(s string) {
	if len(s) > 65535 {
		w.fail(ruleAppendLong)
		return
	}
	w.u16(uint16(len(s)))
	w.b = append(w.b, s...)
}

func (w *writer) reason(c app.ReasonCode) {
	if c > 0xff {
		w.fail(ruleAppendValue)
	}
	w.u8(byte(c))
}

// flag sets bits of the first byte.
func (w *writer) flag(bits byte, on bool) {
	if on {
		w.b[w.start] |= bits
	}
}

func (w *writer) packet(p Packet) {
	switch p := p.(type) {
	case *Publish:
		w.publish(p)
	case *PubAck:
		w.ack(&p.Ack)
	case *PubRec:
		w.ack(&p.Ack)
	case *PubRel:
		w.flag(flagDup, p.Dup)
		w.ack(&p.Ack)
	case *PubComp:
		w.ack(&p.Ack)
	case *Connect:
		w.connect(p)
	case *ConnAck:
		w.connAck(p)
	default:
		w.rarePacket(p)
	}
}

func (w *writer) rarePacket(p Packet) {
	switch p := p.(type) {
	case *Subscribe:
		w.flag(flagDup, p.Dup)
		w.head(p.ID, &p.Properties)
		for i := range p.Filters {
			w.subscription(&p.Filters[i])
		}
	case *SubAck:
		w.head(p.ID, &p.Properties)
		w.subAckReasons(p.Reasons)
	case *Unsubscribe:
		w.flag(flagDup, p.Dup)
		w.head(p.ID, &p.Properties)
		for _, f := range p.Filters {
			w.text(f)
		}
	case *UnsubAck:
		w.head(p.ID, &p.Properties)
		if w.v5() {
			w.b = append(w.b, p.Reasons...)
		}
	case *Disconnect:
		w.ending(p.Reason, &p.Properties)
	case *Auth:
		if p.Reason != 0 || p.Properties.Set != 0 {
			w.reason(p.Reason)
			w.properties(&p.Properties)
		}
	}
}

// head writes what SUBSCRIBE and its like begin with.
func (w *writer) head(id uint16, p *Properties) {
	w.u16(id)
	if w.v5() {
		w.properties(p)
	}
}

func (w *writer) publish(p *Publish) {
	if !p.QoS.Valid() {
		w.fail(ruleQoS)
	}
	w.flag(flagDup, p.Dup)
	w.flag(flagRetain, p.Retain)
	w.b[w.start] |= byte(p.QoS) << 1 & flagQoS
	w.text(p.Topic)
	switch {
	case p.QoS != app.QoS0:
		w.u16(p.ID)
	case p.ID != 0:
		w.fail(ruleAppendID)
	}
	if w.v5() {
		w.properties(&p.Properties)
	}
	w.b = append(w.b, p.Payload...)
}

func (w *writer) ack(p *Ack) {
	w.u16(p.ID)
	w.ending(p.Reason, &p.Properties)
}

// ending writes a reason code and properties, of which MQTT 5 leaves out what
// says nothing (MQTT 5.0 §3.4.2.1, §3.4.2.2.1).
func (w *writer) ending(c app.ReasonCode, p *Properties) {
	if !w.v5() || c == 0 && p.Set == 0 {
		return
	}
	w.reason(c)
	if p.Set != 0 {
		w.properties(p)
	}
}

func (w *writer) subscription(s *app.Subscription) {
	if !s.QoS.Valid() {
		w.fail(ruleSubscribeQoS)
	}
	if s.RetainHandling > 2 && w.v5() {
		w.fail(ruleRetainHandling)
	}
	w.text(s.Filter)
	b := byte(s.QoS)
	if w.v5() {
		b |= bit(s.NoLocal, 4) | bit(s.RetainAsPublished, 8) | s.RetainHandling<<4
	}
	w.u8(b)
}

func bit(on bool, b byte) byte {
	if on {
		return b
	}
	return 0
}

// subAckReasons writes the verdicts of a SUBACK: 3.1.1 knows one refusal.
func (w *writer) subAckReasons(list []byte) {
	at := len(w.b)
	w.b = append(w.b, list...)
	if w.v5() {
		return
	}
	for i, c := range w.b[at:] {
		if c >= 0x80 {
			w.b[at+i] = 0x80
		}
	}
}

// ReturnCode3 returns the CONNACK return code of MQTT 3.x that is nearest to
// a reason code (MQTT 3.1.1 §3.2.2.3): 0 for success, 3 (server unavailable)
// where nothing is nearer.
func ReturnCode3(c app.ReasonCode) byte {
	switch c {
	case app.ReasonSuccess:
		return 0
	case app.ReasonUnsupportedVersion:
		return 1
	case app.ReasonBadClientID:
		return 2
	case app.ReasonBadUserPassword:
		return 4
	case app.ReasonNotAuthorized, 0x8A, 0x8C: // banned, bad authentication method
		return 5
	}
	return 3
}
