package wire

import "tidings/app"

// Packet is a control packet: one of the pointers *Connect, *ConnAck,
// *Publish, *PubAck, *PubRec, *PubRel, *PubComp, *Subscribe, *SubAck,
// *Unsubscribe, *UnsubAck, *PingReq, *PingResp, *Disconnect, *Auth.
type Packet interface {
	// Type returns which.
	Type() Type
}

// Will is the will message of a CONNECT (MQTT 5.0 §3.1.2.5).
type Will struct {
	Topic      string
	Payload    []byte
	QoS        app.QoS
	Retain     bool
	Properties Properties // MQTT 5 only
}

// Connect is a CONNECT (MQTT 5.0 §3.1). It alone carries its version: the
// version given to Decode or Append does not count for it.
type Connect struct {
	Version     app.Version
	Clean       bool   // Clean Start, in 3.x Clean Session
	KeepAlive   uint16 // seconds, 0 for none
	ClientID    string
	Properties  Properties // MQTT 5 only
	HasWill     bool
	Will        Will // meaningful with HasWill
	HasUser     bool
	User        string
	HasPassword bool
	Password    app.Secret
}

// ConnAck is a CONNACK (MQTT 5.0 §3.2). The return codes 1 to 5 of 3.x are
// the reason codes of the same meaning (app.ConnectReturn3).
type ConnAck struct {
	SessionPresent bool
	Reason         app.ReasonCode
	Properties     Properties // MQTT 5 only
}

// Publish is a PUBLISH (MQTT 5.0 §3.3).
type Publish struct {
	Dup        bool
	QoS        app.QoS
	Retain     bool
	Topic      string // empty only with a topic alias
	ID         uint16 // packet identifier, 0 for QoS 0
	Properties Properties
	Payload    []byte
}

// Ack is what the four acknowledgements of a PUBLISH carry (MQTT 5.0 §3.4).
type Ack struct {
	ID         uint16
	Reason     app.ReasonCode // MQTT 5 only
	Properties Properties     // MQTT 5 only
}

// PubAck is a PUBACK (MQTT 5.0 §3.4).
type PubAck struct{ Ack }

// PubRec is a PUBREC (MQTT 5.0 §3.5).
type PubRec struct{ Ack }

// PubRel is a PUBREL (MQTT 5.0 §3.6).
type PubRel struct {
	Ack
	Dup bool // MQTT 3.1 only
}

// PubComp is a PUBCOMP (MQTT 5.0 §3.7).
type PubComp struct{ Ack }

// Subscribe is a SUBSCRIBE (MQTT 5.0 §3.8).
type Subscribe struct {
	ID         uint16
	Dup        bool       // MQTT 3.1 only
	Properties Properties // MQTT 5 only
	Filters    []app.Subscription
}

// SubAck is a SUBACK (MQTT 5.0 §3.9). Each byte of Reasons is an
// app.ReasonCode. Towards 3.1.1 every refusal becomes 0x80; MQTT 3.1 has no
// refusal at all.
type SubAck struct {
	ID         uint16
	Properties Properties // MQTT 5 only
	Reasons    []byte
}

// Unsubscribe is an UNSUBSCRIBE (MQTT 5.0 §3.10).
type Unsubscribe struct {
	ID         uint16
	Dup        bool       // MQTT 3.1 only
	Properties Properties // MQTT 5 only
	Filters    []string
}

// UnsubAck is an UNSUBACK (MQTT 5.0 §3.11). Each byte of Reasons is an
// app.ReasonCode; 3.x has none.
type UnsubAck struct {
	ID         uint16
	Properties Properties // MQTT 5 only
	Reasons    []byte
}

// PingReq is a PINGREQ (MQTT 5.0 §3.12).
type PingReq struct{}

// PingResp is a PINGRESP (MQTT 5.0 §3.13).
type PingResp struct{}

// Disconnect is a DISCONNECT (MQTT 5.0 §3.14).
type Disconnect struct {
	Reason     app.ReasonCode // MQTT 5 only
	Properties Properties     // MQTT 5 only
}

// Auth is an AUTH (MQTT 5.0 §3.15).
type Auth struct {
	Reason     app.ReasonCode
	Properties Properties
}

// Type returns CONNECT.
func (*Connect) Type() Type { return CONNECT }

// Type returns CONNACK.
func (*ConnAck) Type() Type { return CONNACK }

// Type returns PUBLISH.
func (*Publish) Type() Type { return PUBLISH }

// Type returns PUBACK.
func (*PubAck) Type() Type { return PUBACK }

// Type returns PUBREC.
func (*PubRec) Type() Type { return PUBREC }

// Type returns PUBREL.
func (*PubRel) Type() Type { return PUBREL }

// Type returns PUBCOMP.
func (*PubComp) Type() Type { return PUBCOMP }

// Type returns SUBSCRIBE.
func (*Subscribe) Type() Type { return SUBSCRIBE }

// Type returns SUBACK.
func (*SubAck) Type() Type { return SUBACK }

// Type returns UNSUBSCRIBE.
func (*Unsubscribe) Type() Type { return UNSUBSCRIBE }

// Type returns UNSUBACK.
func (*UnsubAck) Type() Type { return UNSUBACK }

// Type returns PINGREQ.
func (*PingReq) Type() Type { return PINGREQ }

// Type returns PINGRESP.
func (*PingResp) Type() Type { return PINGRESP }

// Type returns DISCONNECT.
func (*Disconnect) Type() Type { return DISCONNECT }

// Type returns AUTH.
func (*Auth) Type() Type { return AUTH }
