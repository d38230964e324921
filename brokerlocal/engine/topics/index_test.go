package topics

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"tidings/app"
)

// receivers says what a match answers: "session(qos)", sorted.
func receivers(x *Index[string], topic string) string {
	var m Matches[string]
	x.Match(topic, &m)
	var all []string
	for _, r := range m.Receivers {
		all = append(all, fmt.Sprintf("%s(%d)", r.Session, r.All.QoS))
	}
	for _, g := range m.Groups {
		for _, member := range g.Members() {
			all = append(all, fmt.Sprintf("%s:%s(%d)", g.Name(), member.Session, member.Options.QoS))
		}
	}
	slices.Sort(all)
	return strings.Join(all, " ")
}

func TestMatch(t *testing.T) {
	x := New[string]()
	for i, filter := range []string{
		"#", "+", "a", "a/#", "a/+", "a/b", "+/b", "a/+/c", "/", "/+", "$SYS/#", "$SYS/+", "+/+/#",
		"$share/g/#", "$share/g/a/b", "$share/h/$SYS/x", "$share/h//a", "$shared/a",
	} {
		x.Subscribe(filter, fmt.Sprint(filter), Options{QoS: app.QoS(i % 3)})
	}
	tests := []struct{ topic, want string }{
		{"a", "#(0) +(1) a(2) a/#(0) g:$share/g/#(1)"},
		{"a/b", "#(0) +/+/#(0) +/b(0) a/#(0) a/+(1) a/b(2) g:$share/g/#(1) g:$share/g/a/b(2)"},
		{"a/b/c", "#(0) +/+/#(0) a/#(0) a/+/c(1) g:$share/g/#(1)"},
		{"/", "#(0) +/+/#(0) /(2) /+(0) g:$share/g/#(1)"},
		{"/a", "#(0) +/+/#(0) /+(0) g:$share/g/#(1) h:$share/h//a(1)"},
		{"$SYS", "$SYS/#(1)"}, // [MQTT-4.7.2-1]
		{"$SYS/x", "$SYS/#(1) $SYS/+(2) h:$share/h/$SYS/x(0)"},
		{"$shared/a", "$shared/a(2)"},
		{"", ""},
	}
	for _, tt := range tests {
		t.Run(tt.topic, func(t *testing.T) {
			if got := receivers(x, tt.topic); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestOverlapIsOneReceiver(t *testing.T) {
	x := New[string]()
	x.Subscribe("a/#", "s", Options{QoS: 1, ID: 7})
	x.Subscribe("a/+", "s", Options{QoS: 2, NoLocal: true, ID: 8})
	x.Subscribe("+/b", "s", Options{QoS: 0, RetainAsPublished: true, ID: 9})
	x.Subscribe("a/b", "t", Options{QoS: 2, NoLocal: true})
	var m Matches[string]
	x.Match("a/b", &m)
	if len(m.Receivers) != 2 {
		t.Fatalf("%d receivers", len(m.Receivers))
	}
	for _, r := range m.Receivers {
		if r.Session == "t" {
			if !r.All.Deliver || r.Own.Deliver {
				t.Errorf("no local: %+v", r)
			}
			continue
		}
		r.All.SubscriptionIDs = slices.Sorted(slices.Values(r.All.SubscriptionIDs))
		r.Own.SubscriptionIDs = slices.Sorted(slices.Values(r.Own.SubscriptionIDs))
		if all := r.For("t"); all.QoS != 2 || !all.RetainAsPublished || !slices.Equal(all.SubscriptionIDs, []uint32{7, 8, 9}) {
			t.Errorf("from another: %+v", all)
		}
		if own := r.For("s"); own.QoS != 1 || !own.RetainAsPublished || !slices.Equal(own.SubscriptionIDs, []uint32{7, 9}) {
			t.Errorf("from itself: %+v", own)
		}
	}
}

// TestSessionWithManyComesAndGoes crosses the size from which a session's
// subscriptions have an index, while another session keeps their groups.
func TestSessionWithManyComesAndGoes(t *testing.T) {
	const n = 4 * fewPlaces
	x := New[string]()
	filter := func(i int) string { return fmt.Sprint("a/", i) }
	for i := range n {
		x.Subscribe(filter(i), "keeps", Options{})
		x.Subscribe(filter(i), "s", Options{})
	}
	for round := range 3 {
		for i := round; i < n; i += 2 {
			if !x.Unsubscribe(filter(i), "s") || x.Unsubscribe(filter(i), "s") {
				t.Fatal("it was there, once")
			}
		}
		for i := round; i < n; i += 2 {
			if x.Subscribe(filter(i), "s", Options{}) || !x.Subscribe(filter(i), "s", Options{QoS: 1}) {
				t.Fatal("it was not there, then it was")
			}
			if got := receivers(x, filter(i)); got != "keeps(0) s(1)" {
				t.Fatal(got)
			}
		}
	}
	if got := x.UnsubscribeAll("s"); got != n || x.Len() != n {
		t.Errorf("%d ended, %d are left", got, x.Len())
	}
}
