package v5

import (
	"math"
	"strings"
	"unicode/utf8"

	"github.com/eclipse/paho.golang/paho"

	"tidings/app"
	"tidings/app/mqtt/topic"
)

// refuse makes the error for something that the broker said, in CONNACK, it
// would not take; nothing is sent then.
func refuse(key string, pairs ...any) error {
	return &app.Error{What: app.Say(key, pairs...), Do: app.Say(key + ".do")}
}

// checkPublish keeps the limits of the CONNACK (MQTT 5.0 §3.2.2.3).
func checkPublish(a app.ConnAck, p app.Publish, packet *paho.Publish) error {
	if err := checkProperties(p.Properties); err != nil {
		return err
	}
	switch {
	case p.QoS > a.MaximumQoS: // [MQTT-3.2.2-11]
		return refuse("publish.limit.qos", "QoS", int(p.QoS), "Max", int(a.MaximumQoS))
	case p.Retain && !a.RetainAvailable: // [MQTT-3.2.2-14]
		return refuse("publish.limit.retain")
	}
	if a.MaximumPacket == 0 {
		return nil
	}
	if size := packetSize(packet); size > int64(a.MaximumPacket) { // [MQTT-3.2.2-15]
		return refuse("publish.limit.packet", "Size", app.ByteCount(size), "Limit", app.ByteCount(a.MaximumPacket))
	}
	return nil
}

// packetSize returns the size of the PUBLISH in bytes.
func packetSize(p *paho.Publish) int64 {
	rest := 0
	for _, b := range p.Packet().Buffers() {
		rest += len(b)
	}
	head := 2
	for n := rest; n >= 0x80; n >>= 7 {
		head++
	}
	return int64(head + rest)
}

// checkProperties refuses strings that MQTT has no room or no form for.
func checkProperties(p *app.Properties) error {
	if p == nil {
		return nil
	}
	if p.ResponseTopic != "" { // [MQTT-3.3.2-14]
		if err := topic.ValidateName(p.ResponseTopic); err != nil {
			return err
		}
	}
	if len(p.CorrelationData) > math.MaxUint16 { // MQTT 5.0 §1.5.6
		return refuse("publish.property_too_long", "Bytes", len(p.CorrelationData), "Max", math.MaxUint16)
	}
	texts := []string{p.ContentType}
	for _, u := range p.User {
		texts = append(texts, u.Name, u.Value)
	}
	for _, s := range texts {
		if len(s) > math.MaxUint16 { // MQTT 5.0 §1.5.4
			return refuse("publish.property_too_long", "Bytes", len(s), "Max", math.MaxUint16)
		}
		if !utf8.ValidString(s) || strings.IndexByte(s, 0) >= 0 { // [MQTT-1.5.4-1] [MQTT-1.5.4-2]
			return refuse("publish.property_not_text")
		}
	}
	return nil
}

// checkSubscriptions keeps the limits of the CONNACK and the rules that would
// end the link.
func checkSubscriptions(a app.ConnAck, noShared bool, subs []app.Subscription) error {
	for _, s := range subs {
		_, _, shared := topic.SplitShared(s.Filter)
		switch {
		case shared && s.NoLocal: // [MQTT-3.8.3-4]
			return refuse("subscribe.shared_no_local", "Filter", s.Filter)
		case shared && noShared: // MQTT 5.0 §3.2.2.3.13
			return refuse("subscribe.limit.shared", "Filter", s.Filter)
		case !a.WildcardAvail && strings.ContainsAny(s.Filter, "+#"): // MQTT 5.0 §3.2.2.3.11
			return refuse("subscribe.limit.wildcard", "Filter", s.Filter)
		case s.RetainHandling > 2: // MQTT 5.0 §3.8.3.1
			return refuse("subscribe.bad_retain_handling", "Value", int(s.RetainHandling))
		}
	}
	return nil
}
