package codec

import (
	"pgregory.net/rapid"

	"tidings/app"
	"tidings/app/mqtt/wire"
)

// gen draws parts of packets.
type gen struct{ *rapid.T }

func (g gen) flag() bool   { return rapid.Bool().Draw(g.T, "flag") }
func (g gen) id() uint16   { return rapid.Uint16Range(1, 65535).Draw(g.T, "id") }
func (g gen) qos() app.QoS { return app.QoS(rapid.IntRange(0, 2).Draw(g.T, "qos")) }
func (g gen) topic() string {
	return rapid.StringMatching(`[a-zé$/0-9 ]{1,12}`).Draw(g.T, "topic")
}
func (g gen) filter() string {
	return rapid.StringMatching(`(\$share/g/)?([a-z]{0,3}/|\+/){0,3}([a-zß]{1,5}|\+|#)`).Draw(g.T, "filter")
}
func (g gen) text() string {
	return rapid.StringMatching(`[a-z0-9 ж☃]{0,20}`).Draw(g.T, "text")
}
func (g gen) blob() []byte { return rapid.SliceOfN(rapid.Byte(), 0, 200).Draw(g.T, "blob") }

// reason draws from all codes; those a packet cannot have make no valid one.
func (g gen) reason() app.ReasonCode {
	return rapid.SampledFrom([]app.ReasonCode{0, 0x04, 0x10, 0x11, 0x18, 0x19, 0x80, 0x81, 0x83, 0x87, 0x8E, 0x8F, 0x91, 0x92, 0x97, 0x9E}).Draw(g.T, "reason")
}

// randomPacket draws a packet of any type.
func randomPacket(t *rapid.T, v app.Version) wire.Packet {
	g := gen{t}
	switch wire.Type(rapid.IntRange(1, 15).Draw(t, "type")) {
	case wire.CONNECT:
		return g.connect(v)
	case wire.CONNACK:
		p := &wire.ConnAck{SessionPresent: g.flag(), Reason: g.reason()}
		return g.with(v, p, &p.Properties)
	case wire.PUBLISH:
		p := &wire.Publish{QoS: g.qos(), Retain: g.flag(), Topic: g.topic(), Payload: g.blob()}
		if p.QoS > 0 {
			p.ID, p.Dup = g.id(), g.flag()
		}
		return g.with(v, p, &p.Properties)
	case wire.PUBACK:
		p := &wire.PubAck{Ack: wire.Ack{ID: g.id(), Reason: g.reason()}}
		return g.with(v, p, &p.Properties)
	case wire.PUBREC:
		p := &wire.PubRec{Ack: wire.Ack{ID: g.id(), Reason: g.reason()}}
		return g.with(v, p, &p.Properties)
	case wire.PUBREL:
		p := &wire.PubRel{Ack: wire.Ack{ID: g.id(), Reason: g.reason()}, Dup: v == app.V31 && g.flag()}
		return g.with(v, p, &p.Properties)
	case wire.PUBCOMP:
		p := &wire.PubComp{Ack: wire.Ack{ID: g.id(), Reason: g.reason()}}
		return g.with(v, p, &p.Properties)
	}
	return g.other(v)
}

// other draws one of the packets that carry no message.
func (g gen) other(v app.Version) wire.Packet {
	switch rapid.IntRange(0, 7).Draw(g.T, "other") {
	case 0:
		p := &wire.Subscribe{ID: g.id(), Filters: rapid.SliceOfN(rapid.Custom(func(t *rapid.T) app.Subscription {
			g := gen{t}
			s := app.Subscription{Filter: g.filter(), QoS: g.qos()}
			if v == app.V5 {
				s.NoLocal, s.RetainAsPublished, s.RetainHandling = g.flag(), g.flag(), byte(g.qos())
			}
			return s
		}), 1, 5).Draw(g.T, "filters")}
		return g.with(v, p, &p.Properties)
	case 1:
		p := &wire.SubAck{ID: g.id(), Reasons: g.reasons()}
		return g.with(v, p, &p.Properties)
	case 2:
		p := &wire.Unsubscribe{ID: g.id(), Filters: rapid.SliceOfN(rapid.Custom(func(t *rapid.T) string { return gen{t}.filter() }), 1, 5).Draw(g.T, "filters")}
		return g.with(v, p, &p.Properties)
	case 3:
		p := &wire.UnsubAck{ID: g.id()}
		if v == app.V5 {
			p.Reasons = g.reasons()
		}
		return g.with(v, p, &p.Properties)
	case 4:
		return &wire.PingReq{}
	case 5:
		return &wire.PingResp{}
	case 6:
		p := &wire.Disconnect{Reason: g.reason()}
		return g.with(v, p, &p.Properties)
	}
	p := &wire.Auth{Reason: g.reason()}
	p.Properties.AuthMethod = "m" + g.text()
	p.Properties.Add(wire.AuthMethod)
	return g.with(v, p, &p.Properties)
}

