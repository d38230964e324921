package wire

import (
	"math/bits"

	"tidings/app"
)

func (w *writer) connect(p *Connect) {
	w.text(versionTable[w.version].name)
	w.u8(byte(w.version))
	flags := bit(p.Clean, connectClean) | bit(p.HasUser, connectUser) | bit(p.HasPassword, connectPassword)
	if p.HasWill {
		if !p.Will.QoS.Valid() {
			w.fail(ruleWillQoS)
		}
		flags |= connectWill | byte(p.Will.QoS)<<3 | bit(p.Will.Retain, connectWillRetain)
	}
	w.u8(flags)
	w.u16(p.KeepAlive)
	if w.v5() {
		w.properties(&p.Properties)
	}
	w.text(p.ClientID)
	if p.HasWill {
		if w.v5() {
			w.properties(&p.Will.Properties)
		}
		w.text(p.Will.Topic)
		w.text(aliased(p.Will.Payload))
	}
	if p.HasUser {
		w.text(p.User)
	}
	if p.HasPassword {
		w.text(p.Password.Reveal())
	}
}

func (w *writer) connAck(p *ConnAck) {
	w.u8(bit(p.SessionPresent, 1))
	if w.v5() {
		w.reason(p.Reason)
		w.properties(&p.Properties)
		return
	}
	w.u8(ReturnCode3(p.Reason))
}

// properties writes the block with its length.
func (w *writer) properties(p *Properties) {
	at := len(w.b)
	w.u8(0)
	if p.Set == 0 {
		return
	}
	for set := uint64(p.Set); set != 0; set &= set - 1 {
		id := bits.TrailingZeros64(set)
		info := propertyOf(id)
		if info == nil {
			w.fail(rulePropertyUnknown)
			return
		}
		w.property(p, PropertyID(id), info.kind)
	}
	w.length(at)
}

func (w *writer) property(p *Properties, id PropertyID, k kind) {
	switch k {
	case kindVarint:
		w.subscriptionIDs(p.SubscriptionIDs)
		return
	case kindPair:
		w.userProperties(p.User)
		return
	}
	w.u8(byte(id))
	switch k {
	case kindByte:
		w.u8(*p.small(id))
	case kindShort:
		w.u16(*p.short(id))
	case kindLong:
		w.u32(*p.long(id))
	case kindText:
		w.text(*p.text(id))
	case kindBinary:
		if id == AuthData {
			w.text(p.AuthData.Reveal())
		} else {
			w.text(aliased(p.CorrelationData))
		}
	}
}

func (w *writer) subscriptionIDs(list []uint32) {
	for _, v := range list {
		if v > MaxRemaining {
			w.fail(rulePropertyRange)
			return
		}
		w.u8(byte(SubscriptionID))
		for ; v >= 0x80; v >>= 7 {
			w.u8(byte(v) | 0x80)
		}
		w.u8(byte(v))
	}
}

func (w *writer) userProperties(list []app.UserProperty) {
	for _, u := range list {
		w.u8(byte(UserProperty))
		w.text(u.Name)
		w.text(u.Value)
	}
}
