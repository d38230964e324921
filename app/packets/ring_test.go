package packets

import (
	"bytes"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tidings/app"
	"tidings/app/mqtt/wire"
	"tidings/app/mqtt/wire/wiretest"
)

const (
	client = wire.FromClient
	server = wire.FromServer
)

// frame encodes a packet of MQTT 5.
func frame(t testing.TB, p wire.Packet) []byte {
	t.Helper()
	if c, ok := p.(*wire.Connect); ok {
		c.Version = app.V5
	}
	b, err := wire.Append(nil, app.V5, p)
	if err != nil {
		t.Fatalf("%s: %v", p.Type(), err)
	}
	return b
}

func publish(t testing.TB, topic string, q app.QoS, id uint16, payload string) []byte {
	t.Helper()
	return frame(t, &wire.Publish{Topic: topic, QoS: q, ID: id, Payload: []byte(payload)})
}

func connected(t testing.TB, limit int) *Ring {
	t.Helper()
	r := New(limit)
	r.Observe(client, frame(t, &wire.Connect{ClientID: "ana", Clean: true, KeepAlive: 60}), 1)
	r.Observe(server, frame(t, &wire.ConnAck{}), 15)
	return r
}

func TestEvictionKeepsTheNewestAndCounts(t *testing.T) {
	r := connected(t, 1)
	b := publish(t, "lab/t", 0, 0, strings.Repeat("x", 1000))
	for i := range 10_000 {
		r.Observe(server, b, int64(i))
	}
	s := r.Stats()
	if s.Next != 10_003 || s.Evicted != s.First-1 || s.First < 9000 {
		t.Fatalf("stats %+v", s)
	}
	if limit := int64(2 * chunkMemory); s.Bytes > limit {
		t.Errorf("takes %d bytes of %d", s.Bytes, limit)
	}
	rows := r.Rows(s.First-5, 10, nil)
	if len(rows) != 5 || rows[0].Seq != s.First || rows[0].Topic != "lab/t" {
		t.Errorf("rows at the old end: %+v", rows)
	}
	if row, ok := r.Packet(s.Next - 1); !ok || row.At != 9999 {
		t.Errorf("newest: %v %v", row.At, ok)
	}
	if _, ok := r.Packet(s.Next); ok {
		t.Error("a packet that has not come yet")
	}
}

// TestARunIsTheSameAsItsPackets holds the quick way through a run of PUBLISH
// packets against one packet at a time, over packets of all sizes, whole and
// broken, and over many chunks.
func TestARunIsTheSameAsItsPackets(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		payload := rapid.Custom(func(t *rapid.T) string {
			most := rapid.SampledFrom([]int{3, 125, 20_000, MaxKept + 9}).Draw(t, "most")
			return strings.Repeat("x", rapid.IntRange(0, most).Draw(t, "size"))
		})
		packet := rapid.Custom(func(t *rapid.T) []byte {
			qos := app.QoS(rapid.SampledFrom([]int{0, 0, 0, 0, 1, 2}).Draw(t, "qos"))
			p := &wire.Publish{Topic: "a/b", QoS: qos, Payload: []byte(payload.Draw(t, "payload"))}
			if qos > 0 {
				p.ID = 9
			}
			b, err := wire.Append(nil, app.V311, p)
			if err != nil {
				t.Fatal(err)
			}
			return b
		})
		together, apart := New(1), New(1)
		for range rapid.IntRange(1, 40).Draw(t, "runs") {
			var run []byte
			for _, p := range rapid.SliceOfN(packet, 1, 300).Draw(t, "packets") {
				apart.Observe(server, p, 7)
				run = append(run, p...)
			}
			together.Observe(server, run, 7)
		}
		s, want := together.Stats(), apart.Stats()
		if s.Next != want.Next || s.Next-s.First > 2*chunkPackets {
			t.Fatalf("stats %+v, one at a time %+v", s, want)
		}
		for seq := max(s.First, want.First); seq < s.Next; seq++ {
			a, okA := together.Packet(seq)
			b, okB := apart.Packet(seq)
			if !okA || !okB || !reflect.DeepEqual(a, b) {
				t.Fatalf("packet %d: %+v %v, one at a time %+v %v", seq, a.Row, okA, b.Row, okB)
			}
		}
	})
}

