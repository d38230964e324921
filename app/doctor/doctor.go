package doctor

import (
	"context"
	"slices"
	"sync"
	"time"

	"tidings/app"
	"tidings/app/certs"
	"tidings/app/hush"
	"tidings/app/session/link"
)

// Params say what is examined, and how.
type Params struct {
	// Options are those of the connection; Sink and Frames are not used.
	Options app.ConnectOptions
	// Address is the broker's URL, for the report.
	Address string
	// Topic is what the rights are tried on: a subscription is made and taken
	// back, and unless Topic holds a wildcard a short message is published,
	// which everybody who subscribed receives. "" tries neither.
	Topic string
	// OwnID asks with the client identifier of Options, and with its session
	// when that is kept. The broker ends a connection that runs with it.
	OwnID bool
	// Without are the secrets that the connection would have and Options lacks,
	// by kind.
	Without []Missing

	// Dialer opens the links; its Trace is not used.
	Dialer link.Dialer
	// Step bounds a step, Limit the whole. 0 is the time-out of the link for a
	// step, and four times that for the whole.
	Step, Limit time.Duration
	// Changed is called when the report has changed, also from several
	// goroutines at once. It may be nil.
	Changed func()
}

// Doctor examines one connection once. Make it with New. Its methods are safe
// for concurrent use.
type Doctor struct {
	p       Params
	secrets hush.Secrets

	mu     sync.Mutex
	report Report
}

// New returns a doctor that has done nothing yet.
func New(p Params) *Doctor {
	if p.Step <= 0 {
		p.Step = p.Options.Link.Timeout
	}
	if p.Step <= 0 {
		p.Step = app.DefaultConnectTimeout
	}
	if p.Limit <= 0 {
		p.Limit = 4 * p.Step
	}
	if p.Dialer.Keys == nil {
		p.Dialer.Keys = certs.NewOpener()
	}
	if p.Changed == nil {
		p.Changed = func() {}
	}
	d := &Doctor{p: p, secrets: hush.Of(p.Options)}
	d.report = Report{Address: d.clean(p.Address), Version: p.Options.Version, Running: true}
	return d
}

// Run examines the connection and returns the whole report. It blocks for
// Params.Limit at most, and ends at once with ctx; every goroutine and
// connection of it has ended then. Call it once.
func (d *Doctor) Run(ctx context.Context) Report {
	began := time.Now()
	d.change(func(r *Report) { r.Began = began })
	limited, cancel := context.WithTimeout(ctx, d.p.Limit)
	e := &examination{Doctor: d, o: d.p.Options}
	e.run(limited)
	cancel()
	d.change(func(r *Report) {
		r.Running, r.Took, r.Cancelled = false, time.Since(began), ctx.Err() != nil
	})
	return d.Report()
}

// Report returns what is known so far.
func (d *Doctor) Report() Report {
	d.mu.Lock()
	defer d.mu.Unlock()
	r := d.report
	r.Steps = slices.Clone(r.Steps)
	return r
}

func (d *Doctor) change(f func(*Report)) {
	d.mu.Lock()
	f(&d.report)
	d.mu.Unlock()
	d.p.Changed()
}

// began adds a step that runs, and returns its number.
func (d *Doctor) began(k Kind, about string) (n int) {
	d.change(func(r *Report) {
		n = len(r.Steps)
		r.Steps = append(r.Steps, Step{Kind: k, About: about})
	})
	return n
}

// ended says how a step went.
func (d *Doctor) ended(n int, took time.Duration, v finding) {
	d.change(func(r *Report) {
		s := &r.Steps[n]
		s.Took, s.Verdict, s.What, s.Do = took, v.verdict, d.cleanText(v.what), d.cleanText(v.do)
		s.Technical = d.clean(v.technical)
		for _, f := range v.facts {
			if f.Value != "" {
				s.Facts = append(s.Facts, Fact{f.Name, d.clean(f.Value)})
			}
		}
	})
}
