package listener

import (
	"bytes"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	mqttws "tidings/app/mqtt/websocket"
)

// dial connects to a listener, by its URL; a WebSocket is a stream here too.
func dial(t *testing.T, l *Listener, secure *tls.Config) (net.Conn, error) {
	t.Helper()
	switch l.to.scheme {
	case "ws", "wss":
		ws, err := dialWS(t, l, secure, nil)
		if err != nil {
			return nil, err
		}
		return mqttws.NewConn(ws), nil
	case "tls":
		return tls.Dial("tcp", l.Addr().String(), secure)
	}
	return net.Dial(l.Addr().Network(), l.Addr().String())
}

func dialWS(t *testing.T, l *Listener, secure *tls.Config, h http.Header, protocols ...string) (*websocket.Conn, error) {
	t.Helper()
	d := websocket.Dialer{TLSClientConfig: secure, Subprotocols: append(protocols, "mqtt"), HandshakeTimeout: time.Minute}
	ws, resp, err := d.Dial(l.URL(), h)
	if err != nil {
		if resp != nil {
			err = errors.Join(err, errors.New(resp.Status))
		}
		return nil, err
	}
	if ws.Subprotocol() != "mqtt" {
		t.Errorf("subprotocol %q", ws.Subprotocol())
	}
	return ws, nil
}

func TestEveryTransportCarriesBytesBothWays(t *testing.T) {
	a := newAuthority(t)
	files, own := a.issue(t, "server")
	server, err := files.Config()
	if err != nil {
		t.Fatal(err)
	}
	files.ClientCA = a.path("ca.pem")
	mutual, err := files.Config()
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, url      string
		server, client *tls.Config
	}{
		{name: "tcp", url: "tcp://127.0.0.1:0"},
		{name: "tcp IPv6", url: "tcp://[::1]:0"},
		{name: "tls", url: "tls://127.0.0.1:0", server: server, client: a.trusting()},
		{name: "mutual tls", url: "tls://127.0.0.1:0", server: mutual, client: a.trusting(own)},
		{name: "ws", url: "ws://127.0.0.1:0"},
		{name: "ws with a path", url: "ws://127.0.0.1:0/mqtt"},
		{name: "wss", url: "wss://127.0.0.1:0/mqtt", server: server, client: a.trusting()},
		{name: "mutual wss", url: "wss://127.0.0.1:0", server: mutual, client: a.trusting(own)},
		{name: "unix", url: "unix:" + filepath.Join(t.TempDir(), "s")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if tt.name == "tcp IPv6" {
				needIPv6(t)
			}
			l := start(t, tt.url, Options{TLS: tt.server}, echo)
			nc, err := dial(t, l, tt.client)
			if err != nil {
				t.Fatal(err)
			}
			defer nc.Close()
			want := bytes.Repeat([]byte("0123456789abcdef"), 20_000)
			go func() {
				for b := want; len(b) > 0; { // pieces of many sizes
					n := min(len(b), 1+len(b)%30_000)
					_, _ = nc.Write(b[:n])
					b = b[n:]
				}
			}()
			got := make([]byte, len(want))
			if _, err := io.ReadFull(nc, got); err != nil || !bytes.Equal(got, want) {
				t.Errorf("got other bytes back, or %v", err)
			}
		})
	}
}

func TestWhoHasNoCertificateIsTurnedAway(t *testing.T) {
	a, other := newAuthority(t), newAuthority(t)
	files, _ := a.issue(t, "server")
	_, stranger := other.issue(t, "stranger")
	files.ClientCA = a.path("ca.pem")
	mutual, err := files.Config()
	if err != nil {
		t.Fatal(err)
	}
	old := a.trusting()
	old.MinVersion, old.MaxVersion = tls.VersionTLS10, tls.VersionTLS11
	tests := map[string]*tls.Config{
		"none": a.trusting(), "another authority's": a.trusting(stranger), "TLS 1.1": old,
	}
	for name, client := range tests {
		t.Run(name, func(t *testing.T) {
			l := start(t, "tls://127.0.0.1:0", Options{TLS: mutual}, func(nc net.Conn) {
				t.Error("served")
				_ = nc.Close()
			})
			nc, err := tls.Dial("tcp", l.Addr().String(), client)
			if err != nil {
				return
			}
			defer nc.Close()
			fails(t, nc)
		})
	}
}

