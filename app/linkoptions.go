package app

import (
	"net"
	"strconv"
	"time"
)

// Transport says what carries MQTT to the broker. Each but TransportUnix may
// run inside TLS.
type Transport byte

// The transports.
const (
	TransportTCP  Transport = iota // MQTT straight over TCP
	TransportWS                    // WebSocket with the subprotocol "mqtt" (MQTT 5.0 §6)
	TransportUnix                  // a Unix socket on this machine
)

// Family says which addresses of a name are tried first.
type Family byte

// The families.
const (
	FamilyAny Family = iota // as RFC 8305 orders them
	Family4                 // IPv4, then IPv6
	Family6                 // IPv6, then IPv4
)

// Header is one HTTP header of the request that asks for a WebSocket. Names
// repeat.
type Header struct {
	Name, Value string
	// Secret: the value is a secret. In a profile it is empty then, and stands
	// in the secret of the kind SecretHeaders.
	Secret bool
}

// ProxyKind says what stands between this machine and the broker.
type ProxyKind byte

// The kinds of proxy.
const (
	ProxyNone   ProxyKind = iota // the broker is dialled directly
	ProxySystem                  // what the environment says (HTTPS_PROXY, ALL_PROXY, NO_PROXY), else the system
	ProxyHTTP                    // HTTP CONNECT (RFC 9110 §9.3.6), with Basic authentication
	ProxySOCKS5                  // SOCKS5 (RFC 1928, RFC 1929)
)

// Proxy is the way through a proxy. The proxy looks the broker's name up. Its
// password is a secret and stands elsewhere (ConnectOptions.ProxyPassword).
// Host, Port and User count for ProxyHTTP and ProxySOCKS5 only.
type Proxy struct {
	Kind ProxyKind
	Host string // name, IPv4 or IPv6 literal without brackets
	Port int    // 1..65535
	User string // empty: no authentication
}

// URL returns the address of a proxy of the kinds ProxyHTTP and ProxySOCKS5 as
// a person reads it, without user: "http://proxy:3128".
func (p Proxy) URL() string {
	scheme := "http://"
	if p.Kind == ProxySOCKS5 {
		scheme = "socks5://"
	}
	return scheme + net.JoinHostPort(p.Host, strconv.Itoa(p.Port))
}

// DefaultConnectTimeout is how long opening a link may take, from the lookup
// of the name to the end of the last handshake before CONNECT.
const DefaultConnectTimeout = 10 * time.Second

// LinkOptions say how the broker is reached. The zero value is plain TCP.
type LinkOptions struct {
	Transport Transport
	// Path is the path of the WebSocket's URL, with its query if it has one;
	// empty means "/". For TransportUnix it is the path of the socket.
	Path string
	// SecretQuery: the path has a query. In a profile it is left out of Path,
	// and stands in the secret of the kind SecretQuery.
	SecretQuery bool
	// Headers go out with the request for a WebSocket.
	Headers []Header
	Proxy   Proxy
	Family  Family // of the broker's name, or of the proxy's
	// Timeout bounds opening the link; 0 means DefaultConnectTimeout.
	Timeout time.Duration
}

// CertSource says where a certificate or key comes from: a file, or its
// content as PEM. The zero value is none.
type CertSource struct {
	File string // path; "~/" is the home folder (ExpandHome)
	PEM  string // content; File is empty then
}

// IsZero reports whether there is none.
func (c CertSource) IsZero() bool { return c == CertSource{} }

// TLSOptions say what TLS asks of the broker and shows to it. The zero value
// trusts the certificate authorities of the system and shows nothing.
type TLSOptions struct {
	// CA holds further authorities, one or more, as PEM or DER.
	CA CertSource
	// WithoutSystem: only CA is trusted.
	WithoutSystem bool
	// Certificate is the client's certificate and what its chain needs, as
	// PEM, or a PKCS#12 file that holds the key as well.
	Certificate CertSource
	// Key is the certificate's private key, a file of the person's own. A key
	// whose content is kept is a secret: ConnectOptions.ClientKey.
	Key CertSource
	// ServerName is the name the broker's certificate must have, and is sent
	// as SNI; empty means the host.
	ServerName string
	ALPN       []string // protocols offered, best first
	MinVersion uint16   // tls.VersionTLS10 … tls.VersionTLS13; 0 means TLS 1.2
	// Pinned is the SHA-256 of the broker's certificate (DER) in hexadecimal,
	// colons allowed. When set, that certificate is accepted whoever signed
	// it and however old it is, and no other.
	Pinned string
	// SkipVerify accepts every certificate, unless one is pinned. It invites
	// whoever listens on the network.
	SkipVerify bool
}

// MethodSCRAM is the method of enhanced authentication that Tidings knows
// (MQTT 5.0 §4.12; RFC 7677).
const MethodSCRAM = "SCRAM-SHA-256"

// SessionOptions are the properties of an MQTT 5 CONNECT that seldom matter
// (MQTT 5.0 §3.1.2.11); 3.x has none of them. The zero value is good.
type SessionOptions struct {
	ReceiveMaximum    uint16 // QoS 1 and 2 messages that may wait for our acknowledgement; 0: 1000
	MaximumPacket     uint32 // bytes of the largest packet taken; 0: 64 MiB
	TopicAliasMaximum uint16 // topic aliases the broker may set
	// RequestResponseInfo asks the broker for a base of response topics.
	RequestResponseInfo bool
	// WithoutProblemInfo asks the broker to leave out reason strings.
	WithoutProblemInfo bool
	User               []UserProperty
	// AuthenticationMethod is MethodSCRAM, or empty. With a method the
	// password is proved and never sent, and user and password stand in no
	// field of CONNECT.
	AuthenticationMethod string
}
