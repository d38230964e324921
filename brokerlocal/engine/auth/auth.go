package auth

import (
	"context"
	"net/netip"

	"tidings/app"
)

// Reason codes of a Verdict beside those that package app names
// (MQTT 5.0 §2.4).
const (
	ReasonContinue  app.ReasonCode = 0x18 // AUTH: another round is needed
	ReasonBadMethod app.ReasonCode = 0x8C // the authentication method is unknown
	ReasonTooOften  app.ReasonCode = 0x9F // too many failed attempts from this address
)

// Client is who asks. The engine keeps one per connection, fills it before
// the first question and replaces it, rather than changing it, when User
// changes; so it may be read by many goroutines.
type Client struct {
	ID      string     // client identifier; the assigned one when the client sent none
	User    string     // who the client is; "" is an anonymous client
	Address netip.Addr // the peer; the zero Addr for a Unix socket, which counts as loopback
	Version app.Version
}

// Login is what a client offers in its CONNECT.
type Login struct {
	Client                   // User is the user name as claimed, yet unproved
	Password      app.Secret // binary; meaningful when HasPassword
	HasPassword   bool
	Certificate   string // common name of the verified TLS client certificate, "" when there is none
	Authenticated string // re-authentication (MQTT 5.0 §4.12.1): who the client is by now
	Again         bool   // this is a re-authentication
}

// Verdict is the answer to a Login.
type Verdict struct {
	// Code is app.ReasonSuccess, or why not. It is safe to tell the peer:
	// a wrong password and an unknown user have the same one.
	Code app.ReasonCode
	// User is who the client is from now on; "" is anonymous. Meaningless
	// unless Code is app.ReasonSuccess.
	User string
	// Cause says for the log what the peer must not know. It holds no secret.
	Cause string
}

// OK reports whether the client may come in.
func (v Verdict) OK() bool { return v.Code == app.ReasonSuccess }

// Authenticator judges a CONNECT that names no authentication method.
// Implementations are safe for concurrent use.
type Authenticator interface {
	// Login may take as long as a password hash takes and waits for its turn
	// until ctx ends; so it is called on the connection's own goroutine with
	// no lock held.
	Login(ctx context.Context, l Login) Verdict
}

// Enhanced judges a CONNECT that names an authentication method, and the
// re-authentication of a connected client (MQTT 5.0 §4.12).
// Implementations are safe for concurrent use.
type Enhanced interface {
	// Begin starts an exchange. When the method is unknown it returns nil,
	// and the engine answers 0x8C.
	Begin(method string, l Login) Exchange
}

// Exchange is one run of an authentication method. It belongs to one
// connection and is not safe for concurrent use. The engine allows one
// exchange per connection at a time, and ends it with the connection.
type Exchange interface {
	// Step takes the authentication data of CONNECT or AUTH (nil when there
	// is none) and says what to answer. After a Code other than
	// ReasonContinue the exchange is over, and any further Step is refused.
	Step(ctx context.Context, data []byte) Step
	// Close gives up an exchange that did not come to its end, such as that
	// of a connection that broke: it counts as a failed attempt. After the
	// end it does nothing.
	Close()
}

// Step is what follows from one Exchange.Step:
// ReasonContinue → AUTH 0x18 with Data; app.ReasonSuccess → CONNACK (or AUTH
// 0x00 after a re-authentication) with Data; any other code → CONNACK (or
// DISCONNECT) with that code.
type Step struct {
	Verdict
	Data []byte
}

// Authorizer says what a client may do. All methods are safe for concurrent
// use, take no lock and allocate nothing on their way to an answer for Write
// and Read: these stand in front of the engine's route caches.
type Authorizer interface {
	// Write says whether c may publish to topic, also by its will, which is
	// asked about at CONNECT and once more when it goes out. Nobody may write
	// to $SYS.
	Write(c *Client, topic string) bool
	// Read says whether a message, retained or not, may be delivered to c.
	Read(c *Client, topic string) bool
	// Subscribe says whether c may read every topic that filter matches; of
	// a shared subscription the filter inside counts. filter is valid.
	Subscribe(c *Client, filter string) bool
	// Generation changes whenever an answer of the other methods may have:
	// it is what a cache of answers compares.
	Generation() uint64
}
