package doctor_test

import (
	"bufio"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"tidings/app"
	"tidings/app/doctor"
	"tidings/app/i18n"
	"tidings/app/session/sessiontest"
)

// TestNoSecretInAReport: not even when whoever answers sends back what he got.
func TestNoSecretInAReport(t *testing.T) {
	const password, token, proxyPassword, query, decoded = `p"ass wörd`, "Bearer 0123456789", "proxy-pass", "key=4711abc", "kiwi pie"
	hidden := []string{
		password, `p\"ass`, token, "0123456789", proxyPassword, query, "4711abc", decoded,
		base64.StdEncoding.EncodeToString([]byte("ana:" + proxyPassword)),
	}
	echo := func(c net.Conn) { _, _ = io.Copy(c, c) }
	refuse := func(c net.Conn) { // by naming what it was asked
		r, err := http.ReadRequest(bufio.NewReader(c))
		if err == nil {
			_, _ = fmt.Fprintf(c, "HTTP/1.1 403 %s %s %s\r\nContent-Length: 0\r\n\r\n", r.Header.Get("Proxy-Authorization"), r.Header.Get("Authorization"), r.RequestURI)
		}
	}
	decode := func(c net.Conn) { // by naming user and password
		r, err := http.ReadRequest(bufio.NewReader(c))
		if err == nil {
			user, password, _ := r.BasicAuth()
			_, _ = fmt.Fprintf(c, "HTTP/1.1 403 no %s:%s, no %s\r\nContent-Length: 0\r\n\r\n", user, password, password)
		}
	}
	blurt := func(c net.Conn) { // no HTTP at all
		r, err := http.ReadRequest(bufio.NewReader(c))
		if err == nil {
			_, _ = fmt.Fprintf(c, "%s %s %s\r\n\r\n", r.Header.Get("Proxy-Authorization"), r.Header.Get("Authorization"), r.RequestURI)
		}
	}
	reason := func(c net.Conn) { // a CONNACK with a reason string
		text := "no user with " + password
		n := len(text)
		_, _ = c.Read(make([]byte, 1024))
		_, _ = fmt.Fprintf(c, "\x20%c\x00\x87%c\x1f\x00%c%s", n+6, n+3, n, text)
	}
	for _, tt := range []struct {
		name   string
		handle func(net.Conn)
		change func(*app.ConnectOptions)
	}{
		{"echo of CONNECT", echo, func(*app.ConnectOptions) {}},
		{"reason string", reason, func(*app.ConnectOptions) {}},
		{"echo of the upgrade", echo, func(o *app.ConnectOptions) { o.Link.Transport = app.TransportWS }},
		{"refused upgrade", refuse, func(o *app.ConnectOptions) { o.Link.Transport = app.TransportWS }},
		{"decoded upgrade", decode, func(o *app.ConnectOptions) {
			basic := "Basic " + base64.StdEncoding.EncodeToString([]byte("eve:"+decoded))
			o.Link.Transport, o.Link.Headers = app.TransportWS, []app.Header{{Name: "Authorization", Value: basic, Secret: true}}
		}},
		{"blurted upgrade", blurt, func(o *app.ConnectOptions) { o.Link.Transport = app.TransportWS }},
		{"refused proxy", refuse, func(o *app.ConnectOptions) { o.Link.Proxy.Kind = app.ProxyHTTP }},
		{"blurting proxy", blurt, func(o *app.ConnectOptions) { o.Link.Proxy.Kind = app.ProxyHTTP }},
		{"proxy of the system", refuse, func(o *app.ConnectOptions) { o.Link.Proxy.Kind = app.ProxySystem }},
		{"SOCKS5 that echoes", echo, func(o *app.ConnectOptions) { o.Link.Proxy.Kind = app.ProxySOCKS5 }},
		{"wrong passphrase", echo, func(o *app.ConnectOptions) {
			o.TLS, o.KeyPassphrase = true, password
			o.Security.Certificate.File, o.Security.Key.File = "../certs/testdata/ec.crt", "../certs/testdata/ec.pkcs8-aes.key"
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			host, port := sessiontest.Serve(t, tt.handle)
			o := options(host, port)
			o.User, o.Password, o.ProxyPassword = "ana", password, proxyPassword
			o.Link.Path, o.Link.Headers = "/mqtt?"+query, []app.Header{{Name: "Authorization", Value: token}}
			o.Link.Proxy = app.Proxy{Host: host, Port: port, User: "ana"}
			tt.change(&o)
			if o.Link.Proxy.Kind == app.ProxySystem {
				t.Setenv("ALL_PROXY", "http://ana:"+proxyPassword+"@"+o.Address())
				o.Host, o.ProxyPassword = "far.example", ""
			}
			r := examine(t, doctor.Params{Options: o, Address: "ws://" + o.Address() + "/mqtt?" + query, Step: time.Second})
			for _, l := range i18n.Languages() {
				text := r.Text(i18n.New(l.Tag)) + fmt.Sprintf("%+v", r)
				for _, secret := range hidden {
					if strings.Contains(text, secret) {
						t.Errorf("%q stands in\n%s", secret, text)
					}
				}
			}
			if r.Verdict() != doctor.Failed {
				t.Errorf("%s: the case shows nothing", r.Verdict())
			}
		})
	}
}

// TestAPasswordThatIsProvedIsNeverSent: not in another version either, which a
// stranger could talk the diagnosis into.
func TestAPasswordThatIsProvedIsNeverSent(t *testing.T) {
	for name, answer := range map[string]string{"another version is wanted": "\x20\x03\x00\x84\x00", "the link is closed": ""} {
		t.Run(name, func(t *testing.T) {
			heard := make(chan string, 16)
			host, port := sessiontest.Serve(t, func(c net.Conn) {
				b := make([]byte, 4<<10)
				n, _ := c.Read(b) // all of a CONNECT, which is written at once
				heard <- string(b[:n])
				_, _ = io.WriteString(c, answer)
			})
			o := options(host, port)
			o.User, o.Password, o.Session.AuthenticationMethod = "ana", "pencil", app.MethodSCRAM
			examine(t, doctor.Params{Options: o})
			asked := false
			for len(heard) > 0 {
				packet := <-heard
				asked = asked || strings.Contains(packet, app.MethodSCRAM)
				if strings.Contains(packet, "pencil") {
					t.Errorf("the password was sent: %q", packet)
				}
			}
			if !asked {
				t.Error("nobody was asked with SCRAM: the case shows nothing")
			}
		})
	}
}
