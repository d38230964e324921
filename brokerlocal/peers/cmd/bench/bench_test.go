package main

import (
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"tidings/brokerlocal/peers/fleet"
	"tidings/brokerlocal/peers/load"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func values(list ...float64) (out []figure) {
	for _, v := range list {
		out = append(out, figure{value: v})
	}
	return out
}

func count(sent, received uint64) figure {
	return figure{count: load.Count{Sent: sent, Received: received}}
}

func TestGoals(t *testing.T) {
	const key = "k"
	tests := []struct {
		name    string
		goal    goal
		results map[string][]figure
		want    string
	}{
		{"a rate above the peer's", atLeast(1, "nats"), map[string][]figure{fleet.Ours: values(9, 11, 10), "nats": values(10, 1, 99)}, "yes"},
		{"a rate below", atLeast(1.5, "nats"), map[string][]figure{fleet.Ours: values(14), "nats": values(10)}, "**no**"},
		{"no peer to compare with", atLeast(1, "nats"), map[string][]figure{fleet.Ours: values(14)}, "–"},
		{"ours did not run", atLeast(1, "nats"), map[string][]figure{"nats": values(14)}, "–"},
		{"ours failed", atMost(5), map[string][]figure{fleet.Ours: {{err: errors.New("x")}}}, "–"},
		{"a time below the peer's", atMostOf(0.9, "m"), map[string][]figure{fleet.Ours: values(0.9), "m": values(1)}, "yes"},
		{"a time above", atMostOf(0.9, "m"), map[string][]figure{fleet.Ours: values(0.95), "m": values(1)}, "**no**"},
		{"a bound kept", atMost(30), map[string][]figure{fleet.Ours: values(30)}, "yes"},
		{"a bound broken", atMost(30), map[string][]figure{fleet.Ours: values(31)}, "**no**"},
		{"nothing lost", complete(), map[string][]figure{fleet.Ours: {count(9, 9), count(9, 9)}}, "yes"},
		{"one lost in one round", complete(), map[string][]figure{fleet.Ours: {count(9, 9), count(9, 8)}}, "**no**"},
		{"out of order", complete(), map[string][]figure{fleet.Ours: {{count: load.Count{Sent: 9, Received: 9, Disordered: 1}}}}, "**no**"},
		{"fast, and one lost", atMost(30).withoutLoss(), map[string][]figure{fleet.Ours: {count(9, 8)}}, "**no**"},
		{"dropped and counted", counted(), map[string][]figure{fleet.Ours: {{exact: true}}}, "yes"},
		{"dropped and miscounted once", counted(), map[string][]figure{fleet.Ours: {{exact: true}, {}}}, "**no**"},
		{"published only", noGoal(), map[string][]figure{fleet.Ours: values(1)}, "–"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := report{results: results{key: tt.results}}
			if got := r.verdict(row{key: key, goal: tt.goal}); got != tt.want {
				t.Errorf("met: %s, want %s", got, tt.want)
			}
		})
	}
}

func TestCell(t *testing.T) {
	tests := []struct {
		name string
		unit unit
		list []figure
		want string
	}{
		{"median of an odd number", thousands, values(3, 1, 200), "3.0 k/s"},
		{"median of an even number", thousands, values(100, 300), "200 k/s"},
		{"small", seconds, values(0.3149), "0.31 s"},
		{"large", micro, values(41_687.3), "41687 µs"},
		{"lost, always the same", lost, []figure{count(100, 7)}, "loses 93 %"},
		{"lost, from round to round", lost, []figure{count(100, 100), count(100, 67)}, "loses 0–33 %"},
		{"one in a million", lost, []figure{count(1_000_000, 999_999)}, "loses 0.0001 %"},
		{"all but one", lost, []figure{count(100_000, 1)}, "loses 100.0 %"},
		{"nothing lost", lost, []figure{count(100, 100)}, "0 lost"},
		{"a rate with losses", thousands, []figure{{value: 26, count: load.Count{Sent: 10, Received: 4}}}, "26 k/s, loses 60 %"},
		{"wrong order and twice", lost, []figure{{count: load.Count{Sent: 9, Received: 9, Disordered: 3, Duplicate: 2}}}, "0 lost, 3 out of order, 2 twice"},
		{"what the broker says", lost, []figure{{note: "$SYS: 0"}}, "0 lost, $SYS: 0"},
		{"failed once", thousands, append(values(20), figure{err: errors.New("x")}), "20 k/s, failed 1×"},
		{"failed", thousands, []figure{{err: errors.New("x")}}, "failed"},
		{"did not run", thousands, nil, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := cell(row{unit: tt.unit}, tt.list); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

func TestReportHasEveryRowAndItsRatio(t *testing.T) {
	r := report{peers: []fleet.Peer{{Name: fleet.Ours}, {Name: "nats"}, {Name: "aedes", Missing: "node is not there"}}, results: results{}, settings: settings{scale: 1}}
	for _, s := range slices.Concat(scenarios(), durables()) {
		for _, x := range s.rows {
			r.results.add(x.key, fleet.Ours, figure{value: 3, exact: true})
			r.results.add(x.key, "nats", figure{value: 2})
		}
	}
	text := r.text()
	for _, s := range slices.Concat(scenarios(), durables()) {
		for _, x := range s.rows {
			if !strings.Contains(text, "| "+x.title+" |") {
				t.Errorf("no row %q", x.title)
			}
		}
	}
	for _, want := range []string{"2.0 k/s (×1.50)", "2.0 MB (×0.67)", "| 1.0 × nats | yes |", "aedes: did not run, node is not there"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

func TestNamesAreUniqueAndFound(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range slices.Concat(scenarios(), durables()) {
		if seen[s.name] {
			t.Errorf("two scenarios %s", s.name)
		}
		seen[s.name] = true
		for _, x := range s.rows {
			if x.key != s.name && seen[x.key] {
				t.Errorf("two rows %s", x.key)
			}
			seen[x.key] = true
		}
	}
}

func TestParse(t *testing.T) {
	s, err := parse([]string{"-rounds", "2", "-scale", "0.1", "-only", "^q1$", "-peers", "ours|nats"}, io.Discard)
	if err != nil || s.rounds != 2 || s.scale != 0.1 || !s.only.MatchString("q1") || s.only.MatchString("durable-q1") || s.peers.MatchString("aedes") {
		t.Errorf("%+v, %v", s, err)
	}
	for _, bad := range [][]string{{"-rounds", "0"}, {"-scale", "0"}, {"-only", "("}, {"-peers", "("}, {"-x"}} {
		if _, err := parse(bad, io.Discard); err == nil {
			t.Errorf("%v: no error", bad)
		}
	}
}
