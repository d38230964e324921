package sysstats

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tidings/app"
)

var start = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// round is one burst of a broker's $SYS messages.
func round(at time.Time, retained bool, tree map[string]string) []app.Message {
	var batch []app.Message
	for _, topic := range slices.Sorted(maps.Keys(tree)) {
		batch = append(batch, app.Message{Topic: topic, Payload: []byte(tree[topic]), Received: at, Retained: retained})
	}
	return batch
}

// under puts a prefix before the topics of a tree.
func under(prefix string, tree map[string]string) map[string]string {
	out := make(map[string]string, len(tree))
	for k, v := range tree {
		out[prefix+k] = v
	}
	return out
}

func mosquittoTree() map[string]string {
	return under("$SYS/broker/", map[string]string{
		"version": "mosquitto version 2.0.11", "uptime": "92 seconds",
		"clients/total": "5", "clients/inactive": "1", "clients/disconnected": "1", "clients/active": "4",
		"clients/connected": "4", "clients/expired": "0", "clients/maximum": "7",
		"load/messages/received/1min": "91.2", "load/publish/received/1min": "60.00", "load/publish/sent/1min": "120.00",
		"messages/stored": "44", "messages/received": "1000", "messages/sent": "2000",
		"store/messages/count": "44", "store/messages/bytes": "300", "subscriptions/count": "12", "shared_subscriptions/count": "0",
		"retained messages/count": "40", "heap/current": "61000", "heap/maximum": "70000",
		"publish/messages/dropped": "3", "publish/messages/received": "700", "publish/messages/sent": "1400",
		"publish/bytes/received": "9000", "bytes/received": "50000", "bytes/sent": "90000",
	})
}

func mochiTree() map[string]string {
	return under("$SYS/broker/", map[string]string{
		"version": "2.7.9", "time": "1770000000", "uptime": "61", "started": "1769999939",
		"load/bytes/received": "1234", "load/bytes/sent": "5678", "clients/connected": "2", "clients/disconnected": "1",
		"clients/maximum": "3", "clients/total": "3", "packets/received": "20", "packets/sent": "40",
		"messages/received": "10", "messages/sent": "30", "messages/dropped": "4", "messages/inflight": "0",
		"retained": "25", "subscriptions": "6", "system/memory": "4194304", "system/threads": "17",
	})
}

func emqxTree(node string) map[string]string {
	return under("$SYS/brokers/"+node+"/", map[string]string{
		"version": "5.8.0", "uptime": "3600500", "datetime": "2026-03-02T09:00:00+00:00", "sysdescr": "EMQX",
		"stats/connections/count": "11", "stats/connections/max": "15", "stats/live_connections/count": "10",
		"stats/sessions/count": "12", "stats/subscriptions/count": "30", "stats/subscriptions/shared/count": "2",
		"stats/retained/count": "8", "metrics/packets/received": "500", "metrics/packets/sent": "600",
		"metrics/packets/publish/received": "1", "metrics/messages/received": "300", "metrics/messages/sent": "350",
		"metrics/messages/dropped": "5", "metrics/delivery/dropped": "2", "metrics/bytes/received": "7000", "metrics/bytes/sent": "8000",
	})
}

func vernemqTree() map[string]string {
	return under("$SYS/VerneMQ@127.0.0.1/", map[string]string{
		"system/wallclock": "120000", "total/active/connections": "9", "queue/processes": "10",
		"mqtt/publish/received": "100", "mqtt/publish/sent": "200", "mqtt/connect/received": "9", "mqtt/connack/sent": "9",
		"mqtt/pingreq/received": "41", "mqtt/pingresp/sent": "41", "mqtt/publish/auth/error": "77",
		"queue/message/drop": "6", "bytes/received": "3000", "bytes/sent": "4000", "router/subscriptions": "14",
		"retain/messages": "3", "vm/memory/total": "99000000", "system/process/count": "800",
	})
}

