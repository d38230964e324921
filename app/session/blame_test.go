package session

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"tidings/app"
	"tidings/app/mqtt/websocket"
	"tidings/app/session/link"
)

// Who typed a secret is asked for another one when the other side did not take
// it, and for nothing when it never got so far.
func TestARefusedSecretIsBlamed(t *testing.T) {
	password, proxy, query := app.SecretPassword, app.SecretProxyPassword, app.SecretQuery
	for _, tt := range []struct {
		name   string
		err    error
		blamed []app.SecretKind
	}{
		{"wrong password", &app.RefusedError{Reason: app.ReasonBadUserPassword}, []app.SecretKind{password, app.SecretHeaders, query}},
		{"a token that is over", &serverDisconnect{Reason: app.ReasonNotAuthorized}, []app.SecretKind{password, app.SecretHeaders, query}},
		{"closed without a word", &app.ClosedSilentlyError{Version: app.V311}, []app.SecretKind{password, app.SecretHeaders, query}},
		{"closed by a port of TLS", &WantsTLSError{&app.ClosedSilentlyError{Version: app.V311}}, nil},
		{"busy", &app.RefusedError{Reason: app.ReasonServerBusy}, nil},
		{"another version", &app.RefusedError{Reason: app.ReasonUnsupportedVersion}, nil},
		{"no login at the proxy", &link.ProxyError{Login: true}, []app.SecretKind{proxy}},
		{"no way behind the proxy", &link.ProxyError{Status: 502}, nil},
		{"the web server forbids it", &websocket.HandshakeError{Status: 403}, []app.SecretKind{app.SecretHeaders, query}},
		{"no web server", &websocket.HandshakeError{}, nil},
		{"no network", errors.New("no route to host"), nil},
		{"wrong passphrase", &app.Error{What: app.Say("certs.wrong_passphrase")}, []app.SecretKind{app.SecretKeyPassphrase}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			said := Explain(fmt.Errorf("connect: %w", tt.err), app.ConnectOptions{Host: "broker", Port: 1883})
			var blamed []app.SecretKind
			for _, kind := range app.SecretKinds() {
				if Blames(said, kind) {
					blamed = append(blamed, kind)
				}
			}
			if !slices.Equal(blamed, tt.blamed) {
				t.Errorf("blamed %v, want %v", blamed, tt.blamed)
			}
		})
	}
	if Blames(nil, password) {
		t.Error("no failure blames a password")
	}
}
