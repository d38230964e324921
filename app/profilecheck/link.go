package profilecheck

import (
	"crypto/tls"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"tidings/app"
	"tidings/app/certs"
)

// The names of the fields about the way to the broker.
const (
	FieldTLS        = "TLS"
	FieldPath       = "Link.Path"
	fieldHeaders    = "Link.Headers"
	FieldProxyHost  = "Link.Proxy.Host"
	FieldProxyPort  = "Link.Proxy.Port"
	FieldProxyUser  = "Link.Proxy.User"
	FieldTimeout    = "Link.Timeout"
	FieldCA         = "Security.CA"
	FieldKey        = "Security.Key"
	FieldServerName = "Security.ServerName"
	FieldALPN       = "Security.ALPN"
	FieldMinVersion = "Security.MinVersion"
	FieldPinned     = "Security.Pinned"
)

// Header returns the field name of the HTTP header with index i.
func Header(i int) string { return fmt.Sprintf("%s[%d]", fieldHeaders, i) }

// isURL matches a whole address where a path should stand. It is not repeated
// in the error: it may hold a password.
var isURL = regexp.MustCompile(`^\s*[A-Za-z][A-Za-z0-9+.-]*://`)

const (
	// maxSocket is the longest path of a Unix socket, in bytes (sun_path).
	maxSocket = 107
	// maxTimeout is the longest connect time-out that makes sense.
	maxTimeout = 10 * time.Minute
	// maxLogin is the longest user name of SOCKS5, in bytes (RFC 1929 §2).
	maxLogin = 255
	// maxProtocol is the longest name of ALPN, in bytes (RFC 7301 §3.1).
	maxProtocol = 255
)

// Link returns what is wrong with the way to a broker that o describes: Host,
// Port, TLS, Link and Security. Files are not looked at.
func Link(o app.ConnectOptions) []Finding {
	var list findings
	if o.Link.Transport == app.TransportUnix {
		list.add(FieldPath, socket(o.Link.Path))
		if o.TLS {
			list.add(FieldTLS, wrong("check.socket_tls", "check.socket_tls.do"))
		}
		list.add(FieldTimeout, timeout(o.Link.Timeout))
		return list
	}
	list.add(FieldHost, Host(o.Host))
	list.add(FieldPort, Port(o.Port))
	if o.Link.Transport == app.TransportWS {
		list.add(FieldPath, webPath(o.Link.Path))
		for i, h := range o.Link.Headers {
			list.add(Header(i), header(h))
		}
	}
	if p := o.Link.Proxy; p.Kind == app.ProxyHTTP || p.Kind == app.ProxySOCKS5 {
		list.add(FieldProxyHost, Host(p.Host))
		list.add(FieldProxyPort, Port(p.Port))
		list.add(FieldProxyUser, proxyUser(p))
	}
	list.add(FieldTimeout, timeout(o.Link.Timeout))
	if o.TLS {
		list = append(list, security(o.Security)...)
	}
	return list
}

func socket(path string) *app.Error {
	switch {
	case path == "":
		return wrong("check.socket_empty", "check.socket_empty.do")
	case strings.ContainsRune(path, 0):
		return wrong("check.nul", "check.nul.do")
	case len(path) > maxSocket:
		return wrong("check.socket_long", "check.socket_long.do", "Bytes", len(path), "Max", maxSocket)
	}
	return nil
}

// Query returns what is wrong with what follows the question mark in the
// address of a WebSocket, nil when nothing is.
func Query(query string) *app.Error { return webPath("/?" + query) }

func webPath(path string) *app.Error {
	if isURL.MatchString(path) {
		return wrong("check.path_url", "check.path_url.do")
	}
	_, err := url.ParseRequestURI(app.RequestPath(path))
	if err != nil || strings.ContainsFunc(path, notInHost) || strings.Contains(path, "#") || !utf8.ValidString(path) {
		return wrong("check.path", "check.path.do")
	}
	return nil
}

// header judges an HTTP header (RFC 9110 §5.1, §5.5).
func header(h app.Header) *app.Error {
	switch name := http.CanonicalHeaderKey(h.Name); {
	case h.Name == "" || strings.ContainsFunc(h.Name, notInToken):
		return wrong("check.header_name", "check.header_name.do", "Name", h.Name)
	case name == "Upgrade", name == "Connection", name == "Content-Length", name == "Transfer-Encoding", strings.HasPrefix(name, "Sec-Websocket-"):
		return wrong("check.header_reserved", "check.header_reserved.do", "Name", h.Name)
	case strings.ContainsFunc(h.Value, func(r rune) bool { return r != '\t' && unicode.IsControl(r) }) || !utf8.ValidString(h.Value):
		return wrong("check.header_value", "check.header_value.do", "Name", h.Name)
	}
	return nil
}

func notInToken(r rune) bool {
	return r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("!#$%&'*+-.^_`|~", r)
}

func proxyUser(p app.Proxy) *app.Error {
	switch {
	case p.Kind == app.ProxyHTTP && strings.Contains(p.User, ":"): // RFC 7617 §2
		return wrong("check.proxy_colon", "check.proxy_colon.do")
	case p.Kind == app.ProxySOCKS5 && len(p.User) > maxLogin:
		return wrong("check.proxy_user_long", "check.proxy_user_long.do", "Bytes", len(p.User), "Max", maxLogin)
	}
	return text(p.User)
}

func timeout(d time.Duration) *app.Error {
	if d < 0 || d > maxTimeout {
		return wrong("check.timeout", "check.timeout.do", "Max", int(maxTimeout.Seconds()))
	}
	return nil
}

// security judges the settings of TLS.
func security(s app.TLSOptions) []Finding {
	var list findings
	if s.WithoutSystem && s.CA.IsZero() && s.Pinned == "" && !s.SkipVerify {
		list.add(FieldCA, wrong("check.ca_missing", "check.ca_missing.do"))
	}
	if s.ServerName != "" {
		list.add(FieldServerName, Host(s.ServerName))
	}
	for _, name := range s.ALPN {
		if name == "" || len(name) > maxProtocol {
			list.add(FieldALPN, wrong("check.alpn", "check.alpn.do", "Max", maxProtocol))
			break
		}
	}
	if s.MinVersion != 0 && (s.MinVersion < tls.VersionTLS10 || s.MinVersion > tls.VersionTLS13) {
		list.add(FieldMinVersion, wrong("check.tls_version", "check.tls_version.do"))
	}
	if _, good := certs.ParseFingerprint(s.Pinned); s.Pinned != "" && !good {
		list.add(FieldPinned, wrong("check.pinned", "check.pinned.do"))
	}
	return list
}
