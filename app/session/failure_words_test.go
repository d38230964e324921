package session_test

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"

	"tidings/app"
	"tidings/app/i18n"
	"tidings/app/session"
	"tidings/app/session/link"
)

// TestAdviceFitsTheWay: what to do hangs on the transport and the proxy, and
// no sentence quotes the library.
func TestAdviceFitsTheWay(t *testing.T) {
	tcp, ws := app.LinkOptions{}, app.LinkOptions{Transport: app.TransportWS}
	refused := &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}
	unknown := &net.DNSError{Err: "no such host", Name: "no.such.proxy", Server: "10.255.255.53:53", IsNotFound: true}
	proxy := func(stage link.Stage, err error) error {
		return &link.Error{Stage: stage, Address: "no.such.proxy", Proxy: true, Err: err}
	}
	for _, c := range []struct {
		name     string
		err      error
		security app.TLSOptions
		link     app.LinkOptions
		what, do string // parts of the sentences
	}{
		{"refused", refused, app.TLSOptions{}, tcp, "nothing listens", "1883 is usual"},
		{"refused over WebSocket", refused, app.TLSOptions{}, ws, "nothing listens", "8083"},
		{"closed at TLS over WebSocket", &link.Error{Stage: link.StageTLS, Err: syscall.ECONNRESET}, app.TLSOptions{}, ws, "when TLS began", "8084"},
		{"unknown proxy", proxy(link.StageResolve, unknown), app.TLSOptions{}, tcp, "There is no proxy named “no.such.proxy”.", "spelling"},
		{"stopped proxy", proxy(link.StageTCP, refused), app.TLSOptions{}, tcp, "Nothing listens at the proxy’s address", "port of the proxy"},
		{"proxy far away", proxy(link.StageTCP, syscall.EHOSTUNREACH), app.TLSOptions{}, tcp, "The proxy no.such.proxy cannot be reached.", "address of the proxy"},
		{"anything", errors.New("10.255.255.53:53"), app.TLSOptions{}, tcp, "failed.", "address"},
		{"name of the broker", x509.HostnameError{Certificate: &x509.Certificate{}, Host: "h"}, app.TLSOptions{}, tcp, "another name than h.", "Connect with the name"},
		{"name that was asked for", x509.HostnameError{Certificate: &x509.Certificate{}, Host: "other"}, app.TLSOptions{ServerName: "other"}, tcp, "another name than other.", "server name in the TLS settings"},
		{"no web server", &link.Error{Stage: link.StageWebSocket, Err: http.ErrNotSupported}, app.TLSOptions{}, ws, "failed.", "address"},
	} {
		e := session.Explain(c.err, app.ConnectOptions{Host: "h", Port: 1, Link: c.link, Security: c.security})
		what, do, technical := i18n.New("en").Error(e)
		if !strings.Contains(what, c.what) || !strings.Contains(do, c.do) {
			t.Errorf("%s: %s %s", c.name, what, do)
		}
		if raw := c.err.Error(); technical == "" || strings.Contains(what+do, raw) || strings.Contains(what+do, ":53") {
			t.Errorf("%s: the library speaks in %s %s (%s)", c.name, what, do, technical)
		}
	}
}

// TestNoWordTalksAPasswordOut: where it is proved, nobody who refuses MQTT 5 is
// a reason to try the version that sends it.
func TestNoWordTalksAPasswordOut(t *testing.T) {
	o := app.ConnectOptions{Host: "h", Port: 1, Version: app.V5, User: "ana", Session: app.SessionOptions{AuthenticationMethod: app.MethodSCRAM}}
	for _, err := range []error{
		&app.RefusedError{Version: app.V5, Reason: app.ReasonUnsupportedVersion},
		&app.ClosedSilentlyError{Version: app.V5},
	} {
		if got := session.Explain(err, o).Do.Key; got != "connect.proved.do" || session.Try311(err, o) {
			t.Errorf("%v: %s, 3.1.1 is offered: %t", err, got, session.Try311(err, o))
		}
	}
	for reason, want := range map[app.ReasonCode]string{
		app.ReasonBadUserPassword: "connect.wrong_password", app.ReasonNotAuthorized: "connect.not_authorized",
	} {
		err := &app.RefusedError{Version: app.V5, Reason: reason}
		if got := session.Explain(err, o); got.What.Key != want || got.Do.Key != want+".proved.do" {
			t.Errorf("%s: %s", reason, got.Do.Key)
		}
		if got := session.Explain(err, app.ConnectOptions{Version: app.V5}); got.Do.Key != want+".do" {
			t.Errorf("%s, the password is sent: %s", reason, got.Do.Key)
		}
	}
}

// TestABrokerWithoutSCRAMIsNamed: to try again later, as is said of other
// refusals, would be no help.
func TestABrokerWithoutSCRAMIsNamed(t *testing.T) {
	err := &app.RefusedError{Version: app.V5, Reason: app.ReasonBadAuthMethod}
	o := app.ConnectOptions{Version: app.V5, Session: app.SessionOptions{AuthenticationMethod: app.MethodSCRAM}}
	if got := session.Explain(err, o); got.What.Key != "connect.scram.unknown" || got.Do.Key != "connect.scram.unknown.do" {
		t.Errorf("%s, %s", got.What.Key, got.Do.Key)
	}
}

// TestSelfSignedIsSaidOfTheBrokersOwn: the library names whatever certificate
// of the chain it got to, such as that of the authority, which always signs
// itself.
func TestSelfSignedIsSaidOfTheBrokersOwn(t *testing.T) {
	made := func(subject, issuer string) *x509.Certificate {
		return &x509.Certificate{RawSubject: []byte(subject), RawIssuer: []byte(issuer), Subject: pkix.Name{CommonName: subject}}
	}
	root := made("CA", "CA")
	for want, leaf := range map[string]*x509.Certificate{
		"connect.tls.unknown_authority": made("broker", "CA"), "connect.tls.self_signed": made("broker", "broker"),
	} {
		err := &link.UntrustedError{Chain: []*x509.Certificate{leaf, root}, Err: x509.UnknownAuthorityError{Cert: root}}
		if got := session.Explain(err, app.ConnectOptions{Host: "h"}).What.Key; got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
