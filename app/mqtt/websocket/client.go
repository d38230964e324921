package websocket

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/gorilla/websocket"
)

const (
	// maxResponse bounds the HTTP answer to the request for an upgrade.
	maxResponse = 64 << 10
	// maxMessage bounds one binary message: the largest packet that MQTT can
	// express (MQTT 5.0 §1.5.5), with room for others beside it.
	maxMessage = 512 << 20
	// frameBuffer is for reading and for writing, in bytes.
	frameBuffer = 16 << 10
)

// HandshakeError says that the server would not make a WebSocket of the
// connection, or one that carries something else than MQTT.
type HandshakeError struct {
	Status int // of the HTTP answer; 0 when there was none
	// Subprotocol is what the server chose; empty for none.
	Subprotocol string
	// WrongSubprotocol: the server made a WebSocket and did not say that it
	// carries MQTT [MQTT-6.0.0-4].
	WrongSubprotocol bool
	Cause            error
}

// Error returns the technical text.
func (e *HandshakeError) Error() string {
	switch {
	case e.WrongSubprotocol:
		return fmt.Sprintf("WebSocket: the server chose the subprotocol %q, not mqtt [MQTT-6.0.0-4]", e.Subprotocol)
	case e.Status != 0:
		return fmt.Sprintf("WebSocket: HTTP status %d %s: %v", e.Status, http.StatusText(e.Status), e.Cause)
	}
	return fmt.Sprintf("WebSocket: %v", e.Cause)
}

// Unwrap returns the cause.
func (e *HandshakeError) Unwrap() error { return e.Cause }

// Subprotocols are those of MQTT, best first [MQTT-6.0.0-3]; the second is
// what clients of 3.1 said.
func Subprotocols() []string { return []string{"mqtt", "mqttv3.1"} }

// Request is what the client asks for.
type Request struct {
	Host   string // "host:port", as it stands in the URL
	Path   string // with the slash in front, and the query if there is one
	Header http.Header
}

// Client asks the server at the other end of nc for a WebSocket and returns it
// and the HTTP status of the answer, 0 when none came. An error is a
// *HandshakeError, or why ctx ended; nc is closed then. After Client returned,
// ctx has no meaning for the connection.
func Client(ctx context.Context, nc net.Conn, r Request) (*Conn, int, error) {
	to, err := url.ParseRequestURI(r.Path)
	if err != nil {
		_ = nc.Close()
		return nil, 0, &HandshakeError{Cause: err}
	}
	to.Scheme, to.Host = "ws", r.Host // "wss" is the same from here: TLS is beneath
	first := &bounded{Conn: nc, left: maxResponse}
	d := websocket.Dialer{
		NetDialContext: func(context.Context, string, string) (net.Conn, error) { return first, nil },
		Subprotocols:   Subprotocols(), ReadBufferSize: frameBuffer, WriteBufferSize: frameBuffer,
	}
	stop := context.AfterFunc(ctx, func() { _ = nc.Close() })
	ws, answer, err := d.DialContext(context.WithoutCancel(ctx), to.String(), r.Header) // its deadline would be another error
	status := 0
	if answer != nil {
		_ = answer.Body.Close() // holds nothing but bytes in memory
		status = answer.StatusCode
	}
	if stopped := stop(); err != nil || !stopped {
		_ = nc.Close()
		if ctx.Err() != nil {
			return nil, status, context.Cause(ctx)
		}
		return nil, status, &HandshakeError{Status: status, Cause: err}
	}
	if got := ws.Subprotocol(); !slices.Contains(Subprotocols(), got) {
		_ = nc.Close()
		return nil, status, &HandshakeError{Status: status, Subprotocol: got, WrongSubprotocol: true}
	}
	first.open = true
	ws.SetReadLimit(maxMessage)
	return NewConn(ws), status, nil
}

var errLongAnswer = errors.New("the answer to the upgrade is too long")

// bounded is a connection that reads the head of one HTTP answer, up to a
// limit, until it is open: HTTP has no limit of its own for what a server
// answers. The body of a refusal may never come, and nobody wants it.
type bounded struct {
	net.Conn
	left  int
	blank bool // the line that is being read has nothing in it yet
	head  bool // an empty line has ended the head
	open  bool // set before anybody else reads or writes
}

// lastWords is how long the answer may take once the request has failed.
const lastWords = time.Second

// Write is net.Conn's Write. When the request for an upgrade fails, the server
// may have said why before it hung up, in an alert of TLS for one: reading
// tells.
func (b *bounded) Write(p []byte) (int, error) {
	n, err := b.Conn.Write(p)
	if err == nil || b.open || b.SetReadDeadline(time.Now().Add(lastWords)) != nil {
		return n, err
	}
	return len(p), nil
}

// Read is net.Conn's Read.
func (b *bounded) Read(p []byte) (int, error) {
	if b.open {
		return b.Conn.Read(p)
	}
	switch {
	case b.head:
		return 0, io.EOF
	case b.left == 0:
		return 0, errLongAnswer
	}
	n, err := b.Conn.Read(p[:min(len(p), b.left)])
	b.left -= n
	for _, c := range p[:n] {
		b.head = b.head || c == '\n' && b.blank
		b.blank = c == '\n' || c == '\r' && b.blank
	}
	return n, err
}
