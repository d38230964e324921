package websocket_test

import (
	"bufio"
	"context"
	"crypto/sha1"
	"encoding/base64"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"tidings/app/mqtt/websocket"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// serve runs a server for one connection and returns the client's end of it.
func serve(t testing.TB, handle func(net.Conn, *http.Request)) net.Conn {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	wg.Go(func() {
		if c, err := l.Accept(); err == nil {
			answer(c, handle)
		}
	})
	nc, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = nc.Close()
		_ = l.Close()
		wg.Wait()
	})
	return nc
}

// answer reads the request on c, has it handled and closes c.
func answer(c net.Conn, handle func(net.Conn, *http.Request)) {
	defer c.Close()
	if r, err := http.ReadRequest(bufio.NewReader(c)); err == nil {
		handle(c, r)
	}
}

// accept is the answer that makes a WebSocket.
func accept(r *http.Request, more ...string) string {
	sum := sha1.Sum([]byte(r.Header.Get("Sec-Websocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")) // RFC 6455 §4.2.2
	return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " +
		base64.StdEncoding.EncodeToString(sum[:]) + "\r\n" + strings.Join(more, "\r\n") + "\r\n\r\n"
}

var request = websocket.Request{Host: "broker.example:8083", Path: "/mqtt?tenant=a%20b", Header: http.Header{"X-Token": {"one", "two"}}}

func TestClientReadsMessagesAsOneStream(t *testing.T) {
	asked := make(chan *http.Request, 1)
	nc := serve(t, func(c net.Conn, r *http.Request) {
		asked <- r
		// Two binary messages, one in two fragments with a ping between them.
		_, _ = io.WriteString(c, accept(r, "Sec-WebSocket-Protocol: mqtt")+
			"\x02\x02ab\x89\x00\x80\x01c"+"\x82\x01d"+"\x88\x02\x03\xe8")
		_, _ = io.Copy(io.Discard, c)
	})
	c, status, err := websocket.Client(t.Context(), nc, request)
	if err != nil || status != 101 {
		t.Fatal(status, err)
	}
	if got, err := io.ReadAll(c); string(got) != "abcd" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	r := <-asked
	if r.RequestURI != request.Path || r.Host != request.Host || strings.Join(r.Header.Values("X-Token"), ",") != "one,two" ||
		!strings.HasPrefix(r.Header.Get("Sec-Websocket-Protocol"), "mqtt") {
		t.Errorf("asked for %s of %s with %v", r.RequestURI, r.Host, r.Header)
	}
	if c.NetConn() != nc {
		t.Errorf("over a %T", c.NetConn())
	}
	_ = c.Close()
}

func TestClientRefusesWhatIsNoMQTT(t *testing.T) {
	for _, tt := range []struct {
		name   string
		answer func(*http.Request) string
		status int
		wrong  bool
	}{
		{"a page", func(*http.Request) string { return "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi" }, 200, false},
		{"no such path", func(*http.Request) string { return "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n" }, 404, false},
		{"a login is wanted", func(*http.Request) string { return "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n" }, 401, false},
		{"a body that never comes", func(*http.Request) string { return "HTTP/1.1 403 Forbidden\r\nContent-Length: 9\r\n\r\n" }, 403, false},
		{"no subprotocol", func(r *http.Request) string { return accept(r) }, 101, true},
		{"another subprotocol", func(r *http.Request) string { return accept(r, "Sec-WebSocket-Protocol: chat") }, 101, true},
		{"a wrong proof", func(*http.Request) string {
			return "HTTP/1.1 101 S\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x\r\n\r\n"
		}, 101, false},
		{"no HTTP", func(*http.Request) string { return "\x20\x02\x00\x00" }, 0, false},
		{"headers without end", func(*http.Request) string {
			return "HTTP/1.1 101 S\r\n" + strings.Repeat("X: "+strings.Repeat("y", 1000)+"\r\n", 1000)
		}, 0, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			nc := serve(t, func(c net.Conn, r *http.Request) { _, _ = io.WriteString(c, tt.answer(r)) })
			_, status, err := websocket.Client(t.Context(), nc, request)
			var bad *websocket.HandshakeError
			if !errors.As(err, &bad) || bad.Status != tt.status || status != tt.status || bad.WrongSubprotocol != tt.wrong {
				t.Errorf("status %d, error %v", status, err)
			}
			if _, err := nc.Write([]byte{0}); !errors.Is(err, net.ErrClosed) {
				t.Errorf("the connection is open: %v", err)
			}
		})
	}
}

