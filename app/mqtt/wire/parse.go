package wire

import (
	"unicode/utf8"

	"tidings/app"
)

// Flags of the first byte of a PUBLISH (MQTT 5.0 §3.3.1).
const (
	flagRetain = 0x01
	flagQoS    = 0x06
	flagDup    = 0x08
)

func (r *reader) publish(p *Publish, flags byte) {
	p.Dup, p.Retain = flags&flagDup != 0, flags&flagRetain != 0
	p.QoS = app.QoS(flags & flagQoS >> 1)
	p.ID = 0
	p.Properties.reset()
	at := r.off
	v5 := r.version == app.V5
	if v5 && r.left() >= 2 && r.b[at]|r.b[at+1] == 0 {
		p.Topic = r.raw(fieldTopic) // a topic alias has to stand for it
	} else {
		p.Topic = r.name(fieldTopic, ruleTopicWildcard)
	}
	if p.QoS != app.QoS0 {
		p.ID = r.packetID()
	}
	if v5 {
		r.properties(PUBLISH, &p.Properties)
		if p.Topic == "" && !p.Properties.Has(TopicAlias) {
			r.fail(ruleNoTopicNoAlias, at)
		}
	}
	if r.stopped {
		return
	}
	at = r.off
	p.Payload = r.b[at:r.end:r.end]
	r.off = r.end
	r.tr.bytes(fieldPayload, at, len(p.Payload), p.Payload, false)
	if r.checkUTF8 && p.Properties.PayloadFormat == 1 && !utf8.Valid(p.Payload) {
		r.fail(rulePayloadFormat, at)
	}
}

// ack reads one of the four acknowledgements: in MQTT 5 the reason code and
// then the properties may be left out (§3.4.2.1, §3.4.2.2.1).
func (r *reader) ack(p *Ack, t Type) {
	p.Properties.reset()
	p.Reason = 0
	p.ID = r.packetID()
	if r.version == app.V5 && r.left() > 0 {
		p.Reason = r.reason(fieldReason, t)
		if r.left() > 0 {
			r.properties(t, &p.Properties)
		}
	}
}

func (r *reader) subscribe(p *Subscribe) {
	p.Properties.reset()
	p.Filters = p.Filters[:0]
	p.ID = r.packetID()
	if r.version == app.V5 {
		r.properties(SUBSCRIBE, &p.Properties)
	}
	if r.left() == 0 {
		r.fail(ruleSubscribeEmpty, r.off)
	}
	for !r.stopped && r.left() > 0 {
		at := r.off
		s := app.Subscription{Filter: r.filter(fieldFilter)}
		r.options(&s)
		if r.list(at) {
			p.Filters = append(p.Filters, s)
		}
	}
}

// options reads the subscription options (MQTT 5.0 §3.8.3.1), of which 3.x
// has the QoS only.
func (r *reader) options(s *app.Subscription) {
	at := r.off
	if r.left() < 1 || r.stopped {
		r.short(fieldOptions)
		return
	}
	b := r.b[at]
	r.off++
	r.traceOptions(at, b)
	reserved := byte(0xfc)
	s.QoS = app.QoS(b & 3)
	if r.version == app.V5 {
		reserved = 0xc0
		s.NoLocal, s.RetainAsPublished = b&4 != 0, b&8 != 0
		s.RetainHandling = b >> 4 & 3
	}
	switch {
	case b&reserved != 0:
		r.fail(ruleSubscribeOptions, at)
	case !s.QoS.Valid():
		r.fail(ruleSubscribeQoS, at)
	case s.RetainHandling == 3:
		r.fail(ruleRetainHandling, at)
	case s.NoLocal && len(s.Filter) >= 7 && s.Filter[:7] == "$share/":
		r.fail(ruleNoLocalShared, at)
	}
}

func (r *reader) traceOptions(at int, b byte) {
	if r.tr == nil {
		return
	}
	g := r.tr.open(fieldOptions, at)
	if r.version == app.V5 {
		r.tr.bits("subscribe/options/reserved", at, 0xc0, b)
		r.tr.bits("subscribe/options/retain_handling", at, 0x30, b)
		r.tr.bits("subscribe/options/retain_as_published", at, 0x08, b)
		r.tr.bits("subscribe/options/no_local", at, 0x04, b)
	} else {
		r.tr.bits("subscribe/options/reserved", at, 0xfc, b)
	}
	r.tr.bits("subscribe/options/qos", at, 0x03, b)
	r.tr.close(g, at+1)
}

func (r *reader) subAck(p *SubAck) {
	p.Properties.reset()
	p.ID = r.packetID()
	if r.version == app.V5 {
		r.properties(SUBACK, &p.Properties)
	}
	p.Reasons = r.reasons(SUBACK)
}

func (r *reader) unsubAck(p *UnsubAck) {
	p.Properties.reset()
	p.Reasons = nil
	p.ID = r.packetID()
	if r.version == app.V5 {
		r.properties(UNSUBACK, &p.Properties)
		p.Reasons = r.reasons(UNSUBACK)
	}
}

// reasons reads the list of codes that a SUBACK or UNSUBACK ends with.
func (r *reader) reasons(t Type) []byte {
	if r.left() == 0 && t == UNSUBACK {
		r.failIn(ruleAckEmpty, r.off, "MQTT 5.0 §3.11.3")
	} else if r.left() == 0 {
		r.fail(ruleAckEmpty, r.off)
	}
	if r.stopped {
		return nil
	}
	list := r.b[r.off:r.end:r.end]
	for !r.stopped && r.left() > 0 {
		if r.version == app.V5 {
			r.reason(fieldReason, t)
			continue
		}
		at := r.off
		c := r.u8(fieldReason)
		r.tr.reason(c)
		if c > 2 && (c != 0x80 || !versionTable[r.version].subscribeFails) {
			r.fail(ruleReason, at)
		}
	}
	return list
}

func (r *reader) unsubscribe(p *Unsubscribe) {
	p.Properties.reset()
	p.Filters = p.Filters[:0]
	p.ID = r.packetID()
	if r.version == app.V5 {
		r.properties(UNSUBSCRIBE, &p.Properties)
	}
	if r.left() == 0 {
		r.fail(ruleUnsubscribeEmpty, r.off)
	}
	for !r.stopped && r.left() > 0 {
		at := r.off
		f := r.filter(fieldUnsubFilter)
		if r.list(at) {
			p.Filters = append(p.Filters, f)
		}
	}
}

// disconnect reads a DISCONNECT; MQTT 5 may leave out the reason code and
// then the properties (§3.14.2.1, §3.14.2.2.1).
func (r *reader) disconnect(p *Disconnect) {
	p.Properties.reset()
	p.Reason = 0
	if r.version != app.V5 || r.left() == 0 {
		return
	}
	p.Reason = r.reason(fieldReason, DISCONNECT)
	if r.left() > 0 {
		r.properties(DISCONNECT, &p.Properties)
	}
}

// auth reads an AUTH. Reason and properties may be left out together
// (§3.15.2.1); else there is a method (§3.15.2.2.2).
func (r *reader) auth(p *Auth) {
	p.Properties.reset()
	p.Reason = 0
	if r.left() == 0 {
		return
	}
	p.Reason = r.reason(fieldReason, AUTH)
	at := r.off
	r.properties(AUTH, &p.Properties)
	if !p.Properties.Has(AuthMethod) {
		r.fail(ruleAuthMethod, at)
	}
}
