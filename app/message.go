package app

import "time"

// QoS is the quality of service of a PUBLISH or of a subscription
// (MQTT 5.0 §4.3): 0 at most once, 1 at least once, 2 exactly once.
type QoS byte

// The three levels of delivery.
const (
	QoS0 QoS = 0
	QoS1 QoS = 1
	QoS2 QoS = 2
)

// Valid reports whether q is 0, 1 or 2.
func (q QoS) Valid() bool { return q <= QoS2 }

// Message is one application message as it arrived from a broker.
//
// Topic and Payload may alias the reader's buffer: a receiver that keeps a
// Message longer than the call that handed it over copies both.
type Message struct {
	Topic      string
	Payload    []byte
	QoS        QoS
	Retained   bool   // RETAIN flag of the received PUBLISH (MQTT 5.0 §3.3.1.3)
	Dup        bool   // DUP flag of the received PUBLISH (MQTT 5.0 §3.3.1.1)
	ID         uint16 // packet identifier of the received PUBLISH, 0 for QoS 0 (MQTT 5.0 §2.2.1)
	Received   time.Time
	Properties *Properties // MQTT 5 only, nil when the packet had none
}

// UserProperty is one name-value pair (MQTT 5.0 §3.3.2.3.7). Names repeat.
type UserProperty struct{ Name, Value string }

// Properties are the MQTT 5 properties of a PUBLISH (MQTT 5.0 §3.3.2.3).
// The zero value means "none present".
type Properties struct {
	PayloadIsUTF8   bool    // payload format indicator is 1
	MessageExpiry   *uint32 // seconds
	ContentType     string
	ResponseTopic   string
	CorrelationData []byte
	SubscriptionIDs []uint32
	User            []UserProperty
}
