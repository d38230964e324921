package doctor

import (
	"context"
	"errors"
	"net"
	"strconv"
	"time"

	"tidings/app"
	"tidings/app/session/link"
)

// open opens a link as a connection does, and tells of the stages that follow
// TCP. It returns nil when the way ended.
func (e *examination) open(ctx context.Context) net.Conn {
	n := 0
	begins := func(s link.Stage, _ string) {
		if k := e.kindOf(s); k != 0 {
			n = e.began(k, e.about(k))
		}
	}
	ends := func(s link.Step) {
		if k := e.kindOf(s.Stage); k != 0 {
			e.close(ctx, k, n, s.Took, e.judgeStage(s))
		}
	}
	o := e.o
	o.Link.Timeout = e.p.Step
	c, err := e.dialer(&link.Trace{Begin: begins, End: ends}).Open(ctx, o)
	if err != nil && e.failed == 0 && ctx.Err() == nil { // an address that answered a moment ago
		e.step(ctx, TCP, e.o.Address(), func(context.Context) finding { return e.explain(err) })
	}
	if err != nil {
		return nil
	}
	return c
}

// dialer returns what opens links: to the addresses that answered.
func (e *examination) dialer(t *link.Trace) link.Dialer {
	d := e.p.Dialer
	d.Trace = t
	if e.addrs != nil {
		d.Lookup = e.addrs.find
	}
	return d
}

// kindOf returns the step that a stage is, 0 for one that has been looked at.
func (e *examination) kindOf(s link.Stage) Kind {
	switch s {
	case link.StageProxy:
		return Proxy
	case link.StageTLS:
		return TLS
	case link.StageWebSocket:
		return WebSocket
	case link.StageTCP:
		if e.o.Link.Transport == app.TransportUnix {
			return TCP
		}
	}
	return 0
}

// about names what a step is about.
func (e *examination) about(k Kind) string {
	switch k {
	case Proxy:
		return e.o.Link.Proxy.URL()
	case WebSocket:
		return app.HideQuery(app.RequestPath(e.o.Link.Path))
	}
	return e.o.Address()
}

func (e *examination) judgeStage(s link.Step) finding {
	at := s.Failure()
	switch s.Stage {
	case link.StageTLS:
		return e.judgeHandshake(s, at)
	case link.StageProxy:
		f := good("doctor.proxy.ok", "Address", e.o.Address())
		if s.Err != nil {
			f = e.slow(at, "doctor.proxy.silent")
		}
		return f.with("http", status(s.Status))
	case link.StageWebSocket:
		f := good("doctor.websocket.ok")
		if s.Err != nil {
			f = e.slow(at, "doctor.websocket.silent")
		}
		return f.with("http", status(s.Status))
	}
	if s.Err != nil {
		return e.explain(at)
	}
	return good("doctor.tcp.ok")
}

// slow explains the failure of a stage; silent is the key for one that nobody
// answered.
func (e *examination) slow(err error, silent string) finding {
	if errors.Is(err, context.DeadlineExceeded) {
		e.err = err
		return bad(err, silent, "Address", e.o.Address())
	}
	return e.explain(err)
}

func status(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// hangUp closes a connection at once: TLS would take its leave first, and may
// wait for that.
func hangUp(c net.Conn) {
	if t, ok := c.(interface{ NetConn() net.Conn }); ok {
		c = t.NetConn()
	}
	_ = c.Close()
}

// day is a date as it stands in sentences.
func day(t time.Time) string { return t.UTC().Format(time.DateOnly) }
