package main

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"slices"
	"time"

	"tidings/brokerlocal/peers/fleet"
	"tidings/brokerlocal/peers/load"
)

// figure is what one trial found for one row.
type figure struct {
	value float64 // in the unit of the row
	count load.Count
	note  string // what the broker itself says
	exact bool   // and that it is true
	err   error  // why there is no value
}

// results are figures by row and by peer, one for each round.
type results map[string]map[string][]figure

func (r results) add(key, peer string, f figure) {
	if r[key] == nil {
		r[key] = map[string][]figure{}
	}
	r[key][peer] = append(r[key][peer], f)
}

// runner runs the rounds.
type runner struct {
	settings
	dir     string
	peers   []fleet.Peer
	log     io.Writer
	results results
	done    int // rounds
	took    time.Duration
}

// all runs every round, or as many as the limit lets through.
func (r *runner) all(ctx context.Context) {
	begin := time.Now()
	var longest time.Duration
	for r.done < r.rounds && ctx.Err() == nil {
		if r.done > 0 && time.Since(begin)+longest > r.limit {
			break
		}
		from := time.Now()
		r.round(ctx)
		longest = max(longest, time.Since(from))
		r.done++
		r.took = time.Since(begin)
	}
}

// round runs each scenario against each peer, beginning with another peer
// every time.
func (r *runner) round(ctx context.Context) {
	for _, s := range slices.Concat(scenarios(), durables()) {
		if !r.only.MatchString(s.name) {
			continue
		}
		for i := range r.peers {
			p := r.peers[(i+r.done)%len(r.peers)]
			if p.Missing == "" && r.takesPart(p, s) && ctx.Err() == nil {
				r.try(ctx, s, p)
			}
		}
	}
}

// takesPart says whether p can do s. The relay has no work to vary in: once
// is enough.
func (r *runner) takesPart(p fleet.Peer, s scenario) bool {
	if p.Name == fleet.Relay {
		return s.relay && r.done == 0
	}
	return p.Durable || !s.durable
}

// trialTime is how long one trial may take. Then its broker is stopped, which
// ends every connection to it.
const trialTime = 60 * time.Second

// try runs s once against a fresh p.
func (r *runner) try(ctx context.Context, s scenario, p fleet.Peer) {
	ctx, cancel := context.WithTimeout(ctx, trialTime)
	defer cancel()
	begin := time.Now()
	t := &trial{runner: r, peer: p.Name}
	b, err := p.Start(ctx, r.dir, s.durable)
	if err == nil {
		defer b.Stop()
		stop := context.AfterFunc(ctx, b.Stop)
		defer stop()
		runtime.GC() // none of ours in the middle
		t.broker, t.addr = b, b.Addr
		err = s.run(ctx, t)
		if gone := b.Err(); err != nil && ctx.Err() == nil && gone != nil {
			err = gone
		}
	}
	if err != nil {
		for _, row := range s.rows {
			r.drop(row.key, p.Name, t)
			r.results.add(row.key, p.Name, figure{err: err})
		}
	}
	_, _ = fmt.Fprintf(r.log, "round %d  %-16s %-12s %5.1f s  %s\n", r.done+1, s.name, p.Name, time.Since(begin).Seconds(), t.said(s, err))
}

// drop takes back what a failed trial noted.
func (r *runner) drop(key, peer string, t *trial) {
	if list := r.results[key][peer]; slices.Contains(t.keys, key) && len(list) > 0 {
		r.results[key][peer] = list[:len(list)-1]
	}
}

// trial is one scenario against one broker.
type trial struct {
	*runner
	peer   string
	broker *fleet.Broker
	addr   string
	keys   []string // noted
}

// scaled shortens or lengthens d.
func (t *trial) scaled(d time.Duration) time.Duration { return time.Duration(float64(d) * t.scale) }

// count makes n smaller or larger.
func (t *trial) count(n int) int { return max(1, int(float64(n)*t.scale)) }

// note keeps a figure.
func (t *trial) note(key string, f figure) {
	t.keys = append(t.keys, key)
	t.results.add(key, t.peer, f)
}

// rest is how long a broker may tidy up before its memory is looked at.
const rest = time.Second

// noteRSS keeps the broker's memory in MB.
func (t *trial) noteRSS(key string) {
	time.Sleep(rest)
	n, err := t.broker.RSS()
	t.note(key, figure{value: float64(n) / 1e6, err: err})
}

// said is one line about a trial.
func (t *trial) said(s scenario, err error) (text string) {
	if err != nil {
		return "failed: " + err.Error()
	}
	for _, row := range s.rows {
		if list := t.results[row.key][t.peer]; len(list) > 0 {
			text += cell(row, list[len(list)-1:]) + "  "
		}
	}
	return text
}

// meter is processor time between two marks.
type meter struct {
	read  func() (time.Duration, error)
	marks []time.Duration
}

// cpuMeter returns meters for the broker and for ourselves.
func (t *trial) cpuMeter() (broker, own *meter) {
	return &meter{read: t.broker.CPU}, &meter{read: fleet.OwnCPU}
}

func (m *meter) mark() {
	if d, err := m.read(); err == nil {
		m.marks = append(m.marks, d)
	}
}

func (m *meter) spent() time.Duration {
	if len(m.marks) < 2 {
		return 0
	}
	return m.marks[len(m.marks)-1] - m.marks[0]
}

// costs keeps what n deliveries cost each side, in µs of processor time.
func (t *trial) costs(name string, broker, own *meter, n float64) {
	if n > 0 {
		t.note(cpuKey(name), figure{value: float64(broker.spent().Microseconds()) / n})
		t.note(ownKey(name), figure{value: float64(own.spent().Microseconds()) / n})
	}
}
