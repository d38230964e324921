package session_test

import (
	"crypto/tls"
	"io"
	"strings"
	"testing"

	"tidings/app"
	"tidings/app/i18n"
	"tidings/app/session"
	"tidings/app/session/link"
)

// TestTheAdviceToSwitchTLSOffNamesItsPrice where there is a secret to pay with.
func TestTheAdviceToSwitchTLSOffNamesItsPrice(t *testing.T) {
	web := app.LinkOptions{Transport: app.TransportWS, Headers: []app.Header{{Name: "X-Token", Value: "hidden", Secret: true}}}
	plain := app.LinkOptions{Transport: app.TransportWS, Headers: []app.Header{{Name: "X-Tenant", Value: "lab"}}}
	for _, c := range []struct {
		name  string
		o     app.ConnectOptions
		price bool
	}{
		{"nothing secret", app.ConnectOptions{User: "ana"}, false},
		{"a password", app.ConnectOptions{User: "ana", Password: "hidden"}, true},
		{"a password that is only proved", app.ConnectOptions{User: "ana", Password: "hidden", Session: app.SessionOptions{AuthenticationMethod: app.MethodSCRAM}}, false},
		{"a secret header", app.ConnectOptions{Link: web}, true},
		{"a header", app.ConnectOptions{Link: plain}, false},
		{"a secret query", app.ConnectOptions{Link: app.LinkOptions{Transport: app.TransportWS, Path: "/mqtt?token=hidden"}}, true},
	} {
		c.o.Host, c.o.Port, c.o.TLS = "127.0.0.1", 1883, true
		for _, cause := range []error{tls.RecordHeaderError{}, &link.Error{Stage: link.StageTLS, Err: io.EOF}} {
			for _, l := range i18n.Languages() {
				_, do, _ := i18n.New(l.Tag).Error(session.Explain(cause, c.o))
				without := map[string]string{"en": "Without TLS", "pt-BR": "Sem TLS", "es": "Sin TLS", "ru": "Без TLS"}[l.Tag]
				if strings.Contains(do, without) != c.price {
					t.Errorf("%s, %T: %q", c.name, cause, do)
				}
			}
		}
	}
}
