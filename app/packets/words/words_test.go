package words_test

import (
	"testing"

	"tidings/app"
	"tidings/app/i18n"
	"tidings/app/mqtt/wire"
	"tidings/app/packets"
	"tidings/app/packets/words"
)

func aliased(topic string) *wire.Publish {
	p := &wire.Publish{Topic: topic}
	p.Properties.Add(wire.TopicAlias)
	p.Properties.TopicAlias = 3
	return p
}

func TestMainFields(t *testing.T) {
	connect := &wire.Connect{
		Version: app.V5, ClientID: "lab-ana", Clean: true, KeepAlive: 60, HasUser: true, User: "ana",
		HasPassword: true, Password: "hunter2", HasWill: true, Will: wire.Will{Topic: "lab/status"},
	}
	connect.Properties.Add(wire.SessionExpiry)
	connect.Properties.SessionExpiry = 300
	filters := []app.Subscription{{Filter: "a"}, {Filter: "b", QoS: 1}, {Filter: "c"}, {Filter: "d"}, {Filter: "e"}, {Filter: "f"}}
	for name, c := range map[string]struct {
		v    app.Version
		p    wire.Packet
		want string
	}{
		"CONNECT":         {app.V5, connect, "client lab-ana · clean start · session expiry 300 s · keep alive 60 s · user ana · password · will to lab/status"},
		"CONNECT 3.1.1":   {app.V311, &wire.Connect{Version: app.V311, Clean: true}, "no client ID · clean session · keep alive 0 s"},
		"CONNACK":         {app.V311, &wire.ConnAck{SessionPresent: true}, "success · session present: yes"},
		"CONNACK 3.1":     {app.V31, &wire.ConnAck{}, "success"},
		"refused":         {app.V311, &wire.ConnAck{Reason: app.ReasonBadUserPassword}, "bad user name or password (4)"},
		"PUBLISH":         {app.V311, &wire.Publish{Topic: "lab/t", Payload: []byte("21.4")}, "QoS 0 · lab/t = 21.4"},
		"PUBLISH again":   {app.V311, &wire.Publish{Topic: "lab/t", QoS: 1, ID: 2, Dup: true, Retain: true}, "id 2 · QoS 1 · DUP · retain · lab/t"},
		"PUBLISH alias":   {app.V5, aliased("a/b"), "QoS 0 · a/b (alias 3)"},
		"an alias alone":  {app.V5, aliased(""), "QoS 0 · alias 3"},
		"PUBACK":          {app.V311, &wire.PubAck{Ack: wire.Ack{ID: 2}}, "id 2"},
		"PUBACK 5":        {app.V5, &wire.PubAck{Ack: wire.Ack{ID: 2, Reason: app.ReasonNoMatchingSubs}}, "id 2 · nobody is subscribed to this topic"},
		"SUBSCRIBE":       {app.V311, &wire.Subscribe{ID: 1, Filters: filters}, "id 1 · a QoS 0 · b QoS 1 · c QoS 0 · d QoS 0 · and 2 more"},
		"SUBACK":          {app.V311, &wire.SubAck{ID: 1, Reasons: []byte{1, 0x80}}, "id 1 · granted QoS 1 · unspecified error (128)"},
		"UNSUBSCRIBE":     {app.V311, &wire.Unsubscribe{ID: 1, Filters: []string{"lab/#"}}, "id 1 · lab/#"},
		"PINGREQ":         {app.V311, &wire.PingReq{}, ""},
		"DISCONNECT":      {app.V311, &wire.Disconnect{}, ""},
		"DISCONNECT of 5": {app.V5, &wire.Disconnect{Reason: app.ReasonSessionTakenOver}, "another client connected with the same client ID (0x8E)"},
	} {
		t.Run(name, func(t *testing.T) {
			r := packets.New(0)
			frame := func(p wire.Packet) []byte {
				b, err := wire.Append(nil, c.v, p)
				if err != nil {
					t.Fatal(err)
				}
				return b
			}
			r.Observe(wire.FromClient, frame(&wire.Connect{Version: c.v, ClientID: "x", Clean: true}), 0)
			r.Observe(wire.Either, frame(c.p), 0)
			p, _ := r.Packet(2)
			if got := words.MainFields(i18n.New("en"), p.Row); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}