func TestWhichWebPagesMayConnect(t *testing.T) {
	tests := []struct {
		name, origin, host string
		allowed            []string
		want               bool
	}{
		{name: "a program", want: true},
		{name: "a foreign page", origin: "https://evil.example"},
		{name: "a sandboxed page", origin: "null"},
		{name: "a file that looks like us", origin: "http://127.0.0.1.evil.example"},
		{name: "our own host", origin: "http://127.0.0.1:3000", want: true},
		{name: "localhost", origin: "http://localhost:3000", host: "localhost:8083", want: true},
		{name: "localhost to the address", origin: "http://localhost:3000"},
		{name: "a name told to mean us", origin: "http://evil.example:8083", host: "evil.example:8083"},
		{name: "an allowed page", origin: "https://app.example", allowed: []string{"https://app.example/"}, want: true},
		{name: "its other scheme", origin: "http://app.example", allowed: []string{"https://app.example"}},
		{name: "any page", origin: "https://evil.example", allowed: []string{"*"}, want: true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			refused := make(chan string, 1)
			l := start(t, "ws://127.0.0.1:0", Options{
				Origins: tt.allowed, RefusedOrigin: func(o string, from net.Addr) {
					if from == nil {
						t.Error("no address")
					}
					refused <- o
				},
			}, echo)
			h := http.Header{}
			if tt.origin != "" {
				h.Set("Origin", tt.origin)
			}
			if tt.host != "" {
				h.Set("Host", tt.host)
			}
			ws, err := dialWS(t, l, nil, h)
			if tt.want {
				if err != nil {
					t.Fatal(err)
				}
				ws.Close()
				return
			}
			if err == nil || !strings.Contains(err.Error(), "403 Forbidden") {
				t.Errorf("dial: %v, want 403", err)
			}
			if o := <-refused; o != tt.origin {
				t.Errorf("named %q", o)
			}
			if n := l.Stats().RefusedOrigins; n != 1 {
				t.Errorf("counted %d", n)
			}
		})
	}
}

func TestWhatIsNoUpgradeIsAnswered(t *testing.T) {
	const key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
	const up = "Host: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
	tests := []struct{ name, request, want string }{
		{"upgrade", "GET /mqtt HTTP/1.1\r\n" + up + key + "\r\n", "101"},
		{"old subprotocol", "GET /mqtt HTTP/1.1\r\n" + up + key + "Sec-WebSocket-Protocol: mqttv3.1\r\n\r\n", "101"},
		{"other subprotocol", "GET /mqtt HTTP/1.1\r\n" + up + key + "Sec-WebSocket-Protocol: chat\r\n\r\n", "400"},
		{"plain GET", "GET /mqtt HTTP/1.1\r\nHost: x\r\n\r\n", "400"},
		{"other path", "GET /other HTTP/1.1\r\n" + up + key + "\r\n", "404"},
		{"POST", "POST /mqtt HTTP/1.1\r\n" + up + key + "\r\n", "405"},
		{"MQTT", "\x10\x0c\x00\x04MQTT\x04\x02\x00\x3c\x00\x00\r\n\r\n", ""},
		{"endless header", "GET /mqtt HTTP/1.1\r\nX: " + strings.Repeat("x", 20_000) + "\r\n\r\n", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l := start(t, "ws://127.0.0.1:0/mqtt", Options{}, func(nc net.Conn) { _ = nc.Close() })
			nc, err := net.Dial("tcp", l.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			defer nc.Close()
			_, _ = io.WriteString(nc, tt.request)
			b, _ := io.ReadAll(nc)
			line, _, _ := strings.Cut(string(b), "\r\n")
			if tt.want == "" && line != "" || !strings.Contains(line, tt.want) {
				t.Errorf("answered %q, want %q", line, tt.want)
			}
		})
	}
}

