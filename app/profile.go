package app

import (
	"net/url"
	"strings"
	"time"
)

// ClientIDMode says how a profile's client identifier is made.
type ClientIDMode byte

// The modes.
const (
	ClientIDFixed  ClientIDMode = iota // Profile.ClientID; an empty one becomes random
	ClientIDRandom                     // a new one for every connection
	ClientIDSuffix                     // Profile.ClientID and a random suffix
)

// Profile is a saved connection. It holds no secret: password, private key
// and passphrases are kept elsewhere, under the profile's ID. Not safe for
// concurrent modification.
type Profile struct {
	ID     string // stable, made once by NewID; names the file and the secrets
	Name   string
	Folder string // the groups it lies in, from the outside in, as "Lab/Room 3"
	// Position orders the profiles of a folder, smallest first; equal ones go
	// by name.
	Position int
	Color    string // "#rrggbb", or empty
	Notes    string
	// AutoConnect: connect when the program starts.
	AutoConnect bool

	Host     string
	Port     int
	TLS      bool
	Version  Version
	ClientID string
	IDMode   ClientIDMode
	User     string
	// AskPassword: the broker wants a password, and it is not kept.
	AskPassword   bool
	Clean         bool
	SessionExpiry uint32 // seconds, MQTT 5
	KeepAlive     time.Duration
	Will          *Will
	Link          LinkOptions
	Security      TLSOptions
	Session       SessionOptions

	Subscriptions []Subscription
	// FilterColors are the numbers of the colours that lists give to filters,
	// where these are not their places in Subscriptions: a filter keeps its
	// colour when another one goes. Replaced, never changed in place.
	FilterColors map[string]int
	Templates    []Template
	// LocalBroker marks the profile of the broker inside Tidings: its port
	// follows the running broker.
	LocalBroker bool
}

// Template is a message kept with a profile, to be sent again and again.
type Template struct {
	Name    string
	Message Publish
	// Format is how a person writes the payload: "text", "json" or "hex"; ""
	// is whatever suits its bytes.
	Format string
}

// DefaultProfile returns what a new connection starts from: MQTT 5, port
// 1883, clean start, keep alive 60 s.
func DefaultProfile() Profile {
	return Profile{Port: 1883, Version: V5, Clean: true, KeepAlive: 60 * time.Second}
}

// DefaultName returns what a profile without a name of its own is called: its
// host, or the path of its socket; "" when there is neither.
func (p Profile) DefaultName() string {
	if p.Link.Transport == TransportUnix {
		return p.Link.Path
	}
	return p.Host
}

// Options returns the connect options of the profile with the given secrets,
// which may be nil. Sink is left for the caller to set; the client identifier
// is made as IDMode says.
func (p Profile) Options(s Secrets) ConnectOptions {
	link := FillQuery(p.Link, s[SecretQuery])
	link.Headers, _ = FillHeaders(p.Link.Headers, s[SecretHeaders])
	return ConnectOptions{
		Host: p.Host, Port: p.Port, TLS: p.TLS, Version: p.Version, ClientID: p.newClientID(),
		OwnID: p.ClientID == "" || p.IDMode != ClientIDFixed,
		User:  p.User, Password: s[SecretPassword], Clean: p.Clean, KeepAlive: p.KeepAlive,
		SessionExpiry: p.SessionExpiry, Will: p.Will,
		Link: link, Security: p.Security, Session: p.Session,
		ProxyPassword: s[SecretProxyPassword], ClientKey: s[SecretKey], KeyPassphrase: s[SecretKeyPassphrase],
	}
}

// SuffixLength is how many bytes ClientIDSuffix adds to a client identifier:
// a hyphen and random letters and digits.
const SuffixLength = 7

func (p Profile) newClientID() string {
	switch {
	case p.ClientID == "" || p.IDMode == ClientIDRandom:
		return RandomClientID()
	case p.IDMode == ClientIDSuffix:
		return p.ClientID + "-" + NewID()[:SuffixLength-1]
	}
	return p.ClientID
}

// FreshClientID returns a client identifier that nobody else uses: the
// profile's own with a new ending in place of an old one, or a random one.
func (p Profile) FreshClientID() string {
	base := p.ClientID
	if i := strings.LastIndexByte(base, '-'); i >= 0 && len(base)-i == SuffixLength {
		base = base[:i]
	}
	if base == "" {
		return RandomClientID()
	}
	return base + "-" + NewID()[:SuffixLength-1]
}

// Scheme returns the scheme of the profile's URL: "mqtt", "mqtts", "ws",
// "wss" or "unix".
func (p Profile) Scheme() string {
	scheme := "mqtt"
	switch p.Link.Transport {
	case TransportUnix:
		return "unix"
	case TransportWS:
		scheme = "ws"
	}
	if p.TLS {
		scheme += "s"
	}
	return scheme
}

// URL returns the address as a person reads it, without user or password, and
// without what is secret of a query: "mqtt://host:1883", "wss://host:443/mqtt",
// "wss://host:443/mqtt?•••", "unix:/run/mosquitto.sock".
func (p Profile) URL() string {
	p.Link = WithHiddenQuery(p.Link)
	return p.FullURL()
}

// WithHiddenQuery returns o with dots for a query: of one that is in the path
// for its values, of one that is kept elsewhere for all of it.
func WithHiddenQuery(o LinkOptions) LinkOptions {
	if o.Transport == TransportWS {
		o.Path = HideQuery(FillQuery(o, "•").Path)
	}
	return o
}

// FullURL is URL for machines: with the path of a WebSocket as it stands, which
// may hold a secret.
func (p Profile) FullURL() string {
	o := ConnectOptions{Host: p.Host, Port: p.Port, Link: p.Link}
	switch p.Link.Transport {
	case TransportUnix:
		return "unix:" + (&url.URL{Path: p.Link.Path}).EscapedPath()
	case TransportWS:
		return p.Scheme() + "://" + o.Address() + RequestPath(p.Link.Path)
	}
	return p.Scheme() + "://" + o.Address()
}

// HideQuery returns the path of a WebSocket's URL with dots in place of the
// values of its query: brokers behind a web server take tokens there.
func HideQuery(path string) string {
	before, query, found := strings.Cut(path, "?")
	if !found || query == "" {
		return path
	}
	parts := strings.Split(query, "&")
	for i, part := range parts {
		name, value, named := strings.Cut(part, "=")
		if parts[i] = Secret(part).String(); named {
			parts[i] = name + "=" + Secret(value).String()
		}
	}
	return before + "?" + strings.Join(parts, "&")
}

// RequestPath returns the path of a WebSocket's URL as it stands in the HTTP
// request: with a slash in front.
func RequestPath(path string) string {
	if path == "" || path[0] != '/' {
		return "/" + path
	}
	return path
}
