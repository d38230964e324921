package workspace

import (
	"context"
	"time"

	"tidings/app"
	"tidings/app/session"
)

// Rates are messages a second over the last second.
type Rates struct{ In, Out float64 }

// Snapshot is the state of a workspace at one moment. It is a copy.
type Snapshot struct {
	Session  session.Snapshot
	Rates    Rates
	Received uint64 // messages since the workspace was opened
	Bytes    uint64 // payload bytes of those
	Traffic  app.Traffic
}

// Snapshot returns the present state.
func (w *Workspace) Snapshot() Snapshot {
	w.mu.Lock()
	rates := w.rates
	w.mu.Unlock()
	return Snapshot{
		Session:  w.session.Snapshot(),
		Rates:    rates,
		Received: w.ingest.received.Load(),
		Bytes:    w.ingest.bytes.Load(),
		Traffic:  w.session.Traffic(),
	}
}

// beat works out the rates once a second, and keeps a countdown moving.
func (w *Workspace) beat(ctx context.Context) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	var received, published uint64
	last := time.Now()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-tick.C:
			seconds := now.Sub(last).Seconds()
			last = now
			s := w.session.Snapshot()
			in := w.ingest.received.Load()
			next := Rates{
				In:  float64(in-received) / seconds,
				Out: float64(s.Published-published) / seconds,
			}
			received, published = in, s.Published
			w.filters.sample(seconds)
			w.ingest.sys.Tick(now)
			settled := w.outbox.settle(s)
			if w.setRates(next) || settled || s.State == session.Waiting || s.Outgoing.Total() > 0 {
				w.p.Touch()
			}
		}
	}
}

// setRates reports whether there is something new to show.
func (w *Workspace) setRates(next Rates) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	changed := next != w.rates
	w.rates = next
	return changed
}
