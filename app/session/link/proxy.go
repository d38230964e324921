package link

import (
	"bufio"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"

	"golang.org/x/net/proxy"

	"tidings/app"
	"tidings/app/session/link/sysproxy"
)

// ProxyError says that a proxy would not open the way to the broker.
type ProxyError struct {
	Kind   app.ProxyKind
	Status int    // HTTP status; 0 for SOCKS5, or without an answer
	Reason string // what the proxy gave as reason; untrusted text
	Login  bool   // it wants a user and a password, or others
	Named  bool   // it was told a user or a password
	Cause  error  // may be nil
}

// Error returns the technical text.
func (e *ProxyError) Error() string {
	text := "the proxy refuses"
	if e.Status != 0 {
		text += fmt.Sprintf(": HTTP status %d", e.Status)
	}
	if e.Reason != "" {
		text += ": " + e.Reason
	}
	if e.Cause != nil {
		text += ": " + e.Cause.Error()
	}
	return text
}

// Unwrap returns the cause.
func (e *ProxyError) Unwrap() error { return e.Cause }

// Proxy returns the proxy that a link with o goes through, nil for none, and
// its password. See sysproxy.Find for that of the system.
func Proxy(ctx context.Context, o app.ConnectOptions) (*app.Proxy, app.Secret, error) {
	switch o.Link.Proxy.Kind {
	case app.ProxyNone:
		return nil, "", nil
	case app.ProxySystem:
		return sysproxy.Find(ctx, o)
	}
	return &o.Link.Proxy, o.ProxyPassword, nil
}

// through connects to the proxy and asks it for the broker.
func (d Dialer) through(ctx context.Context, p app.Proxy, password app.Secret, o app.ConnectOptions) (net.Conn, error) {
	raw, err := d.tcp(ctx, p.Host, p.Port, o.Link.Family)
	if err != nil {
		var at *Error
		if errors.As(err, &at) {
			at.Proxy = true
		}
		return nil, err
	}
	end := d.step(StageProxy, o.Address())
	stop := context.AfterFunc(ctx, func() { _ = raw.Close() })
	var c net.Conn
	var status int
	if p.Kind == app.ProxySOCKS5 {
		c, err = askSOCKS(ctx, raw, p.User, password, o.Address())
	} else {
		c, status, err = askHTTP(raw, p.User, password, o.Address())
	}
	if stopped := stop(); err != nil || !stopped {
		_ = raw.Close()
		switch {
		case ctx.Err() != nil:
			err = context.Cause(ctx)
		case errors.Is(err, os.ErrDeadlineExceeded): // the library's own, a moment before that of ctx
			err = context.DeadlineExceeded
		}
		return nil, end(Step{Err: err, Status: status, Proxy: p.URL()})
	}
	return c, end(Step{Status: status, Proxy: p.URL()})
}

const (
	// maxProxyAnswer bounds the head of an answer to CONNECT, in bytes.
	maxProxyAnswer = 64 << 10
	// maxReason bounds what is kept of a proxy's reason, in bytes.
	maxReason = 200
)

// askHTTP asks with CONNECT (RFC 9110 §9.3.6).
func askHTTP(raw net.Conn, user string, password app.Secret, to string) (net.Conn, int, error) {
	request := "CONNECT " + to + " HTTP/1.1\r\nHost: " + to + "\r\n"
	if user != "" || password != "" {
		request += "Proxy-Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte(user+":"+password.Reveal())) + "\r\n"
	}
	if _, err := raw.Write([]byte(request + "\r\n")); err != nil {
		return nil, 0, &ProxyError{Kind: app.ProxyHTTP, Cause: err}
	}
	head := &headReader{c: raw, left: maxProxyAnswer}
	answer, err := http.ReadResponse(bufio.NewReader(head), &http.Request{Method: http.MethodConnect}) //nolint:bodyclose // what follows is the broker's
	if err != nil {
		return nil, 0, &ProxyError{Kind: app.ProxyHTTP, Cause: err}
	}
	if answer.StatusCode/100 != 2 {
		return nil, answer.StatusCode, &ProxyError{
			Kind: app.ProxyHTTP, Status: answer.StatusCode, Login: wantsLogin(answer.StatusCode), Named: user != "" || password != "",
			Reason: strings.ToValidUTF8(answer.Status[:min(len(answer.Status), maxReason)], ""),
		}
	}
	return raw, answer.StatusCode, nil
}

// wantsLogin reports whether an answer is about user and password: 407, and
// 401 from proxies that say that of wrong ones, as tinyproxy does.
func wantsLogin(status int) bool {
	return status == http.StatusProxyAuthRequired || status == http.StatusUnauthorized
}

// headReader reads the head of an HTTP answer and not a byte of what follows,
// which is the broker's: one byte at a time, as the parser asks for them.
type headReader struct {
	c    net.Conn
	left int
}

var errLongHead = errors.New("the proxy's answer is too long")

// Read is io.Reader's Read.
func (h *headReader) Read(p []byte) (int, error) {
	if h.left--; h.left < 0 {
		return 0, errLongHead
	}
	return h.c.Read(p[:min(len(p), 1)])
}

// there hands a connection that is open to a library that wants to dial.
type there struct{ net.Conn }

func (t there) Dial(string, string) (net.Conn, error) { return t.Conn, nil }

func (t there) DialContext(context.Context, string, string) (net.Conn, error) { return t.Conn, nil }

// askSOCKS asks with SOCKS5; the proxy looks names up.
func askSOCKS(ctx context.Context, raw net.Conn, user string, password app.Secret, to string) (net.Conn, error) {
	var login *proxy.Auth
	if user != "" || password != "" {
		login = &proxy.Auth{User: user, Password: password.Reveal()}
	}
	s, err := proxy.SOCKS5("tcp", raw.RemoteAddr().String(), login, there{raw})
	if err != nil {
		return nil, err
	}
	if _, err = s.(proxy.ContextDialer).DialContext(ctx, "tcp", to); err != nil {
		return nil, &ProxyError{Kind: app.ProxySOCKS5, Cause: err, Reason: reasonOf(err), Login: isLogin(err), Named: login != nil}
	}
	return raw, nil // what the library made of it only adds an address
}

// reasonOf returns the reply of a SOCKS5 proxy (RFC 1928 §6) in words; the
// library has it in the text of its error only.
func reasonOf(err error) string {
	var op *net.OpError
	if !errors.As(err, &op) || op.Err == nil {
		return ""
	}
	reply, ok := strings.CutPrefix(op.Err.Error(), "unknown error ")
	if !ok {
		return ""
	}
	return reply
}

func isLogin(err error) bool {
	text := err.Error()
	return strings.Contains(text, "no acceptable authentication methods") || strings.Contains(text, "username/password authentication failed") ||
		strings.Contains(text, "invalid username/password")
}
