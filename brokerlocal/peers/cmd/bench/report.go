package main

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"time"

	"tidings/brokerlocal/peers/fleet"
)

// report writes what was found.
type report struct {
	settings
	peers   []fleet.Peer
	results results
	rounds  int
	took    time.Duration
}

// page is a text that grows.
type page struct{ strings.Builder }

func (p *page) add(format string, args ...any) { _, _ = fmt.Fprintf(p, format, args...) }

// text returns the whole report.
func (r report) text() string {
	var w page
	r.write(&w)
	return w.String()
}

func (r report) write(w *page) {
	w.add("# The local broker beside others\n\nMedians of %d interleaved rounds, scale %g, %d processors of %s/%s shared by generator and broker, %.0f s in all. ",
		r.rounds, r.scale, runtime.NumCPU(), runtime.GOOS, runtime.GOARCH, r.took.Seconds())
	w.add("Behind a peer's figure: how many times better ours is.\n")
	if r.scale != 1 {
		w.add("\n**Another scale than 1: for a quick look, not for comparison with published figures.**\n")
	}
	r.section(w, "In memory", scenarios())
	r.section(w, "With a data folder", durables())
	r.costs(w)
	r.notes(w)
}

// section writes one table, of the rows that have figures.
func (r report) section(w *page, title string, list []scenario) {
	var rows []row
	for _, s := range list {
		rows = append(rows, s.rows...)
	}
	rows = slices.DeleteFunc(rows, func(x row) bool { return len(r.results[x.key]) == 0 })
	if len(rows) == 0 {
		return
	}
	peers := r.columns(rows)
	w.add("\n## %s\n\n| Scenario |", title)
	for _, p := range peers {
		w.add(" %s |", p)
	}
	w.add(" goal | met |\n|---|%s---|---|\n", strings.Repeat("---|", len(peers)))
	for _, x := range rows {
		w.add("| %s |", x.title)
		for _, p := range peers {
			w.add(" %s |", r.cell(x, p))
		}
		w.add(" %s | %s |\n", x.goal.text, r.verdict(x))
	}
}

// columns returns the names of the peers that have a figure in rows.
func (r report) columns(rows []row) (names []string) {
	for _, p := range r.peers {
		if p.Name != fleet.Relay && slices.ContainsFunc(rows, func(x row) bool { return len(r.results[x.key][p.Name]) > 0 }) {
			names = append(names, p.Name)
		}
	}
	return names
}

// cell is a peer's figures and the ratio to ours.
func (r report) cell(x row, peer string) string {
	text := cell(x, r.results[x.key][peer])
	ours, ok := r.results.median(x.key, fleet.Ours)
	theirs, ok2 := r.results.median(x.key, peer)
	if peer == fleet.Ours || x.unit.none || !ok || !ok2 || ours == 0 || theirs == 0 {
		return text
	}
	ratio := ours / theirs
	if x.unit.less {
		ratio = theirs / ours
	}
	return fmt.Sprintf("%s (×%.2f)", text, ratio)
}

func (r report) verdict(x row) string {
	met, ok := x.goal.met(r.results, x)
	switch {
	case !ok:
		return "–"
	case met:
		return "yes"
	}
	return "**no**"
}

// costs shows that the generator is not what was measured: what it spends on
// a delivery beside what the broker spends, and what it reaches through the
// relay.
func (r report) costs(w *page) {
	var lines []string
	for _, s := range slices.Concat(scenarios(), durables()) {
		if line := r.cost(s); line != "" {
			lines = append(lines, line)
		}
	}
	if len(lines) == 0 {
		return
	}
	w.add("\n## What the generator costs\n\nProcessor time per delivery in µs, of the generator (publisher and subscribers) / of the broker. ")
	w.add("Relay: a process that only copies bytes, once.\n\n| Scenario |")
	for _, p := range r.peers {
		w.add(" %s |", p.Name)
	}
	w.add(" rate through the relay |\n|---|%s---|\n", strings.Repeat("---|", len(r.peers)))
	w.add("%s", strings.Join(lines, ""))
}

func (r report) cost(s scenario) string {
	if len(r.results[ownKey(s.name)]) == 0 && (!s.relay || len(r.results[s.rows[0].key]) == 0) {
		return ""
	}
	line := "| " + s.rows[0].title + " |"
	for _, p := range r.peers {
		own, ok := r.results.median(ownKey(s.name), p.Name)
		broker, _ := r.results.median(cpuKey(s.name), p.Name)
		if ok {
			line += fmt.Sprintf(" %.2f / %.2f |", own, broker)
		} else {
			line += " |"
		}
	}
	return line + " " + cell(s.rows[0], r.results[s.rows[0].key][fleet.Relay]) + " |\n"
}

func (r report) notes(w *page) {
	w.add("\n## Notes\n\n")
	for _, p := range r.peers {
		switch {
		case p.Missing != "":
			w.add("- %s: did not run, %s\n", p.Name, p.Missing)
		case p.Note != "":
			w.add("- %s: %s\n", p.Name, p.Note)
		}
	}
	for _, s := range slices.Concat(scenarios(), durables()) {
		for _, p := range r.peers {
			if why := failure(r.results[s.rows[0].key][p.Name]); why != "" {
				w.add("- %s, %s: %s\n", s.name, p.Name, why)
			}
		}
	}
}

// failure returns why the latest trial that failed did, in one line.
func failure(list []figure) string {
	for _, f := range slices.Backward(list) {
		if f.err != nil {
			return strings.Join(strings.Fields(f.err.Error()), " ")
		}
	}
	return ""
}