// A refusal is known with its head: nobody waits for a body, which may never
// come while the connection stays open.
func TestARefusalIsKnownWithoutItsBody(t *testing.T) {
	for name, text := range map[string]string{
		"announced":    "HTTP/1.1 401 Unauthorized\r\nContent-Length: 9999\r\n\r\nhi",
		"until closed": "HTTP/1.1 401 Unauthorized\nServer: old\n\n",
	} {
		t.Run(name, func(t *testing.T) {
			nc := serve(t, func(c net.Conn, _ *http.Request) {
				_, _ = io.WriteString(c, text)
				_, _ = io.Copy(io.Discard, c) // until the client has hung up
			})
			if _, status, err := websocket.Client(t.Context(), nc, request); status != 401 || err == nil {
				t.Errorf("status %d, error %v", status, err)
			}
		})
	}
}

func TestCancelEndsTheHandshake(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	nc := serve(t, func(c net.Conn, _ *http.Request) {
		cancel()
		_, _ = io.Copy(io.Discard, c)
	})
	if _, _, err := websocket.Client(ctx, nc, request); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// hungUp is a server that says something and hangs up before it is asked.
type hungUp struct {
	net.Conn
	said error
}

func (hungUp) Write([]byte) (int, error)       { return 0, syscall.EPIPE }
func (h hungUp) Read([]byte) (int, error)      { return 0, h.said }
func (hungUp) SetReadDeadline(time.Time) error { return nil }
func (hungUp) Close() error                    { return nil }

// TestLastWordsAreHeard: why a server hung up is worth more than that the
// request could not be written.
func TestLastWordsAreHeard(t *testing.T) {
	said := errors.New("remote error: certificate required")
	if _, _, err := websocket.Client(t.Context(), hungUp{said: said}, request); !errors.Is(err, said) {
		t.Error(err)
	}
}

func TestTextMessageEndsTheLink(t *testing.T) { // [MQTT-6.0.0-1]
	nc := serve(t, func(c net.Conn, r *http.Request) {
		_, _ = io.WriteString(c, accept(r, "Sec-WebSocket-Protocol: mqtt")+"\x81\x02hi")
		_, _ = io.Copy(io.Discard, c)
	})
	c, _, err := websocket.Client(t.Context(), nc, request)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := c.Read(make([]byte, 1)); err == nil || errors.Is(err, io.EOF) {
		t.Error(err)
	}
}

// FuzzServer: whatever a server answers, the client ends.
func FuzzServer(f *testing.F) {
	f.Add("HTTP/1.1 101 S\r\n\r\n", "\x82\x01a")
	f.Add("", "\x82\x7f\xff\xff\xff\xff\xff\xff\xff\xff")
	f.Fuzz(func(t *testing.T, head, frames string) {
		nc, server := net.Pipe() // sockets would use up the ports
		var wg sync.WaitGroup
		wg.Go(func() {
			answer(server, func(c net.Conn, r *http.Request) {
				if head == "" {
					head = accept(r, "Sec-WebSocket-Protocol: mqtt")
				}
				wg.Go(func() { _, _ = io.Copy(io.Discard, c) }) // until answer closes c
				_, _ = io.WriteString(c, head+frames)
			})
		})
		c, _, err := websocket.Client(t.Context(), nc, request)
		if err == nil {
			_, _ = io.Copy(io.Discard, c)
			_ = c.Close()
		}
		_ = nc.Close()
		wg.Wait()
	})
}
