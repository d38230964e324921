package packets

import (
	"fmt"
	"strings"
	"testing"

	"tidings/app"
	"tidings/app/mqtt/wire"
)

// agreed begins a link on which each side may set so many aliases.
func agreed(t testing.TB, r *Ring, client5, server5 uint16) {
	t.Helper()
	connect, ack := &wire.Connect{ClientID: "ana", Clean: true}, &wire.ConnAck{}
	for p, n := range map[*wire.Properties]uint16{&connect.Properties: server5, &ack.Properties: client5} {
		if n > 0 {
			p.Add(wire.TopicAliasMaximum)
			p.TopicAliasMaximum = n
		}
	}
	r.Observe(client, frame(t, connect), 0)
	r.Observe(server, frame(t, ack), 0)
}

func aliasPublish(t testing.TB, topic string, alias uint16, q app.QoS, payload string) []byte {
	t.Helper()
	p := &wire.Publish{Topic: topic, QoS: q, Payload: []byte(payload)}
	if q > 0 {
		p.ID = 7
	}
	p.Properties.Add(wire.TopicAlias)
	p.Properties.TopicAlias = alias
	return frame(t, p)
}

// lastTopic is what the newest packet is on.
func lastTopic(r *Ring) string {
	p, _ := r.Packet(r.Stats().Next - 1)
	return p.Topic
}

func TestAnAliasIsShownWithItsName(t *testing.T) {
	for _, q := range []app.QoS{0, 1, 2} {
		r := New(0)
		agreed(t, r, 5, 5)
		for _, s := range []struct {
			from  wire.Direction
			topic string
			alias uint16
			want  string
		}{
			{server, "a/b", 3, "a/b"}, {server, "", 3, "a/b"},
			{client, "", 3, ""}, // each side has its own
			{client, "mine", 3, "mine"}, {client, "", 3, "mine"}, {server, "", 3, "a/b"},
			{server, "a/c", 3, "a/c"}, {server, "", 3, "a/c"}, // set anew
			{server, "", 4, ""},                              // never set
			{server, "many", 6, "many"}, {server, "", 6, ""}, // above the maximum
		} {
			r.Observe(s.from, aliasPublish(t, s.topic, s.alias, q, "#"), 0)
			if got := lastTopic(r); got != s.want {
				t.Errorf("QoS %d, %v, %q alias %d: %q, want %q", q, s.from, s.topic, s.alias, got, s.want)
			}
		}
		agreed(t, r, 5, 5) // the next link begins without aliases [MQTT-3.3.2-7]
		r.Observe(server, aliasPublish(t, "", 3, q, "x"), 0)
		if got := lastTopic(r); got != "" {
			t.Errorf("on the next link: %q", got)
		}
	}
}

func TestANameOutlivesThePacketThatSetIt(t *testing.T) {
	r := New(1)
	agreed(t, r, 0, 2)
	r.Observe(server, aliasPublish(t, "lab/Temp", 2, 0, "x"), 0)
	b := aliasPublish(t, "", 2, 0, strings.Repeat("x", 1000))
	var run []byte
	for range 50 {
		run = append(append(run, b...), publish(t, "other", 0, 0, "x")...)
	}
	for r.Stats().First < 10_000 {
		r.Observe(server, run, 0)
	}
	r.Observe(server, aliasPublish(t, "", 2, 0, strings.Repeat("x", 2*MaxKept)), 0)
	s := r.Stats()
	for _, filter := range []string{"temp", "lab/+"} {
		v := r.View()
		v.SetFilter(Filter{Topic: filter})
		refresh(v)
		if want := int(s.Next-s.First) / 2; v.Len() < want || v.Len() > want+1 {
			t.Errorf("%s: %d of %d packets", filter, v.Len(), want)
		}
		for i := range v.Len() {
			if row, _ := v.Row(i); row.Topic != "lab/Temp" {
				t.Fatalf("%+v", row)
			}
		}
	}
	r.Clear()
	r.Observe(server, b, 0)
	if got := lastTopic(r); got != "lab/Temp" {
		t.Errorf("after Clear: %q", got)
	}
}

func TestNamesTakeBoundedMemory(t *testing.T) {
	r := New(0)
	agreed(t, r, 0, 65_535)
	for i := range 40 {
		r.Observe(server, aliasPublish(t, fmt.Sprint(i, strings.Repeat("x", 60_000)), uint16(i+1), 0, ""), 0)
	}
	table := &r.aliases.sides[server]
	sum := 0
	for _, name := range table.names {
		sum += len(name)
	}
	if sum != table.bytes || sum > maxAliasBytes || sum < maxAliasBytes-70_000 {
		t.Errorf("%d bytes, counted %d", sum, table.bytes)
	}
	r.Observe(server, aliasPublish(t, "short", 1, 0, ""), 0)
	r.Observe(server, aliasPublish(t, "", 1, 0, ""), 0)
	if got := lastTopic(r); got != "short" {
		t.Errorf("%.20q", got)
	}
}