func TestAnAnswerIsPairedWithWhatItAnswers(t *testing.T) {
	type step struct {
		from    wire.Direction
		p       wire.Packet
		answers int // index of the step before, -1: none
	}
	ack := func(id uint16) wire.Ack { return wire.Ack{ID: id} }
	pub := func(q app.QoS, id uint16) *wire.Publish { return &wire.Publish{Topic: "t", QoS: q, ID: id} }
	sub := &wire.Subscribe{ID: 7, Filters: []app.Subscription{{Filter: "#"}}}
	for name, steps := range map[string][]step{
		"connect":   {{client, &wire.Connect{ClientID: "x"}, -1}, {server, &wire.ConnAck{}, 0}},
		"subscribe": {{client, sub, -1}, {server, &wire.SubAck{ID: 7, Reasons: []byte{0}}, 0}},
		"unsubscribe": {{client, &wire.Unsubscribe{ID: 9, Filters: []string{"#"}}, -1},
			{server, &wire.UnsubAck{ID: 9, Reasons: []byte{0}}, 0}},
		"ping":  {{client, &wire.PingReq{}, -1}, {server, &wire.PingResp{}, 0}},
		"QoS 1": {{client, pub(1, 3), -1}, {server, &wire.PubAck{Ack: ack(3)}, 0}},
		"QoS 2": {{client, pub(2, 3), -1}, {server, &wire.PubRec{Ack: ack(3)}, 0},
			{client, &wire.PubRel{Ack: ack(3)}, 1}, {server, &wire.PubComp{Ack: ack(3)}, 2}},
		"two directions with one identifier": {{client, pub(1, 1), -1}, {server, pub(1, 1), -1},
			{client, &wire.PubAck{Ack: ack(1)}, 1}, {server, &wire.PubAck{Ack: ack(1)}, 0}},
		"an identifier nobody used":    {{client, pub(1, 1), -1}, {server, &wire.PubAck{Ack: ack(2)}, -1}},
		"an answer from the same side": {{client, pub(1, 1), -1}, {client, &wire.PubAck{Ack: ack(1)}, -1}},
		"a second answer":              {{client, pub(1, 1), -1}, {server, &wire.PubAck{Ack: ack(1)}, 0}, {server, &wire.PubAck{Ack: ack(1)}, -1}},
		"an answer on the next link": {{client, pub(1, 1), -1}, {client, &wire.Connect{ClientID: "x"}, -1},
			{server, &wire.PubAck{Ack: ack(1)}, -1}},
	} {
		t.Run(name, func(t *testing.T) {
			r := New(0)
			for i, s := range steps {
				r.Observe(s.from, frame(t, s.p), int64(i)*1000)
			}
			for i, s := range steps {
				row, _ := r.Packet(uint64(i + 1))
				switch {
				case row.Answers != uint64(s.answers+1):
					t.Errorf("%s answers %d", row.Type, row.Answers)
				case row.Answers == 0:
				case row.Took != int64(i-s.answers)*1000:
					t.Errorf("%s took %d", row.Type, row.Took)
				default:
					if asked, _ := r.Packet(row.Answers); asked.Answer != row.Seq {
						t.Errorf("%s is answered by %d", asked.Type, asked.Answer)
					}
				}
			}
		})
	}
}