func TestCards(t *testing.T) {
	for _, tc := range []struct {
		name    string
		tree    map[string]string
		flavour Flavour
		version string
		want    map[string]float64 // every card that is published, but for the version
	}{
		{"mosquitto", mosquittoTree(), Mosquitto, "mosquitto 2.0.11", map[string]float64{
			"uptime": 92, "clients_connected": 4, "clients_total": 5, "clients_maximum": 7, "publish_in": 700, "publish_out": 1400,
			"packets_in": 1000, "packets_out": 2000, "bytes_in": 50000, "bytes_out": 90000, "subscriptions": 12, "retained": 40,
			"dropped": 3, "memory": 61000, "load_in": 1, "load_out": 2}},
		{"mochi", mochiTree(), Mochi, "2.7.9", map[string]float64{
			"uptime": 61, "clients_connected": 2, "clients_total": 3, "clients_maximum": 3, "publish_in": 10, "publish_out": 30,
			"packets_in": 20, "packets_out": 40, "bytes_in": 1234, "bytes_out": 5678, "subscriptions": 6, "retained": 25,
			"dropped": 4, "memory": 4194304}},
		{"EMQX", emqxTree("emqx@172.17.0.2"), EMQX, "EMQX 5.8.0", map[string]float64{
			"uptime": 3600.5, "clients_connected": 10, "clients_total": 12, "clients_maximum": 15, "publish_in": 300, "publish_out": 350,
			"packets_in": 500, "packets_out": 600, "bytes_in": 7000, "bytes_out": 8000, "subscriptions": 30, "retained": 8, "dropped": 7}},
		{"VerneMQ", vernemqTree(), VerneMQ, "", map[string]float64{
			"uptime": 120, "clients_connected": 9, "clients_total": 10, "publish_in": 100, "publish_out": 200,
			"packets_in": 150, "packets_out": 250, "bytes_in": 3000, "bytes_out": 4000, "subscriptions": 14, "retained": 3,
			"dropped": 6, "memory": 99000000}},
		{"a broker with events only", map[string]string{"$SYS/abc/heartbeat": "2026", "$SYS/abc/new/clients": "x"}, Unknown, "", nil},
		{"a bare beginning of mosquitto", map[string]string{"$SYS/broker/uptime": "3 seconds"}, Mosquitto, "", map[string]float64{"uptime": 3}},
		{"values that are none", under("$SYS/broker/", map[string]string{
			"uptime": "soon", "bytes/received": "NaN", "bytes/sent": "-3", "clients/connected": "", "messages/sent": "1e999"}), Mosquitto, "", nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := New()
			s.Update(round(start, true, tc.tree))
			snap := s.Snapshot()
			if snap.Flavour != tc.flavour || snap.Rows != len(tc.tree) || len(snap.Cards) != cardCount {
				t.Errorf("flavour %d, %d rows, %d cards", snap.Flavour, snap.Rows, len(snap.Cards))
			}
			if got := s.Version(); got != tc.version {
				t.Errorf("version %q", got)
			}
			for _, c := range snap.Cards {
				name := strings.TrimPrefix(c.Key, "sys.card.")
				if name == "version" {
					if c.Published != (tc.version != "") || c.Kind != Text {
						t.Errorf("version card %+v", c)
					}
					continue
				}
				want, published := tc.want[name]
				if c.Published != published || math.Abs(c.Value-want) > 1e-9 {
					t.Errorf("%s: %v, published %v; want %v, %v", name, c.Value, c.Published, want, published)
				}
				if c.HasRate {
					t.Errorf("%s has a rate after retained messages only", name)
				}
			}
		})
	}
}

func TestNodesAreSummed(t *testing.T) {
	s := New()
	s.Update(round(start, true, emqxTree("a@1")))
	s.Update(round(start, true, emqxTree("b@2")))
	if c := get(t, s, "sys.card.clients_connected"); c.Value != 20 {
		t.Errorf("connected %v", c.Value)
	}
	if c := get(t, s, "sys.card.uptime"); c.Value != 3600.5 {
		t.Errorf("uptime %v", c.Value)
	}
}

func get(t *testing.T, s *Stats, key string) Card {
	t.Helper()
	for _, c := range s.Snapshot().Cards {
		if c.Key == key {
			return c
		}
	}
	t.Fatalf("no card %s", key)
	return Card{}
}

