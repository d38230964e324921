package wire

import "tidings/app"

// properties reads a property block of a packet of type t, or of a will
// (MQTT 5.0 §2.2.2).
func (r *reader) properties(t Type, p *Properties) {
	if r.stopped {
		return
	}
	name := fieldProperties
	if t == inWill {
		name = fieldWillProps
	}
	group := r.tr.open(name, r.off)
	at := r.off
	n := r.varint(fieldPropLength)
	if n == 0 || r.stopped {
		r.tr.close(group, r.off)
		return
	}
	if n > r.left() {
		r.fail(rulePropertyBlock, at)
		n = r.left()
	}
	end := r.end
	r.end = r.off + n
	for !r.stopped && r.left() > 0 {
		r.property(t, p)
	}
	if t != AUTH && p.Has(AuthData) && !p.Has(AuthMethod) { // AUTH has to have one, data or not
		r.failIn(ruleAuthDataAlone, at, propertySection(t, AuthData))
	}
	if r.tr != nil && r.off < r.end {
		r.tr.leaf(fieldUndecoded, r.off, r.end-r.off, "")
		r.off = r.end
	}
	r.tr.close(group, r.off)
	r.end = end
	r.resume()
}

// resume lets a trace go on after a block it could not read to its end: the
// block's length says where the next field begins.
func (r *reader) resume() {
	if r.tr != nil && r.stopped {
		r.stopped = false
	}
}

// property reads one property.
func (r *reader) property(t Type, p *Properties) {
	at := r.off
	id, n := uvarint(r.b[at:r.end])
	info := propertyOf(id)
	if n <= 0 || info == nil {
		r.tr.leaf(propertyUnknown, at, r.end-at, "")
		if n <= 0 {
			r.fail(ruleTruncated, at)
		} else {
			r.fail(rulePropertyUnknown, at)
		}
		r.off, r.stopped = r.end, true
		return
	}
	group := r.tr.property(t, PropertyID(id), at)
	r.varint(fieldPropID)
	r.checkHolder(t, PropertyID(id), info, at)
	if p.Has(PropertyID(id)) && info.kind != kindPair && (info.kind != kindVarint || t != PUBLISH) {
		r.failIn(rulePropertyTwice, at, propertySection(t, PropertyID(id)))
	}
	p.Set |= 1 << id
	r.value(t, p, PropertyID(id), info)
	r.tr.close(group, r.off)
}

// checkHolder judges whether the packet, and the side that sends it, may
// carry the property.
func (r *reader) checkHolder(t Type, id PropertyID, info *propertyInfo, at int) {
	switch {
	case info.in>>t&1 == 0:
		r.fail(rulePropertyPacket, at)
	case t == PUBLISH && id == SubscriptionID && r.from == FromClient:
		r.fail(rulePropertySubIDClient, at)
	case t == DISCONNECT && id == SessionExpiry && r.from == FromServer:
		r.fail(rulePropertyExpiryServer, at)
	case t == DISCONNECT && id == ServerReference && r.from == FromClient:
		r.failIn(rulePropertyDirection, at, propertySection(t, id))
	}
}

// value reads the value of property id of a packet of type t into p.
func (r *reader) value(t Type, p *Properties, id PropertyID, info *propertyInfo) {
	at := r.off
	switch info.kind {
	case kindByte:
		v := r.u8(fieldPropValue)
		*p.small(id) = v
		r.checkBound(t, id, uint32(v), at)
	case kindShort:
		v := r.u16(fieldPropValue)
		*p.short(id) = v
		r.checkBound(t, id, uint32(v), at)
	case kindLong:
		v := r.u32(fieldPropValue)
		*p.long(id) = v
		r.checkBound(t, id, v, at)
	case kindVarint:
		v := uint32(r.varint(fieldPropValue))
		r.checkBound(t, id, v, at)
		if r.list(at) {
			p.SubscriptionIDs = append(p.SubscriptionIDs, v)
		}
	case kindText:
		if info.bound == boundTopic {
			*p.text(id) = r.name(fieldPropValue, ruleResponseTopicWildcard)
		} else {
			*p.text(id) = r.text(fieldPropValue)
		}
	case kindBinary:
		if b := r.binary(fieldPropValue, id == AuthData); id == AuthData {
			p.AuthData = app.Secret(aliased(b))
		} else {
			p.CorrelationData = b
		}
	case kindPair:
		u := app.UserProperty{Name: r.text("property/user/name"), Value: r.text("property/user/value")}
		if r.list(at) {
			p.User = append(p.User, u)
		}
	}
}

func (r *reader) checkBound(t Type, id PropertyID, v uint32, at int) {
	bound := propertyTable[id].bound
	switch {
	case r.stopped:
	case bound == boundAlias && v == 0:
		r.fail(ruleTopicAlias, at)
	case bound == boundBool && v > 1, bound == boundNonZero && v == 0:
		r.failIn(rulePropertyRange, at, propertySection(t, id))
	}
}
