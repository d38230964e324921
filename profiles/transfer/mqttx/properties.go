package mqttx

import (
	"context"
	"encoding/base64"
	"encoding/json"

	"tidings/app"
	"tidings/profiles/transfer/internal/draft"
	"tidings/profiles/transfer/internal/jsonobj"
)

// session reads the properties of CONNECT (MQTT 5.0 §3.1.2.11).
func session(d *draft.Draft, o jsonobj.Object) {
	p := d.P()
	if n, ok := o.Number("sessionExpiryInterval"); ok {
		p.SessionExpiry, _ = d.Uint32("sessionExpiryInterval", n)
	}
	if n, ok := o.Number("receiveMaximum"); ok {
		p.Session.ReceiveMaximum, _ = d.Uint16("receiveMaximum", n)
	}
	if n, ok := o.Number("maximumPacketSize"); ok {
		p.Session.MaximumPacket, _ = d.Uint32("maximumPacketSize", n)
	}
	if n, ok := o.Number("topicAliasMaximum"); ok {
		p.Session.TopicAliasMaximum, _ = d.Uint16("topicAliasMaximum", n)
	}
	p.Session.RequestResponseInfo = o.Bool("requestResponseInformation", false)
	p.Session.WithoutProblemInfo = !o.Bool("requestProblemInformation", true)
	p.Session.User = userProperties(d, "userProperties", o)
	switch method := o.String("authenticationMethod"); method {
	case "":
	case app.MethodSCRAM:
		p.Session.AuthenticationMethod = method
	default:
		d.NoPlace("authenticationMethod")
	}
	if o.Has("authenticationData") {
		d.NoPlace("authenticationData") // it may be secret, and no method here takes it
	}
	for _, key := range o.Rest() {
		d.NoPlace("properties." + key)
	}
}

// userProperties reads {name: text or list of texts}, by name.
func userProperties(d *draft.Draft, field string, o jsonobj.Object) (list []app.UserProperty) {
	in, ok := o.Object("userProperties")
	if !ok {
		return nil
	}
	for _, name := range in.Keys() {
		values := []string{in.String(name)}
		var many []string
		if json.Unmarshal(in.Raw(name), &many) == nil {
			values = many
		}
		for _, value := range values {
			if len(list) == draft.MaxList {
				d.Note(field, "moving.why.too_many", "Max", draft.MaxList)
				return list
			}
			list = append(list, d.User(field, name, value))
		}
	}
	return list
}

func will(ctx context.Context, d *draft.Draft, o jsonobj.Object) {
	w := app.Will{Topic: o.String("lastWillTopic"), Payload: []byte(o.String("lastWillPayload")), Retain: o.Bool("lastWillRetain", false)}
	if w.Topic == "" {
		return
	}
	if n, ok := o.Number("lastWillQos"); ok {
		w.QoS = d.QoS("will.lastWillQos", n)
	}
	if in, ok := o.Object("properties"); ok {
		if n, ok := in.Number("willDelayInterval"); ok {
			w.Delay, _ = d.Uint32("will.willDelayInterval", n)
		}
		if props := messageProperties(ctx, d, "will.", in); !draft.IsZero(props) {
			w.Properties = &props
		}
	}
	d.Will("will.lastWillTopic", w)
}

func messageProperties(ctx context.Context, d *draft.Draft, field string, o jsonobj.Object) (p app.Properties) {
	p.PayloadIsUTF8 = o.Bool("payloadFormatIndicator", false)
	if n, ok := o.Number("messageExpiryInterval"); ok {
		if seconds, ok := d.Uint32(field+"messageExpiryInterval", n); ok {
			p.MessageExpiry = &seconds
		}
	}
	p.ContentType = d.Text(field+"contentType", o.String("contentType"))
	p.ResponseTopic = d.Text(field+"responseTopic", o.String("responseTopic"))
	p.CorrelationData = bytesOf(ctx, o, "correlationData")
	p.User = userProperties(d, field+"userProperties", o)
	return p
}

// bytesOf reads a text, or bytes as Node.js writes them:
// {"type":"Buffer","data":[1,2]}.
func bytesOf(ctx context.Context, o jsonobj.Object, key string) []byte {
	in, ok := o.Object(key)
	if !ok {
		if text := o.String(key); text != "" {
			return []byte(text)
		}
		return nil
	}
	var out []byte
	in.Each(ctx, "data", 65_535, func(raw json.RawMessage) {
		var b byte
		if json.Unmarshal(raw, &b) == nil {
			out = append(out, b)
		}
	})
	if len(out) == 0 {
		out, _ = base64.StdEncoding.DecodeString(in.String("data"))
	}
	return out
}
