package crashtest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// SoakConfig says how long a wear test takes, and with how many.
type SoakConfig struct {
	Time    time.Duration
	Clients int // that come and go
	Seed    uint64
	Every   time.Duration // between two samples
	CSV     io.Writer     // gets the samples; nil: nobody
}

// SoakResult is what a wear test has found.
type SoakResult struct {
	Samples    []Sample
	Visits     int
	Summary           // of the numbered messages
	Base, Left Sample // before anybody came, and after everybody left
}

// String returns one line.
func (r SoakResult) String() string {
	return fmt.Sprintf("%d visits, %s in, %s out; numbered: %d acknowledged at QoS 1, %d at QoS 2, received %d, repeated with DUP %d, lost 0; "+
		"goroutines %d before, %d after; files %d before, %d after", r.Visits, thousands(r.Left.MessagesIn), thousands(r.Left.MessagesOut),
		r.Acked[1], r.Acked[2], r.Received, r.Dup, r.Base.Goroutines, r.Left.Goroutines, r.Base.Files, r.Left.Files)
}

func thousands(n uint64) string { return fmt.Sprintf("%d,%03d messages", n/1000, n%1000) }

// Soak lets clients come and go at a broker that keeps its data in folder.
// The error lists what was lost, and what does not come back to what it was;
// whether memory is flat is for Flat to say.
func Soak(ctx context.Context, folder string, c SoakConfig) (SoakResult, error) {
	w := newWorld(ctx)
	defer w.stop()
	var r SoakResult
	p, err := Start(w.ctx, folder)
	if err != nil {
		return r, err
	}
	defer p.Kill()
	if r.Base, err = p.sample(0); err != nil {
		return r, err
	}
	began, who := time.Now(), newCast(w, c.Seed)
	who.enter(w, p)
	enough, visits := make(chan struct{}), atomic.Int64{}
	var visitors sync.WaitGroup
	for i := range c.Clients {
		visitors.Go(func() {
			v := newVisitor(w, i, c.Seed)
			v.run(p, enough)
			visits.Add(int64(v.visits))
		})
	}
	flows := who.flow(w, p, enough)
	watch(w, p, began, c, &r)
	close(enough)
	visitors.Wait()
	flows.Wait()
	r.Visits = int(visits.Load())
	who.count(&r.Summary)
	w.empty(p, &r)
	if len(w.findings) > 0 {
		return r, errors.New(strings.Join(w.findings, "\n"))
	}
	return r, errors.Join(ctx.Err(), p.Stop())
}

// watch takes samples until the time is over.
func watch(w *world, p *Process, began time.Time, c SoakConfig, r *SoakResult) {
	if c.CSV != nil {
		_, _ = fmt.Fprintln(c.CSV, sampleHeader)
	}
	for time.Since(began) < c.Time && w.pause(min(c.Every, c.Time-time.Since(began)+time.Millisecond)) {
		s, err := p.sample(time.Since(began))
		if err != nil {
			w.found("the broker does not answer: %v: %s", err, p.errors.String())
			return
		}
		r.Samples = append(r.Samples, s)
		if c.CSV != nil {
			_, _ = fmt.Fprintln(c.CSV, s)
		}
	}
}

// flow lets the numbered messages flow: their publishers and subscribers are
// cut off now and then, and in the end everything has to be there.
func (t *cast) flow(w *world, p *Process, enough <-chan struct{}) *sync.WaitGroup {
	var publishing, all sync.WaitGroup
	quiet := make(chan struct{})
	for _, pub := range t.publishers {
		pub.pace = 500 * time.Millisecond
		publishing.Go(func() {
			for w.ctx.Err() == nil {
				if l, _ := w.dial(p, pub.connect); l != nil && cutOff(l, enough, pub.random.IntN(60), func() bool { return pub.use(l, enough) }) {
					return
				}
			}
		})
	}
	for i, s := range t.subscribers {
		all.Go(func() {
			for w.ctx.Err() == nil {
				s.life++
				if l, _ := w.dial(p, s.connect); l != nil && cutOff(l, enough, 5+7*i, func() bool { return s.use(l, quiet) }) {
					return
				}
				s.held = nil
			}
		})
	}
	all.Go(func() {
		publishing.Wait()
		close(quiet)
	})
	return &all
}

// cutOff uses a connection and cuts it after some seconds, but not when it is
// enough. It returns what use returns.
func cutOff(l *link, enough <-chan struct{}, seconds int, use func() bool) bool {
	defer l.Drop()
	t := time.AfterFunc(time.Second+time.Duration(seconds)*time.Second, func() {
		select {
		case <-enough:
		default:
			l.hangUp()
		}
	})
	defer t.Stop()
	return use()
}

// How many more than before are no finding: stacks that the engine keeps for
// the next connection, a timer at work.
const (
	spareGoroutines = 40
	spareFiles      = 3
)

// empty waits until what everybody left behind is gone.
func (w *world) empty(p *Process, r *SoakResult) {
	w.calm(p)
	for began := time.Now(); w.ctx.Err() == nil; {
		s, err := p.sample(0)
		if err != nil {
			w.found("the broker does not answer: %v", err)
			return
		}
		r.Left = s
		if s.Goroutines <= r.Base.Goroutines+spareGoroutines && s.Files <= r.Base.Files+spareFiles {
			return
		}
		if time.Since(began) > patience {
			w.found("everybody has left: %d goroutines, %d before; %d files, %d before\n%s",
				s.Goroutines, r.Base.Goroutines, s.Files, r.Base.Files, p.goroutines())
			return
		}
		w.pause(50 * time.Millisecond)
	}
}