// TestRates plays rounds of "publish in" beside an uptime that always comes.
// A value of "" is a round without the counter.
func TestRates(t *testing.T) {
	const none = -1 // no rate
	type step struct {
		after    time.Duration
		value    string
		retained bool
		want     float64
	}
	sec := time.Second
	for _, tc := range []struct {
		name  string
		steps []step
	}{
		{"steady", []step{{0, "100", false, none}, {10 * sec, "200", false, 10}, {10 * sec, "250", false, 5}}},
		{"a retained start is of unknown age", []step{{0, "100", true, none}, {3 * sec, "200", false, none}, {10 * sec, "300", false, 10}}},
		{"started anew", []step{{0, "100", false, none}, {10 * sec, "200", false, 10}, {10 * sec, "5", false, none}, {10 * sec, "25", false, 2}}},
		{"standing still is left out", []step{{0, "100", false, none}, {10 * sec, "200", false, 10}, {10 * sec, "", false, 10},
			{10 * sec, "", false, 0}, {10 * sec, "300", false, 10}}},
		{"left out once", []step{{0, "100", false, none}, {10 * sec, "200", false, 10}, {10 * sec, "", false, 10}, {10 * sec, "300", false, 5}}},
		{"never changing", []step{{0, "100", true, none}, {10 * sec, "", false, none}, {10 * sec, "", false, 0}}},
		{"the same value again", []step{{0, "100", false, none}, {10 * sec, "100", false, 0}}},
		{"a broker gone silent", []step{{0, "100", false, none}, {10 * sec, "200", false, 10}, {90 * sec, "tick", false, none}}},
		{"subscribed again", []step{{0, "100", false, none}, {10 * sec, "200", false, 10}, {1 * sec, "200", true, none},
			{9 * sec, "300", false, none}, {10 * sec, "400", false, 10}}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s, now := New(), start
			for i, st := range tc.steps {
				now = now.Add(st.after)
				if st.value != "tick" {
					tree := map[string]string{"$SYS/broker/uptime": fmt.Sprint(i)}
					if st.value != "" {
						tree["$SYS/broker/publish/messages/received"] = st.value
					}
					s.Update(round(now, st.retained, tree))
				}
				s.Tick(now) // in the middle of the burst: must change nothing
				s.Tick(now.Add(2 * sec))
				c := get(t, s, "sys.card.publish_in")
				if c.HasRate != (st.want >= 0) || (c.HasRate && math.Abs(c.Rate-st.want) > 1e-9) {
					t.Fatalf("step %d: rate %v (%v), want %v", i, c.Rate, c.HasRate, st.want)
				}
			}
		})
	}
}

// TestTwoCadences: EMQX sends its uptime twice as often as its counters.
func TestTwoCadences(t *testing.T) {
	s := New()
	for i := range 9 {
		now := start.Add(time.Duration(i) * 30 * time.Second)
		tree := map[string]string{"$SYS/brokers/n/uptime": fmt.Sprint(i * 30000)}
		if i%2 == 0 {
			tree["$SYS/brokers/n/metrics/messages/received"] = fmt.Sprint(i * 300)
		}
		s.Update(round(now, false, tree))
		s.Tick(now.Add(2 * time.Second))
		s.Tick(now.Add(29 * time.Second))
		if c := get(t, s, "sys.card.publish_in"); i >= 2 && (!c.HasRate || c.Rate != 10) {
			t.Errorf("round %d: rate %v (%v)", i, c.Rate, c.HasRate)
		}
	}
}

func TestSpelledDurations(t *testing.T) {
	for text, want := range map[string]float64{
		"5 seconds": 5, "3 hours, 2 minutes, 1 seconds": 10921, "1 days, 0 hours, 0 minutes, 9 seconds": 86409,
		"2 fortnights": -1, "x": -1, "1 day, x": -1, "3600500": 3600.5,
	} {
		got, ok := parse(text, millis)
		if ok != (want >= 0) || (ok && got != want) {
			t.Errorf("%q: %v %v", text, got, ok)
		}
	}
}

