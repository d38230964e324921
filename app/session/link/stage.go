package link

import "fmt"

// Stage is one step on the way to a broker, in the order in which they come.
// A link has only those that its options ask for.
type Stage byte

// The stages.
const (
	StageResolve   Stage = iota + 1 // look a name up: the broker's, or the proxy's
	StageTCP                        // connect to one address, or to a Unix socket
	StageProxy                      // ask the proxy for the broker
	StageTLS                        // shake hands over TLS
	StageWebSocket                  // ask for a WebSocket
)

// String returns the stage's name: "resolve", "tcp", "proxy", "tls",
// "websocket".
func (s Stage) String() string {
	names := [...]string{"?", "resolve", "tcp", "proxy", "tls", "websocket"}
	if int(s) >= len(names) {
		s = 0
	}
	return names[s]
}

// Error says at which stage a link failed.
type Error struct {
	Stage   Stage
	Address string // what the stage was about: a name, "host:port", a path
	Proxy   bool   // resolving or connecting was about the proxy
	// CertificateAsked: the broker had asked for a certificate of ours (StageTLS).
	CertificateAsked bool
	Err              error // why
}

// Error returns the technical text.
func (e *Error) Error() string { return fmt.Sprintf("%s %s: %v", e.Stage, e.Address, e.Err) }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }
