package link

import (
	"bufio"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"tidings/app"
	"tidings/app/session/sessiontest"
)

// TestThroughAProxy: the proxy gets the broker's name, user and password, and
// not a byte of the broker's is lost on the way.
func TestThroughAProxy(t *testing.T) {
	for _, kind := range []app.ProxyKind{app.ProxyHTTP, app.ProxySOCKS5} {
		broker, port := sessiontest.Serve(t, func(c net.Conn) {
			_, _ = io.WriteString(c, "hello") // before the client has said a word
			_, _ = io.Copy(c, c)
		})
		p := sessiontest.StartProxy(t, kind, "ana", "pass:word")
		o := app.ConnectOptions{Host: "broker.example", Port: port, ProxyPassword: "pass:word"}
		o.Link.Proxy = app.Proxy{Kind: kind, Host: p.Host, Port: p.Port, User: "ana"}
		p.Resolve("broker.example", broker)
		var d diary
		c, err := Dialer{Trace: d.trace()}.Open(t.Context(), o)
		if err != nil {
			t.Fatal(kind, err)
		}
		_, _ = io.WriteString(c, " there")
		got := make([]byte, 11)
		if _, err := io.ReadFull(c, got); string(got) != "hello there" || err != nil {
			t.Errorf("%d: %q, %v", kind, got, err)
		}
		_ = c.Close()
		if d.String() != "tcp ok, proxy ok" || d.begun[1] != "proxy "+o.Address() {
			t.Errorf("%d: %s, %v", kind, d.String(), d.begun)
		}
		for name, change := range map[string]func(*app.ConnectOptions){
			"wrong password": func(o *app.ConnectOptions) { o.ProxyPassword = "wrong" },
			"no user":        func(o *app.ConnectOptions) { o.Link.Proxy.User, o.ProxyPassword = "", "" },
		} {
			bad := o
			change(&bad)
			_, err := Dialer{}.Open(t.Context(), bad)
			var refused *ProxyError
			if stageOf(err) != StageProxy || !errors.As(err, &refused) || !refused.Login || refused.Kind != kind {
				t.Errorf("%d, %s: %v", kind, name, err)
			}
			if strings.Contains(err.Error(), "wrong") && strings.Contains(err.Error(), "pass:word") {
				t.Errorf("the password is in %v", err)
			}
		}
		gone := o
		gone.Host = "gone.example"
		_, err = Dialer{}.Open(t.Context(), gone)
		var refused *ProxyError
		if !errors.As(err, &refused) || refused.Login || refused.Reason == "" || (refused.Status != 0) != (kind == app.ProxyHTTP) {
			t.Errorf("%d, unknown to the proxy: %v", kind, err)
		}
	}
}

func TestProxyThatIsNone(t *testing.T) {
	for name, answer := range map[string]string{
		"silence": "", "MQTT": "\x20\x02\x00\x00", "SSH": "SSH-2.0-x\r\n", "a head without end": "HTTP/1.1 200 OK\r\n" + strings.Repeat("X: y\r\n", 20_000),
	} {
		for _, kind := range []app.ProxyKind{app.ProxyHTTP, app.ProxySOCKS5} {
			host, port := sessiontest.Serve(t, func(c net.Conn) {
				_, _ = c.Read(make([]byte, 1))
				_, _ = io.WriteString(c, answer)
			})
			o := app.ConnectOptions{Host: "broker.example", Port: 1883}
			o.Link.Proxy, o.Link.Timeout = app.Proxy{Kind: kind, Host: host, Port: port}, time.Minute
			if _, err := (Dialer{}).Open(t.Context(), o); stageOf(err) != StageProxy || !as[*ProxyError](err) {
				t.Errorf("%s, %d: %v", name, kind, err)
			}
		}
	}
}

// TestWhatFollowsTheHeadIsTheBrokers, also when both come in one packet.
func TestWhatFollowsTheHeadIsTheBrokers(t *testing.T) {
	asked := make(chan *http.Request, 1)
	host, port := sessiontest.Serve(t, func(c net.Conn) {
		r, err := http.ReadRequest(bufio.NewReader(c))
		if err != nil {
			return
		}
		asked <- r
		_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nVia: x\r\n\r\n\x20\x02\x00\x00")
		_, _ = io.Copy(io.Discard, c)
	})
	o := app.ConnectOptions{Host: "::1", Port: 1883, ProxyPassword: "p"}
	o.Link.Proxy = app.Proxy{Kind: app.ProxyHTTP, Host: host, Port: port, User: "ü"}
	c, err := Dialer{}.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	got := make([]byte, 4)
	if _, err := io.ReadFull(c, got); string(got) != "\x20\x02\x00\x00" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	r := <-asked
	if want := "Basic " + base64.StdEncoding.EncodeToString([]byte("ü:p")); r.Host != "[::1]:1883" || r.Header.Get("Proxy-Authorization") != want {
		t.Errorf("asked for %s with %v", r.Host, r.Header)
	}
}

// Debian's tinyproxy asks for a login with 407 and turns a wrong one down with
// 401: both are about user and password.
func TestProxysRefusalOfALoginIsToldFromOthers(t *testing.T) {
	for status, login := range map[int]bool{401: true, 403: false, 407: true, 502: false} {
		client, server := net.Pipe()
		go func() {
			defer func() { _ = server.Close() }()
			if _, err := http.ReadRequest(bufio.NewReader(server)); err == nil {
				_, _ = fmt.Fprintf(server, "HTTP/1.1 %d Refused\r\nContent-Length: 0\r\n\r\n", status)
			}
		}()
		_, _, err := askHTTP(client, "pat", "pw", "broker.example:1883")
		var refused *ProxyError
		if !errors.As(err, &refused) || refused.Login != login || refused.Status != status {
			t.Errorf("%d: %v", status, err)
		}
		_ = client.Close()
	}
}