func TestSecretsAreNotKept(t *testing.T) {
	connect := &wire.Connect{ClientID: "ana", HasUser: true, User: "ana", HasPassword: true, Password: "hunter2hunter2"}
	connect.Properties.Add(wire.AuthMethod, wire.AuthData)
	connect.Properties.AuthMethod, connect.Properties.AuthData = "M", "hunter2"
	auth := &wire.Auth{Reason: 0x18}
	auth.Properties.Add(wire.AuthMethod, wire.AuthData)
	auth.Properties.AuthMethod, auth.Properties.AuthData = "M", "hunter2"
	whole := frame(t, connect)
	for name, b := range map[string][]byte{
		"CONNECT": whole, "AUTH": frame(t, auth),
		"cut":          whole[:len(whole)-3],
		"flags broken": append([]byte{0x1f}, whole[1:]...),
	} {
		r := New(0)
		r.Observe(client, frame(t, &wire.Connect{ClientID: "v5"}), 0)
		r.Observe(client, b, 0)
		for _, c := range r.chunks {
			if bytes.Contains(c.bytes, []byte("hunt")) {
				t.Errorf("%s: %q", name, c.bytes)
			}
		}
		if p, _ := r.Packet(2); len(p.Bytes) != len(b) {
			t.Errorf("%s: %d bytes of %d", name, len(p.Bytes), len(b))
		}
	}
}

func TestALargePacketKeepsItsBeginning(t *testing.T) {
	r := connected(t, 0)
	r.Observe(server, publish(t, "lab/big", 1, 77, strings.Repeat("x", 1<<20)), 0)
	p, ok := r.Packet(3)
	if !ok || p.Size < 1<<20 || p.Kept != MaxKept || p.Topic != "lab/big" || p.ID != 77 || p.QoS != 1 || p.Broken != "" {
		t.Errorf("%+v", p.Row)
	}
}

func TestRowsSayWhatPacketsSay(t *testing.T) {
	r := connected(t, 0)
	row, _ := r.Packet(1)
	if row.Type != wire.CONNECT || row.ClientID != "ana" || row.KeepAlive != 60 || !row.Clean {
		t.Errorf("CONNECT: %+v", row.Row)
	}
	r.Observe(server, publish(t, "lab/t", 2, 5, "21.4"), 99)
	if row, _ = r.Packet(3); row.QoS != 2 || row.ID != 5 || string(row.Preview) != "21.4" || row.Payload != 4 || row.At != 99 {
		t.Errorf("PUBLISH: %+v", row.Row)
	}
	r.Observe(server, []byte{0x36, 0}, 0)
	if row, _ = r.Packet(4); row.Broken == "" {
		t.Errorf("a malformed packet: %+v", row.Row)
	}
}

// TestNoPacketIsTooOdd feeds every packet there is a test for, valid or not.
func TestNoPacketIsTooOdd(t *testing.T) {
	r := New(0)
	for _, c := range wiretest.Cases() {
		r.Observe(c.From, c.Bytes, 0)
	}
	v := r.View()
	refresh(v)
	for i := range v.Len() {
		if p, ok := r.Packet(v.Seq(i)); ok {
			p.Fields()
		}
	}
}

// refresh takes in all there is.
func refresh(v *View) {
	for more := true; more; {
		_, more = v.Refresh()
	}
}

func TestAViewTellsWhatWentAway(t *testing.T) {
	for name, f := range map[string]Filter{"everything": {}, "filtered": {Topic: "lab/+"}} {
		t.Run(name, func(t *testing.T) {
			r := connected(t, 1)
			v := r.View()
			v.SetFilter(f)
			b := publish(t, "lab/t", 0, 0, strings.Repeat("x", 1000))
			rows := 0
			for i := range 100 {
				for range 37 {
					r.Observe(server, b, 0)
				}
				before := v.Seq(0)
				gone, _ := v.Refresh()
				if i%3 == 0 {
					gone += v.Trim()
				}
				if first := r.Stats().First; before != 0 && v.Seq(0) < first {
					t.Fatalf("shows %d, the ring begins at %d", v.Seq(0), first)
				}
				rows += gone
			}
			if want := int(v.Seq(0)) - 1; f == (Filter{}) && rows != want || rows == 0 {
				t.Errorf("%d rows went, want %d", rows, want)
			}
		})
	}
}

