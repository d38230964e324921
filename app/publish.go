package app

import "time"

// Publish is a message to send.
type Publish struct {
	Topic      string
	Payload    []byte
	QoS        QoS
	Retain     bool
	Properties *Properties // MQTT 5 only; 3.x adapters ignore it
}

// PubResult says how a publish ended: with the reason code of the last packet
// of its handshake. QoS 0 has no handshake: Took is then the time until the
// bytes were handed to the operating system.
type PubResult struct {
	Reason       ReasonCode
	ReasonString string
	Took         time.Duration
}

// Subscription is one entry of a SUBSCRIBE (MQTT 5.0 §3.8.3).
type Subscription struct {
	Filter string
	QoS    QoS
	// The rest is MQTT 5 only; 3.x adapters ignore it.
	NoLocal           bool
	RetainAsPublished bool
	RetainHandling    byte // 0 send, 1 send if new, 2 do not send
}

// SubResult is the broker's verdict on one filter of a SUBSCRIBE or
// UNSUBSCRIBE. Reason 0, 1 and 2 of a SUBACK are the granted QoS; 0x80 and
// above a refusal (MQTT 5.0 §3.9.3; 3.1.1 knows 0x80 only).
type SubResult struct {
	Filter       string
	Reason       ReasonCode
	ReasonString string
}

// Granted returns the granted QoS and whether the filter was accepted.
func (r SubResult) Granted() (QoS, bool) {
	if r.Reason.IsError() {
		return 0, false
	}
	return QoS(r.Reason), true
}
