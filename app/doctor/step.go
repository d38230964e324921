package doctor

import (
	"time"

	"tidings/app"
)

// Kind is what a step is about.
type Kind byte

// The kinds, in the order of the way.
const (
	Settings  Kind = iota + 1 // the options themselves, certificate and key included
	Resolve                   // the addresses of a name: the broker's, or the proxy's
	TCP                       // one address, or a Unix socket
	Proxy                     // the way through a proxy
	TLS                       // the handshake and the broker's certificate
	WebSocket                 // the request for a WebSocket
	Connect                   // CONNECT and its answer
	Ping                      // PINGREQ and its answer
	Subscribe                 // the right to subscribe to a topic
	Publish                   // the right to publish to it
	Takeover                  // whether another client has the identifier
	Further                   // tried after a failure, to explain it
)

// Text returns the name of the step.
func (k Kind) Text() app.Text {
	names := [...]string{
		"settings", "resolve", "tcp", "proxy", "tls", "websocket",
		"connect", "ping", "subscribe", "publish", "takeover", "further",
	}
	if k < Settings || int(k) > len(names) {
		k = Further
	}
	return app.Say("doctor.step." + names[k-1])
}

// Verdict is how a step went.
type Verdict byte

// The verdicts.
const (
	Running Verdict = iota // it is under way
	OK
	Warning // it went well, but something deserves attention
	Failed
	Skipped // it was not tried, or was cancelled
)

// String returns the verdict's name: "running", "ok", "warning", "failed",
// "skipped".
func (v Verdict) String() string {
	return [...]string{"running", "ok", "warning", "failed", "skipped"}[min(v, Skipped)]
}

// Fact is one detail of a step, for those who ask.
type Fact struct {
	Name  app.Text
	Value string // one line; untrusted text, made harmless
}

// Step is one step. Its slices are never changed again.
type Step struct {
	Kind    Kind
	About   string // what it is about: a name, "host:port", a path, a topic; may be empty
	Verdict Verdict
	Took    time.Duration // 0 while it runs, or when nothing was done
	What    app.Text      // what happened and what that means; zero while it runs
	Do      app.Text      // what to do; zero for nothing
	Facts   []Fact
	// Technical is the technical text of what went wrong: one line.
	Technical string
}

// HasDetails reports whether there is more than a sentence about the step.
func (s Step) HasDetails() bool { return len(s.Facts) > 0 || s.Technical != "" }