func TestAViewChooses(t *testing.T) {
	r := connected(t, 0)
	r.Observe(client, frame(t, &wire.Subscribe{ID: 1, Filters: []app.Subscription{{Filter: "lab/#"}}}), 0) // 3
	r.Observe(server, publish(t, "lab/Temp", 0, 0, "x"), 0)                                                // 4
	r.Observe(server, publish(t, "home/temp", 1, 1, "x"), 0)                                               // 5
	r.Observe(client, frame(t, &wire.PubAck{Ack: wire.Ack{ID: 1}}), 0)                                     // 6
	for name, c := range map[string]struct {
		f    Filter
		want []uint64
	}{
		"everything":      {Filter{}, []uint64{1, 2, 3, 4, 5, 6}},
		"types":           {Filter{Types: Only(wire.CONNECT, wire.PUBACK)}, []uint64{1, 6}},
		"part of a topic": {Filter{Topic: "TEMP"}, []uint64{4, 5}},
		"a filter":        {Filter{Topic: "lab/#"}, []uint64{3, 4}},
		"both":            {Filter{Topic: "lab/#", Types: Only(wire.PUBLISH)}, []uint64{4}},
		"nothing":         {Filter{Topic: "attic"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			v := r.View()
			v.SetFilter(c.f)
			refresh(v)
			if v.Len() != len(c.want) {
				t.Fatalf("%d packets, want %v", v.Len(), c.want)
			}
			for i, seq := range c.want {
				if v.Seq(i) != seq {
					t.Errorf("at %d: %d, want %d", i, v.Seq(i), seq)
				}
			}
		})
	}
}

func TestAViewStandsStillUntilItIsRefreshed(t *testing.T) {
	r := connected(t, 0)
	v := r.View()
	v.Refresh()
	r.Observe(server, publish(t, "a", 0, 0, ""), 0)
	if v.Len() != 2 {
		t.Errorf("%d packets before Refresh", v.Len())
	}
	v.Refresh()
	if v.Len() != 3 {
		t.Errorf("%d packets after Refresh", v.Len())
	}
	r.Clear()
	v.Refresh()
	if v.Len() != 0 || r.Stats().Evicted != 0 {
		t.Errorf("%d packets after Clear, %+v", v.Len(), r.Stats())
	}
}

func BenchmarkObserve(b *testing.B) {
	const run = 256 // packets of one read
	for name, f := range map[string][]byte{
		"QoS0_64B":   publish(b, "bench/0001/temp", 0, 0, strings.Repeat("x", 64)),
		"QoS1_64B":   publish(b, "bench/0001/temp", 1, 9, strings.Repeat("x", 64)),
		"QoS0_1024B": publish(b, "bench/0001/temp", 0, 0, strings.Repeat("x", 1024)),
		"alias_64B":  aliasPublish(b, "", 1, 0, strings.Repeat("x", 64)),
	} {
		b.Run(name, func(b *testing.B) {
			r := New(0)
			agreed(b, r, 0, 10) // without, no packet is looked at for an alias
			frames := bytes.Repeat(f, run)
			r.Observe(server, aliasPublish(b, "bench/0001/temp", 1, 0, ""), 0)
			b.ReportAllocs()
			for b.Loop() {
				r.Observe(server, frames, 1)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*run), "ns/packet")
		})
	}
}

func BenchmarkRefreshFiltered(b *testing.B) {
	r := connected(b, 0)
	f := publish(b, "bench/0001/temp", 0, 0, strings.Repeat("x", 64))
	for range 100_000 {
		r.Observe(server, f, 1)
	}
	for b.Loop() {
		v := r.View()
		v.SetFilter(Filter{Topic: "bench/+/hum"})
		refresh(v)
	}
}
