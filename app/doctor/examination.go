package doctor

import (
	"context"
	"errors"
	"time"

	"tidings/app"
	"tidings/app/certs"
	"tidings/app/hush"
	"tidings/app/profilecheck"
	"tidings/app/session"
	"tidings/app/session/link"
)

// examination is one run. Only its goroutine touches it, but for the probes of
// single addresses, which touch the Doctor alone.
type examination struct {
	*Doctor
	o app.ConnectOptions // with the proxy that is really used

	addrs   lookup // the addresses that answered, for the link
	failed  Kind   // the step that failed; 0 while none did
	err     error  // why
	saw     Protocol
	id      string // client identifier that the broker is asked under
	secured bool   // TLS came about
}

// errNoTime ends what the whole had no time left for.
var errNoTime = errors.New("the time of the diagnosis is over")

// run takes the steps in order, as far as they lead, and then says of the rest
// that they were not tried.
func (e *examination) run(ctx context.Context) {
	if e.settings(ctx) && e.reach(ctx) {
		if c := e.open(ctx); c != nil {
			e.talk(ctx, c)
		}
		if e.failed != 0 && ctx.Err() == nil {
			e.further(ctx)
		}
	}
	why := "doctor.skipped"
	if ctx.Err() != nil {
		why = "doctor.skipped.time"
		if errors.Is(ctx.Err(), context.Canceled) {
			why = "doctor.skipped.cancelled"
		}
	}
	e.skipRest(why)
}

// rest are the steps that this connection has after the settings.
func (e *examination) rest() (kinds []Kind) {
	if e.o.Link.Transport != app.TransportUnix && e.failed == Settings {
		kinds = append(kinds, Resolve)
	}
	kinds = append(kinds, TCP)
	if k := e.o.Link.Proxy.Kind; k == app.ProxyHTTP || k == app.ProxySOCKS5 {
		kinds = append(kinds, Proxy)
	}
	if e.o.TLS {
		kinds = append(kinds, TLS)
	}
	if e.o.Link.Transport == app.TransportWS {
		kinds = append(kinds, WebSocket)
	}
	return append(kinds, Connect, Ping, Subscribe, Publish)
}

// skipRest says of every step that did not come about why.
func (e *examination) skipRest(why string) {
	done := map[Kind]bool{}
	for _, s := range e.Report().Steps {
		done[s.Kind] = true
	}
	for _, k := range e.rest() {
		switch {
		case done[k]:
		case (k == Subscribe || k == Publish) && e.p.Topic == "":
			e.ended(e.began(k, ""), 0, skipped("doctor.skipped.topic"))
		default:
			e.ended(e.began(k, ""), 0, skipped(why))
		}
	}
}

// step runs one step within its time and notes how it went.
func (e *examination) step(ctx context.Context, k Kind, about string, do func(context.Context) finding) bool {
	n, begin := e.began(k, about), time.Now()
	limited, cancel := context.WithTimeout(ctx, e.p.Step)
	defer cancel()
	f := do(limited)
	return e.close(ctx, k, n, time.Since(begin), f)
}

// close ends a step, and reports whether the way goes on. What failed because
// the whole was cancelled or had no time left says nothing about the broker.
func (e *examination) close(ctx context.Context, k Kind, n int, took time.Duration, f finding) bool {
	if f.verdict == Failed {
		f = interrupted(ctx, e.lacking(k, f))
		if k != Further {
			e.failed = k
		}
	}
	e.ended(n, took, f)
	return f.verdict != Failed && ctx.Err() == nil
}

// interrupted replaces a failure that the end of ctx has caused.
func interrupted(ctx context.Context, f finding) finding {
	switch {
	case ctx.Err() == nil:
		return f
	case errors.Is(ctx.Err(), context.Canceled):
		return skipped("doctor.skipped.cancelled")
	}
	return bad(errNoTime, "doctor.no_time")
}

// explain puts an error of a step into words: the very ones that the window
// shows when connecting fails.
func (e *examination) explain(err error) finding {
	e.err = err
	return told(session.Explain(err, e.o))
}

// settings judges what can be judged without a network: addresses, files, the
// client certificate, and which proxy it is.
func (e *examination) settings(ctx context.Context) bool {
	n, begin := e.began(Settings, ""), time.Now()
	f := e.judge(ctx)
	if f.verdict == Failed {
		f, e.failed = interrupted(ctx, f), Settings
	}
	e.ended(n, time.Since(begin), f)
	return e.failed == 0
}

func (e *examination) judge(ctx context.Context) finding {
	for _, wrong := range append(profilecheck.Link(e.o), profilecheck.Session(e.o)...) {
		return told(wrong.Err)
	}
	f := good("doctor.settings.ok")
	if e.o.Link.Proxy.Kind == app.ProxySystem {
		p, password, err := link.Proxy(ctx, e.o)
		if err != nil {
			return e.explain(err)
		}
		e.o.Link.Proxy, e.o.ProxyPassword = app.Proxy{}, password
		if p != nil {
			e.o.Link.Proxy = *p
			e.secrets = hush.Of(e.o) // nothing else runs yet
			f = f.with("proxy", p.URL())
		}
	}
	if unread, ok := e.keyUnread(); ok {
		return unread
	}
	if e.o.TLS {
		f = e.judgeTLS(ctx, f)
	}
	return e.lack(f)
}

// judgeTLS reads certificates and key as a connection does.
func (e *examination) judgeTLS(ctx context.Context, f finding) finding {
	if _, wrong := certs.Pool(e.o.Security); wrong != nil {
		return told(wrong)
	}
	pair, err := e.p.Dialer.LoadPair(ctx, e.o)
	var wrong *app.Error
	switch {
	case errors.As(err, &wrong):
		return told(wrong)
	case err != nil: // it was cancelled
		return bad(err, "doctor.no_time")
	}
	if path, err := link.KeyLog(); path != "" && err == nil {
		f = f.warn(app.Say("doctor.settings.keylog", "Path", path), app.Say("doctor.settings.keylog.do"))
	}
	if pair == nil {
		return f
	}
	f.facts = append(f.facts, certificateFacts(pair.Info)...)
	now := time.Now()
	if wrong := pair.Info.Validity(now); wrong != nil {
		return f.warn(wrong.What, wrong.Do)
	}
	if pair.Info.EndsSoon(now) {
		return f.warn(app.Say("doctor.certificate.soon", "Subject", pair.Info.Subject, "Date", day(pair.Info.NotAfter)), app.Say("doctor.certificate.soon.do"))
	}
	return f
}
