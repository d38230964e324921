package profilecheck

import (
	"fmt"
	"unicode/utf8"

	"tidings/app"
	"tidings/app/mqtt/topic"
)

// The names of the fields about the session and the last will.
const (
	FieldAuthMethod      = "Session.AuthenticationMethod"
	fieldUserProperties  = "Session.User"
	FieldWillTopic       = "Will.Topic"
	FieldWillPayload     = "Will.Payload"
	FieldWillQoS         = "Will.QoS"
	FieldWillContentType = "Will.Properties.ContentType"
	FieldWillResponse    = "Will.Properties.ResponseTopic"
	FieldWillCorrelation = "Will.Properties.CorrelationData"
	fieldWillUser        = "Will.Properties.User"
)

// UserProperty returns the field name of the user property of CONNECT with
// index i.
func UserProperty(i int) string { return fmt.Sprintf("%s[%d]", fieldUserProperties, i) }

// WillUserProperty returns the field name of the will's user property with
// index i.
func WillUserProperty(i int) string { return fmt.Sprintf("%s[%d]", fieldWillUser, i) }

// Session returns what is wrong with what o tells an MQTT 5 broker about the
// session: the properties of CONNECT, which 3.x does not have, and the
// authentication method.
func Session(o app.ConnectOptions) []Finding {
	var list findings
	s := o.Session
	switch method := s.AuthenticationMethod; {
	case method == "":
	case o.Version != app.V5: // without it the password would go out as it is
		list.add(FieldAuthMethod, wrong("check.auth_version", "check.auth_version.do"))
	case method != app.MethodSCRAM:
		list.add(FieldAuthMethod, wrong("check.auth_method", "check.auth_method.do", "Method", method))
	case o.User == "":
		list.add(FieldUser, wrong("check.scram_user", "check.scram_user.do"))
	}
	if o.Version == app.V5 {
		for i, u := range s.User {
			list.add(UserProperty(i), pair(u))
		}
	}
	return list
}

// pair judges a UTF-8 string pair (MQTT 5.0 §1.5.7).
func pair(u app.UserProperty) *app.Error {
	if err := text(u.Name); err != nil {
		return err
	}
	return text(u.Value)
}

// Will returns what is wrong with a last will; what only MQTT 5 sends counts for that alone.
func Will(w app.Will, v app.Version) []Finding {
	var list findings
	list.add(FieldWillTopic, finding(topic.ValidateName(w.Topic)))
	list.add(FieldWillPayload, willPayload(w, v))
	list.add(FieldWillQoS, qos(w.QoS))
	if p := w.Properties; v == app.V5 && p != nil {
		list.add(FieldWillContentType, text(p.ContentType))
		if p.ResponseTopic != "" { // MQTT 5.0 §3.1.3.2.6
			list.add(FieldWillResponse, finding(topic.ValidateName(p.ResponseTopic)))
		}
		if n := len(p.CorrelationData); n > maxText {
			list.add(FieldWillCorrelation, wrong("check.too_long", "check.too_long.do", "Bytes", n, "Max", maxText))
		}
		for i, u := range p.User {
			list.add(WillUserProperty(i), pair(u))
		}
	}
	return list
}

func willPayload(w app.Will, v app.Version) *app.Error {
	switch {
	case len(w.Payload) > maxText:
		return wrong("check.will_payload", "check.will_payload.do", "Bytes", len(w.Payload), "Max", maxText)
	case v == app.V5 && w.Properties != nil && w.Properties.PayloadIsUTF8 && !utf8.Valid(w.Payload):
		return wrong("check.will_not_text", "check.will_not_text.do") // MQTT 5.0 §3.1.3.2.3
	}
	return nil
}
