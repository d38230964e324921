package link

import (
	"bytes"
	"context"
	"crypto/tls"
	"io"
	"net"
	"testing"

	"tidings/app"
	"tidings/app/session/sessiontest"
)

func TestWhoSpeaksTLS(t *testing.T) {
	ca := sessiontest.NewAuthority(t)
	server := ca.Issue("other.example", nil).Server(nil) // whose name does not matter
	old := server.Clone()
	old.MinVersion, old.MaxVersion = tls.VersionTLS10, tls.VersionTLS10
	mutual := ca.Issue("other.example", nil).Server(ca)
	alert := func(c net.Conn) {
		_, _ = c.Read(make([]byte, 1024))
		_, _ = c.Write([]byte{0x15, 3, 1, 0, 2, 2, 70})
		_, _ = io.Copy(io.Discard, c)
	}
	behind := func(cfg *tls.Config) func(net.Conn) {
		return func(c net.Conn) { _, _ = io.Copy(io.Discard, tls.Server(c, cfg)) }
	}
	for name, c := range map[string]struct {
		handle func(net.Conn)
		want   bool
	}{
		"a broker's certificate, whoever it is": {behind(server), true},
		"TLS as old as can be":                  {behind(old), true},
		"it wants a certificate":                {behind(mutual), true},
		"an alert":                              {alert, true},
		"a broker without":                      {func(c net.Conn) { serve(c, false) }, false},
		"it hangs up":                           {func(net.Conn) {}, false},
	} {
		t.Run(name, func(t *testing.T) {
			o := app.ConnectOptions{Version: app.V5}
			o.Host, o.Port = sessiontest.Serve(t, c.handle)
			if got := SpeaksTLS(t.Context(), o); got != c.want {
				t.Errorf("speaks TLS: %t", got)
			}
		})
	}
}

func TestAskingForTLSEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	o := app.ConnectOptions{Version: app.V5}
	o.Host, o.Port = sessiontest.Serve(t, func(c net.Conn) {
		cancel()
		_, _ = io.Copy(io.Discard, c)
	})
	if SpeaksTLS(ctx, o) {
		t.Error("who says nothing speaks TLS")
	}
}

func TestAskingForTLSGivesNothingAway(t *testing.T) {
	o := app.ConnectOptions{
		Version: app.V5, User: "ana-maria", Password: "open-sesame", ClientKey: "no key at all", KeyPassphrase: "passphrase",
		Will: &app.Will{Topic: "last-words"},
	}
	o.Security.Certificate.File = "/no/such/file" // it is not even read
	o.Link = app.LinkOptions{Transport: app.TransportWS, Path: "/mqtt?token=abcdefgh", Headers: []app.Header{{Name: "Authorization", Value: "Bearer 12345678"}}}
	said := make(chan []byte, 1)
	o.Host, o.Port = sessiontest.Serve(t, func(c net.Conn) {
		b := make([]byte, 4096)
		n, _ := c.Read(b)
		said <- b[:n]
	})
	if SpeaksTLS(t.Context(), o) {
		t.Error("who hangs up speaks TLS")
	}
	hello := <-said
	if len(hello) == 0 || hello[0] != 0x16 {
		t.Fatalf("no handshake begins: % x", hello)
	}
	for _, word := range []string{"ana-maria", "sesame", "passphrase", "last-words", "abcdefgh", "Bearer"} {
		if bytes.Contains(hello, []byte(word)) {
			t.Errorf("%q went out", word)
		}
	}
	if p := Probe(o); p.Password+p.ClientKey+p.KeyPassphrase != "" || p.User != "" || p.Will != nil {
		t.Errorf("the options hold %+v", p)
	}
}
