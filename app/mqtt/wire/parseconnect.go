package wire

import (
	"unicode/utf8"

	"tidings/app"
)

// Flags of CONNECT (MQTT 5.0 §3.1.2.3).
const (
	connectReserved   = 0x01
	connectClean      = 0x02
	connectWill       = 0x04
	connectWillQoS    = 0x18
	connectWillRetain = 0x20
	connectPassword   = 0x40
	connectUser       = 0x80
)

func (r *reader) connect(p *Connect) {
	*p = Connect{Properties: p.Properties, Will: Will{Properties: p.Will.Properties}}
	p.Properties.reset()
	p.Will.Properties.reset()
	if !r.protocol(p) {
		return
	}
	flags := r.connectFlags()
	p.Clean = flags&connectClean != 0
	p.HasWill = flags&connectWill != 0
	p.KeepAlive = r.u16(fieldKeepAlive)
	if r.version == app.V5 {
		r.properties(CONNECT, &p.Properties)
	}
	at := r.off
	p.ClientID = r.text(fieldClientID)
	r.checkClientID(p, at)
	if p.HasWill {
		r.will(&p.Will, flags)
	}
	r.credentials(p, flags)
}

// protocol reads the protocol's name and level, and makes the level the
// version of everything that follows. It returns false when it is none.
func (r *reader) protocol(p *Connect) bool {
	at := r.off
	name := r.text(fieldProtocolName)
	levelAt := r.off
	level := app.Version(r.u8(fieldLevel))
	if r.stopped {
		return false
	}
	if level < app.V31 || level > app.V5 {
		r.fail(ruleProtocolLevel, levelAt)
		r.tr.leaf(fieldUndecoded, r.off, r.end-r.off, "")
		r.off = r.end
		return false
	}
	r.setVersion(level)
	p.Version = level
	if name != versionTable[level].name {
		r.fail(ruleProtocolName, at)
	}
	if h, _ := Header(r.b); versionTable[level].minimalVarint && h.Length != 1+uvarintLen(h.Remaining) {
		r.fail(ruleVarintMinimal, 1)
	}
	return true
}

func (r *reader) setVersion(v app.Version) {
	r.version = v
	if r.tr == nil {
		return
	}
	r.tr.version = v
	for i := range r.tr.fields { // noted before the version was known
		f := &r.tr.fields[i]
		f.Spec = fieldSection(f.Name, CONNECT, v)
	}
}

func (r *reader) connectFlags() byte {
	at := r.off
	if r.stopped || r.left() < 1 {
		r.short(fieldConnectFlags)
		return 0
	}
	b := r.b[at]
	r.off++
	r.traceConnectFlags(at, b)
	will := b&connectWill != 0
	if b&connectReserved != 0 {
		r.fail(ruleConnectFlag, at)
	}
	if will && b&connectWillQoS == connectWillQoS {
		r.fail(ruleWillQoS, at)
	}
	if !will && b&connectWillQoS != 0 {
		r.fail(ruleWillQoSUnset, at)
	}
	if !will && b&connectWillRetain != 0 {
		r.fail(ruleWillRetainUnset, at)
	}
	if b&connectPassword != 0 && b&connectUser == 0 && !versionTable[r.version].passwordAlone {
		r.fail(rulePasswordAlone, at)
	}
	return b
}

func (r *reader) traceConnectFlags(at int, b byte) {
	if r.tr == nil {
		return
	}
	g := r.tr.open(fieldConnectFlags, at)
	r.tr.bits("connect/flags/user_name", at, connectUser, b)
	r.tr.bits("connect/flags/password", at, connectPassword, b)
	r.tr.bits("connect/flags/will_retain", at, connectWillRetain, b)
	r.tr.bits("connect/flags/will_qos", at, connectWillQoS, b)
	r.tr.bits("connect/flags/will", at, connectWill, b)
	if r.version == app.V5 {
		r.tr.bits("connect/flags/clean_start", at, connectClean, b)
	} else {
		r.tr.bits("connect/flags/clean_session", at, connectClean, b)
	}
	r.tr.bits("connect/flags/reserved", at, connectReserved, b)
	r.tr.close(g, at+1)
}

func (r *reader) checkClientID(p *Connect, at int) {
	v := &versionTable[r.version]
	switch {
	case len(p.ClientID) > v.clientIDMax, p.ClientID == "" && !v.clientIDEmpty:
		r.fail(ruleClientIDLength, at)
	case p.ClientID == "" && v.emptyNeedsClean && !p.Clean:
		r.fail(ruleClientIDEmpty, at)
	}
}

func (r *reader) will(w *Will, flags byte) {
	w.QoS = app.QoS(flags & connectWillQoS >> 3)
	w.Retain = flags&connectWillRetain != 0
	if r.version == app.V5 {
		r.properties(inWill, &w.Properties)
	}
	w.Topic = r.name(fieldWillTopic, ruleTopicWildcard)
	at := r.off
	w.Payload = r.binary(fieldWillPayload, false)
	if r.checkUTF8 && w.Properties.PayloadFormat == 1 && !utf8.Valid(w.Payload) {
		r.fail(rulePayloadFormat, at)
	}
}

// credentials reads user name and password. In MQTT 3.1 the Remaining Length
// has the last word: a flag may be set while the field is not there.
func (r *reader) credentials(p *Connect, flags byte) {
	present := func(flag byte) bool {
		return flags&flag != 0 && (r.left() > 0 || !versionTable[r.version].userMayBeMissing)
	}
	if present(connectUser) {
		p.User = r.text(fieldUser)
		p.HasUser = true
	}
	if present(connectPassword) {
		p.Password = app.Secret(aliased(r.binary(fieldPassword, true)))
		p.HasPassword = true
	}
}

func (r *reader) connAck(p *ConnAck) {
	p.Properties.reset()
	p.SessionPresent = false
	p.Reason = 0
	at := r.off
	flags := r.u8(fieldAckFlags)
	allowed := byte(0)
	if versionTable[r.version].sessionPresent {
		allowed = 1
	}
	if flags&^allowed != 0 {
		r.fail(ruleAckFlags, at)
	}
	p.SessionPresent = flags&allowed != 0
	if r.version == app.V5 {
		p.Reason = r.reason(fieldReason, CONNACK)
	} else {
		p.Reason = r.returnCode()
	}
	if p.SessionPresent && p.Reason != 0 {
		r.fail(ruleSessionPresent, at)
	}
	if r.version == app.V5 {
		r.properties(CONNACK, &p.Properties)
	}
}

// returnCode reads the answer of MQTT 3.x (MQTT 3.1.1 §3.2.2.3).
func (r *reader) returnCode() app.ReasonCode {
	at := r.off
	c := r.u8(fieldReturnCode)
	if c > 5 {
		r.fail(ruleReturn3, at)
	}
	return app.ConnectReturn3(c)
}