func TestAWebSocketIsAStream(t *testing.T) {
	l := start(t, "ws://127.0.0.1:0", Options{ReadLimit: 100}, echo)
	open := func(t *testing.T) *websocket.Conn {
		ws, err := dialWS(t, l, nil, nil, "mqttv3.1")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { ws.Close() })
		_ = ws.SetReadDeadline(time.Now().Add(time.Minute))
		return ws
	}
	closed := func(t *testing.T, ws *websocket.Conn, code int) {
		t.Helper()
		if kind, b, err := ws.ReadMessage(); !websocket.IsCloseError(err, code) {
			t.Errorf("read %d %x, %v; want close %d", kind, b, err, code)
		}
	}
	t.Run("messages end anywhere", func(t *testing.T) {
		ws := open(t)
		for _, part := range []string{"\xc0", "", "\x00\xc0\x00", "\x30\x02"} {
			_ = ws.WriteMessage(websocket.BinaryMessage, []byte(part))
		}
		var got []byte
		for len(got) < 6 {
			kind, b, err := ws.ReadMessage()
			if err != nil || kind != websocket.BinaryMessage {
				t.Fatal(kind, err)
			}
			got = append(got, b...)
		}
		if string(got) != "\xc0\x00\xc0\x00\x30\x02" {
			t.Errorf("%x", got)
		}
	})
	t.Run("fragments are one message", func(t *testing.T) {
		ws := open(t)
		w, _ := ws.NextWriter(websocket.BinaryMessage)
		_, _ = w.Write(bytes.Repeat([]byte("x"), 90))
		_ = w.Close()
		for n := 0; n < 90; {
			_, b, err := ws.ReadMessage()
			if err != nil {
				t.Fatal(err)
			}
			n += len(b)
		}
	})
	t.Run("ping is answered", func(t *testing.T) {
		ws := open(t)
		pong := errors.New("pong")
		ws.SetPongHandler(func(s string) error { return pong })
		_ = ws.WriteControl(websocket.PingMessage, []byte("hello"), time.Now().Add(time.Minute))
		if _, _, err := ws.ReadMessage(); !errors.Is(err, pong) {
			t.Errorf("read: %v", err)
		}
	})
	t.Run("text is refused", func(t *testing.T) {
		ws := open(t)
		_ = ws.WriteMessage(websocket.TextMessage, []byte("hello"))
		closed(t, ws, websocket.CloseUnsupportedData)
	})
	t.Run("a message too long is refused", func(t *testing.T) {
		ws := open(t)
		_ = ws.WriteMessage(websocket.BinaryMessage, make([]byte, 101))
		for {
			if _, _, err := ws.ReadMessage(); err != nil {
				if !websocket.IsCloseError(err, websocket.CloseMessageTooBig) {
					t.Errorf("read: %v", err)
				}
				return
			}
		}
	})
}

func TestDeadlinesOfAWebSocketWork(t *testing.T) {
	timedOut := make(chan bool, 1)
	l := start(t, "ws://127.0.0.1:0", Options{}, func(nc net.Conn) {
		defer nc.Close()
		_ = nc.SetReadDeadline(time.Unix(1, 0))
		_, err := nc.Read(make([]byte, 1))
		var ne net.Error
		timedOut <- errors.As(err, &ne) && ne.Timeout()
		_, _ = nc.Write([]byte("a reason")) // writing still works
		_ = nc.(interface{ CloseWrite() error }).CloseWrite()
	})
	ws, err := dialWS(t, l, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer ws.Close()
	if !<-timedOut {
		t.Error("no time-out")
	}
	if _, b, err := ws.ReadMessage(); string(b) != "a reason" {
		t.Errorf("read %q, %v", b, err)
	}
	if _, _, err := ws.ReadMessage(); !websocket.IsCloseError(err, websocket.CloseNormalClosure) {
		t.Errorf("then %v", err)
	}
}
