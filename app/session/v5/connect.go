package v5

import (
	"time"

	"github.com/eclipse/paho.golang/paho"

	"tidings/app"
	"tidings/app/mqtt/tap"
	"tidings/app/session/adapter"
)

// receiveMaximum is how many QoS 1 and 2 messages the broker may have
// unacknowledged with us: paho queues that many, so that it bounds memory.
const receiveMaximum = 1000

// connectPacket translates o.
func connectPacket(o app.ConnectOptions, maxPacket int) *paho.Connect {
	if maxPacket <= 0 {
		maxPacket = tap.DefaultMaxPacket
	}
	p := &paho.Connect{
		ClientID: o.ClientID, CleanStart: o.Clean, KeepAlive: adapter.KeepAlive(o.KeepAlive),
		Username: o.User, UsernameFlag: o.User != "",
		Password: []byte(o.Password.Reveal()), PasswordFlag: o.Password != "",
		Properties: &paho.ConnectProperties{
			ReceiveMaximum:     new(uint16(receiveMaximum)),
			MaximumPacketSize:  new(uint32(maxPacket)),
			TopicAliasMaximum:  new(uint16(0)), // inbound aliases arrive unresolved
			RequestProblemInfo: true,
		},
	}
	if o.SessionExpiry > 0 {
		p.Properties.SessionExpiryInterval = new(o.SessionExpiry)
	}
	if w := o.Will; w != nil {
		p.WillMessage = &paho.WillMessage{Topic: w.Topic, Payload: w.Payload, QoS: byte(w.QoS), Retain: w.Retain}
	}
	return p
}

// connAck translates the broker's answer to o.
func connAck(a *paho.Connack, o app.ConnectOptions, took time.Duration) app.ConnAck {
	r := app.ConnAck{
		SessionPresent: a.SessionPresent, Reason: app.ReasonCode(a.ReasonCode), MaximumQoS: app.QoS2,
		RetainAvailable: true, WildcardAvail: true, ReceiveMaximum: 65535, SessionExpiry: o.SessionExpiry, Took: took,
	}
	p := a.Properties
	if p == nil {
		return r
	}
	r.ReasonString, r.AssignedClientID = adapter.Said(p.ReasonString), p.AssignedClientID
	r.RetainAvailable, r.WildcardAvail = p.RetainAvailable, p.WildcardSubAvailable
	if p.ServerKeepAlive != nil {
		r.ServerKeepAlive = time.Duration(*p.ServerKeepAlive) * time.Second
	}
	if p.MaximumQoS != nil {
		r.MaximumQoS = app.QoS(*p.MaximumQoS)
	}
	if p.MaximumPacketSize != nil {
		r.MaximumPacket = *p.MaximumPacketSize
	}
	if p.ReceiveMaximum != nil {
		r.ReceiveMaximum = *p.ReceiveMaximum
	}
	if p.SessionExpiryInterval != nil {
		r.SessionExpiry = *p.SessionExpiryInterval
	}
	return r
}
