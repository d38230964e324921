package v5

import (
	"time"

	"github.com/eclipse/paho.golang/paho"

	"tidings/app"
	"tidings/app/session/adapter"
)

// receiveMaximum is how many QoS 1 and 2 messages the broker may have
// unacknowledged with us: paho queues that many, so that it bounds memory.
const receiveMaximum = 1000

// connectPacket translates o. proof is the first message of an enhanced
// authentication, nil for none: then the password goes out as it is.
func connectPacket(o app.ConnectOptions, maxPacket int, proof []byte) *paho.Connect {
	s := o.Session
	p := &paho.Connect{
		ClientID: o.ClientID, CleanStart: o.Clean, KeepAlive: adapter.KeepAlive(o.KeepAlive),
		Properties: &paho.ConnectProperties{
			ReceiveMaximum:      new(uint16(receiveMaximum)),
			MaximumPacketSize:   new(uint32(maxPacket)),
			TopicAliasMaximum:   new(s.TopicAliasMaximum),
			RequestProblemInfo:  !s.WithoutProblemInfo,
			RequestResponseInfo: s.RequestResponseInfo,
			User:                toPahoUser(s.User),
		},
	}
	if s.ReceiveMaximum > 0 {
		p.Properties.ReceiveMaximum = new(s.ReceiveMaximum)
	}
	if proof != nil {
		p.Properties.AuthMethod, p.Properties.AuthData = s.AuthenticationMethod, proof
	} else {
		p.Username, p.UsernameFlag = o.User, o.User != ""
		p.Password, p.PasswordFlag = []byte(o.Password.Reveal()), o.Password != ""
	}
	if o.SessionExpiry > 0 {
		p.Properties.SessionExpiryInterval = new(o.SessionExpiry)
	}
	if w := o.Will; w != nil {
		p.WillMessage = &paho.WillMessage{Topic: w.Topic, Payload: w.Payload, QoS: byte(w.QoS), Retain: w.Retain}
		p.WillProperties = willProperties(*w)
	}
	return p
}

// willProperties translates the properties of a will that the library sends;
// willConn adds the others.
func willProperties(w app.Will) *paho.WillProperties {
	p := &paho.WillProperties{}
	if w.Delay > 0 {
		p.WillDelayInterval = new(w.Delay)
	}
	if w.Properties != nil {
		p.User = toPahoUser(w.Properties.User)
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
	r.ResponseInfo, r.ServerReference = adapter.Said(p.ResponseInfo), adapter.Said(p.ServerReference)
	if p.TopicAliasMaximum != nil {
		r.TopicAliases = *p.TopicAliasMaximum
	}
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
