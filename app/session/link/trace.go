package link

import (
	"context"
	"crypto/tls"
	"time"
)

// Trace is told of each stage of one link. Either function may be nil. They
// are called from the goroutine that dials, and for StageTCP from several at
// once when a name has several addresses: they must be safe for that, and
// quick.
type Trace struct {
	// Begin is called before a stage.
	Begin func(s Stage, address string)
	// End is called after it.
	End func(Step)
}

// Step is how one stage went.
type Step struct {
	Stage   Stage
	Address string // as of Begin
	Took    time.Duration
	Err     error // nil when it went well; context.Canceled for an address that another one outran

	Addresses []string             // StageResolve: what the name means, best first
	Local     string               // StageTCP: our side
	TLS       *tls.ConnectionState // StageTLS: as far as it got, the broker's certificates included; nil before
	// CertificateAsked: the broker asked for a certificate of ours (StageTLS).
	CertificateAsked bool
	Status           int    // StageProxy and StageWebSocket: the HTTP status, 0 without one
	Proxy            string // StageProxy: the proxy, as its URL says it
}

// Failure returns the error that a stage that went so ends the link with; it is
// of no use for one that went well.
func (s Step) Failure() *Error {
	return &Error{Stage: s.Stage, Address: s.Address, CertificateAsked: s.CertificateAsked, Err: s.Err}
}

// traceKey is the key of a Trace in a context.
type traceKey struct{}

// WithTrace returns a context under which every Dialer without a Trace of its
// own tells t of its stages: for one attempt among many of the same Dialer.
func WithTrace(ctx context.Context, t *Trace) context.Context {
	return context.WithValue(ctx, traceKey{}, t)
}

// traced returns d with the Trace of ctx, unless it has one.
func (d Dialer) traced(ctx context.Context) Dialer {
	if t, ok := ctx.Value(traceKey{}).(*Trace); ok && d.Trace == nil {
		d.Trace = t
	}
	return d
}

// step begins a stage; the returned function ends it and makes an *Error of
// what went wrong.
func (d Dialer) step(s Stage, address string) func(Step) error {
	if d.Trace != nil && d.Trace.Begin != nil {
		d.Trace.Begin(s, address)
	}
	begun := time.Now()
	return func(end Step) error {
		end.Stage, end.Address, end.Took = s, address, time.Since(begun)
		if d.Trace != nil && d.Trace.End != nil {
			d.Trace.End(end)
		}
		if end.Err != nil {
			return end.Failure()
		}
		return nil
	}
}
