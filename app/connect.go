package app

import (
	"crypto/tls"
	"crypto/x509"
	"net"
	"strconv"
	"time"
)

// Will is the last will of a connection (MQTT 5.0 §3.1.2.5).
type Will struct {
	Topic   string
	Payload []byte
	QoS     QoS
	Retain  bool
	// The rest is MQTT 5 only; 3.x adapters ignore it.

	// Delay is how long the broker waits with the will, in seconds: a client
	// that is back by then has none published (MQTT 5.0 §3.1.3.2.2).
	Delay uint32
	// Properties of the message; nil for none. SubscriptionIDs do not count.
	Properties *Properties
}

// ConnectOptions is all that one attempt to connect needs. The zero value is
// not usable: Host, Port, Version and Sink are required; with TransportUnix
// Link.Path takes the place of Host and Port.
type ConnectOptions struct {
	Host      string // name, IPv4 or IPv6 literal without brackets
	Port      int    // 1..65535
	TLS       bool   // Security says how
	Version   Version
	ClientID  string
	OwnID     bool // ClientID was made for this, so no other client has it
	User      string
	Password  Secret // empty: no password is sent
	Clean     bool   // 3.x Clean Session, 5 Clean Start
	KeepAlive time.Duration
	// SessionExpiry is the MQTT 5 session expiry interval in seconds
	// (MQTT 5.0 §3.1.2.11.2); ignored by 3.x.
	SessionExpiry uint32
	Will          *Will

	Link     LinkOptions
	Security TLSOptions // for TLS
	Session  SessionOptions
	// ProxyPassword belongs to Link.Proxy.User.
	ProxyPassword Secret
	// ClientKey is the private key of Security.Certificate (PEM), or a whole
	// PKCS#12 file, its bytes or those in Base64; empty: Security says where
	// the key is.
	ClientKey Secret
	// KeyPassphrase opens an encrypted key or PKCS#12 file.
	KeyPassphrase Secret

	// Sink takes every message received on the connection.
	Sink Sink
	// Frames, when not nil, sees every control packet of the connection.
	Frames FrameSink
	// Secured, when not nil, is told of each handshake over TLS that ended
	// well. It must not block.
	Secured func(Secured)
}

// Secured is what a handshake over TLS has agreed on.
type Secured struct {
	State  tls.ConnectionState
	Client *x509.Certificate // what the broker was shown if it asked; nil for none
	// KeyLog is the file that holds the keys of this connection; "" for none.
	KeyLog string
}

// Address returns "host:port", with brackets around an IPv6 literal, or the
// path of a Unix socket.
func (o ConnectOptions) Address() string {
	if o.Link.Transport == TransportUnix {
		return o.Link.Path
	}
	return net.JoinHostPort(o.Host, strconv.Itoa(o.Port))
}

// TellsSecrets reports whether o sends a secret that everybody on the way can
// read where there is no TLS. A password that is only proved is none.
func (o ConnectOptions) TellsSecrets() bool {
	if o.Password != "" && o.Session.AuthenticationMethod == "" {
		return true
	}
	_, headers := TakeHeaders(o.Link.Headers)
	_, query := TakeQuery(o.Link)
	return o.Link.Transport == TransportWS && (headers != "" || query != "")
}

// WithoutSecrets returns o with no secret in it: what a screen may hold. What
// else is secret has to be taken out here when it comes; a test finds what has
// the type Secret.
func (o ConnectOptions) WithoutSecrets() ConnectOptions {
	o.Password, o.ProxyPassword, o.ClientKey, o.KeyPassphrase = "", "", "", ""
	o.Link.Headers, _ = TakeHeaders(o.Link.Headers)
	o.Link, _ = TakeQuery(o.Link)
	o.Security.Key.PEM = "" // where no private key belongs
	return o
}

// ConnAck is the broker's answer to CONNECT (MQTT 5.0 §3.2). The fields that
// only MQTT 5 has are zero for 3.x.
type ConnAck struct {
	SessionPresent   bool
	Reason           ReasonCode
	ReasonString     string
	AssignedClientID string
	ServerKeepAlive  time.Duration // 0: the broker keeps the client's value
	MaximumQoS       QoS           // 2 unless the broker announced less
	RetainAvailable  bool          // true unless the broker announced otherwise
	WildcardAvail    bool          // true unless the broker announced otherwise
	MaximumPacket    uint32        // bytes; 0: no limit announced
	ReceiveMaximum   uint16        // 65535 unless announced
	SessionExpiry    uint32        // seconds, as the broker settled it
	TopicAliases     uint16        // topic aliases the broker takes
	ResponseInfo     string        // base of response topics, when asked for; untrusted text
	ServerReference  string        // another server to use; untrusted text
	Took             time.Duration // from the first byte sent to the CONNACK
}