func (g gen) reasons() []byte {
	return rapid.SliceOfN(rapid.SampledFrom([]byte{0, 1, 2, 0x80, 0x87}), 1, 5).Draw(g.T, "reasons")
}

func (g gen) connect(v app.Version) wire.Packet {
	p := &wire.Connect{Version: v, Clean: g.flag(), KeepAlive: g.id(), ClientID: "c" + g.text(), HasWill: g.flag(), HasUser: g.flag()}
	if p.HasUser {
		p.User, p.HasPassword = "u"+g.text(), g.flag()
	}
	if p.HasPassword {
		p.Password = app.Secret(append([]byte{'p'}, g.blob()...))
	}
	if p.HasWill {
		p.Will = wire.Will{Topic: g.topic(), Payload: append([]byte{0}, g.blob()...), QoS: g.qos(), Retain: g.flag()}
		g.with(v, p, &p.Will.Properties)
	}
	return g.with(v, p, &p.Properties)
}

// with gives p some properties: of those drawn, the ones it can have.
func (g gen) with(v app.Version, p wire.Packet, props *wire.Properties) wire.Packet {
	if v != app.V5 {
		return p
	}
	for _, id := range rapid.SliceOfN(rapid.ByteRange(1, 0x2A), 0, 6).Draw(g.T, "properties") {
		id := wire.PropertyID(id)
		before := *props
		g.set(props, id)
		props.Add(id)
		if _, err := wire.Append(nil, v, p); err != nil {
			*props = before
		}
	}
	return p
}

// set gives a property a value.
func (g gen) set(p *wire.Properties, id wire.PropertyID) {
	bit, short := byte(g.qos()&1), g.id()
	long := uint32(short) << rapid.IntRange(0, 16).Draw(g.T, "shift")
	text := "x" + g.text()
	one := map[wire.PropertyID]func(){
		wire.PayloadFormat: func() { p.PayloadFormat = bit }, wire.MessageExpiry: func() { p.MessageExpiry = long },
		wire.ContentType: func() { p.ContentType = text }, wire.ResponseTopic: func() { p.ResponseTopic = text },
		wire.CorrelationData: func() { p.CorrelationData = g.blob() }, wire.SubscriptionID: func() { p.SubscriptionIDs = []uint32{long&0xFFFFFF | 1} },
		wire.SessionExpiry: func() { p.SessionExpiry = long }, wire.AssignedClientID: func() { p.AssignedClientID = text },
		wire.ServerKeepAlive: func() { p.ServerKeepAlive = short }, wire.AuthMethod: func() { p.AuthMethod = text },
		wire.AuthData: func() { p.AuthData = app.Secret(g.blob()) }, wire.RequestProblemInfo: func() { p.RequestProblemInfo = bit },
		wire.WillDelay: func() { p.WillDelay = long }, wire.RequestResponseInfo: func() { p.RequestResponseInfo = bit },
		wire.ResponseInfo: func() { p.ResponseInfo = text }, wire.ServerReference: func() { p.ServerReference = text },
		wire.ReasonString: func() { p.ReasonString = text }, wire.ReceiveMaximum: func() { p.ReceiveMaximum = short },
		wire.TopicAliasMaximum: func() { p.TopicAliasMaximum = short }, wire.TopicAlias: func() { p.TopicAlias = short },
		wire.MaximumQoS: func() { p.MaximumQoS = bit }, wire.RetainAvailable: func() { p.RetainAvailable = bit },
		wire.UserProperty:      func() { p.User = append(p.User, app.UserProperty{Name: text, Value: g.text()}) },
		wire.MaximumPacketSize: func() { p.MaximumPacketSize = long }, wire.WildcardAvailable: func() { p.WildcardAvailable = bit },
		wire.SubscriptionIDAvailable: func() { p.SubscriptionIDAvailable = bit }, wire.SharedAvailable: func() { p.SharedAvailable = bit },
	}[id]
	if one != nil {
		one()
	}
}