func TestRows(t *testing.T) {
	s := New()
	batch := []app.Message{
		{Topic: "$SYS/broker/b", Payload: []byte("2"), Received: start},
		{Topic: "$SYS/broker/a", Payload: []byte("1"), Received: start, Retained: true},
		{Topic: "ordinary", Payload: []byte("no")},
		{Topic: "$SYSTEM", Payload: []byte("no")},
		{Topic: "$SYS/", Payload: []byte("root")},
		{Topic: "$SYS/brokers", Payload: []byte("n1,n2")},
		{Topic: "$SYS/broker/big", Payload: []byte(strings.Repeat("é", maxValue))},
		{Topic: "$SYS/broker/raw", Payload: []byte{'o', 'k', 0xFF}},
	}
	s.Update(batch)
	batch[0].Payload[0] = 'X' // the batch is the caller's again
	got := s.Rows(0, 100, nil)
	var topics []string
	for _, r := range got {
		topics = append(topics, r.Topic)
	}
	want := []string{"$SYS/", "$SYS/broker/a", "$SYS/broker/b", "$SYS/broker/big", "$SYS/broker/raw", "$SYS/brokers"}
	if !slices.Equal(topics, want) {
		t.Fatalf("topics %q", topics)
	}
	if got[1].Value != "1" || !got[1].Retained || got[2].Value != "2" || !got[2].Received.Equal(start) {
		t.Errorf("rows %+v", got[1:3])
	}
	if !got[3].Truncated || len(got[3].Value) > maxValue+2 || got[4].Value != "ok\uFFFD" {
		t.Errorf("values %d bytes, %q", len(got[3].Value), got[4].Value)
	}
	if r := s.Rows(4, 1, got); len(r) != 1 || r[0].Topic != want[4] {
		t.Errorf("window %+v", r)
	}
	for _, w := range [][2]int{{-3, 2}, {99, 5}, {0, 0}, {5, 1 << 60}} {
		s.Rows(w[0], w[1], nil)
	}
	s.Reset()
	if n := s.Snapshot().Rows; n != 0 {
		t.Errorf("%d rows after Reset", n)
	}
}

func TestTopicsAreBounded(t *testing.T) {
	s := New()
	for i := range maxTopics + 50 {
		s.Update([]app.Message{{Topic: fmt.Sprintf("$SYS/broker/x/%d", i), Payload: []byte("1")}})
	}
	s.Update([]app.Message{{Topic: "$SYS/broker/x/0", Payload: []byte("again")}})
	snap := s.Snapshot()
	if snap.Rows != maxTopics || snap.Dropped != 50 || s.Rows(0, 1, nil)[0].Value != "again" {
		t.Errorf("%d rows, %d dropped", snap.Rows, snap.Dropped)
	}
}

func TestOtherTopicsCostNothing(t *testing.T) {
	s := New()
	batch := make([]app.Message, 1000)
	for i := range batch {
		batch[i] = app.Message{Topic: "plant/line/sensor", Payload: []byte("21.5")}
	}
	if n := testing.AllocsPerRun(10, func() { s.Update(batch) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestConcurrentUse(t *testing.T) {
	s := New()
	var wg sync.WaitGroup
	for g := range 4 {
		wg.Go(func() {
			for i := range 200 {
				now := start.Add(time.Duration(i) * time.Second)
				s.Update(round(now, false, mosquittoTree()))
				s.Tick(now)
				s.Rows(g, 10, nil)
				_, _ = s.Snapshot(), s.Version()
			}
		})
	}
	wg.Wait()
	if c := get(t, s, "sys.card.publish_in"); c.Value != 700 {
		t.Errorf("%+v", c)
	}
}

// FuzzUpdate: whatever a broker publishes, cards and rows can be shown.
func FuzzUpdate(f *testing.F) {
	f.Add("$SYS/broker/uptime", []byte("3 seconds"), false)
	f.Add("$SYS/brokers/", []byte{0xFF}, true)
	f.Add("$SYS/n/mqtt//received", []byte("1e308"), false)
	f.Fuzz(func(t *testing.T, topic string, payload []byte, retained bool) {
		s := New()
		for i := range 3 {
			now := start.Add(time.Duration(i) * 10 * time.Second)
			s.Update([]app.Message{{Topic: topic, Payload: payload, Received: now, Retained: retained}})
			s.Tick(now.Add(2 * time.Second))
		}
		for _, c := range s.Snapshot().Cards {
			if math.IsNaN(c.Value) || math.IsInf(c.Value, 0) || math.IsNaN(c.Rate) || math.IsInf(c.Rate, 0) || c.Value < 0 || c.Rate < 0 {
				t.Fatalf("card %+v", c)
			}
		}
		for _, r := range s.Rows(0, 10, nil) {
			if len(r.Value) > 3*maxValue {
				t.Fatalf("value of %d bytes", len(r.Value))
			}
		}
	})
}

func BenchmarkUpdateOtherTopics(b *testing.B) {
	s := New()
	batch := make([]app.Message, 1000)
	for i := range batch {
		batch[i] = app.Message{Topic: "plant/line/sensor"}
	}
	for b.Loop() {
		s.Update(batch)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/1000, "ns/message")
}
