package websocket

import (
	"errors"
	"io"
	"net"
	"time"

	"github.com/gorilla/websocket"
)

// errText says that a peer sent a text message [MQTT-6.0.0-1].
var errText = errors.New("websocket: text message")

// lastWord is how long a close frame may take.
const lastWord = time.Second

// Conn is a WebSocket as a stream of bytes: what binary messages contain,
// wherever one ends [MQTT-6.0.0-2]. One goroutine reads and one writes; the
// rest is safe for concurrent use. A time-out of Read is for good.
type Conn struct {
	ws     *websocket.Conn
	r      io.Reader // the message being read; nil between two
	failed error     // of Read
}

// NewConn returns ws as a stream; the Conn owns it.
func NewConn(ws *websocket.Conn) *Conn { return &Conn{ws: ws} }

// Read reads from the message at hand, or waits for the next. A close frame
// that says nothing is wrong is io.EOF.
func (c *Conn) Read(p []byte) (int, error) {
	for c.failed == nil && len(p) > 0 {
		if c.r == nil {
			kind, r, err := c.ws.NextReader()
			if err != nil {
				c.failed = ending(err)
				break
			}
			if kind != websocket.BinaryMessage {
				_ = c.bye(websocket.CloseUnsupportedData)
				c.failed = errText
				break
			}
			c.r = r
		}
		n, err := c.r.Read(p)
		if errors.Is(err, io.EOF) {
			c.r, err = nil, nil
		}
		if err != nil {
			c.failed = ending(err)
		}
		if n > 0 {
			return n, nil
		}
	}
	return 0, c.failed
}

// ending is io.EOF for a close frame that says nothing is wrong.
func ending(err error) error {
	if websocket.IsCloseError(err, websocket.CloseNormalClosure, websocket.CloseGoingAway, websocket.CloseNoStatusReceived) {
		return io.EOF
	}
	return err
}

// Write sends p as one binary message.
func (c *Conn) Write(p []byte) (int, error) {
	if err := c.ws.WriteMessage(websocket.BinaryMessage, p); err != nil {
		return 0, err
	}
	return len(p), nil
}

// CloseWrite sends a close frame: nothing more will come.
func (c *Conn) CloseWrite() error { return c.bye(websocket.CloseNormalClosure) }

func (c *Conn) bye(code int) error {
	return c.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, ""), time.Now().Add(lastWord))
}

// Close closes the connection at once, without a close frame.
func (c *Conn) Close() error {
	_ = c.NetConn().Close() // closing TLS first would write, and so may wait
	return c.ws.NetConn().Close()
}

// NetConn returns the socket, beneath TLS.
func (c *Conn) NetConn() net.Conn {
	nc := c.Beneath()
	if t, ok := nc.(interface{ NetConn() net.Conn }); ok {
		return t.NetConn()
	}
	return nc
}

// Beneath returns what the WebSocket runs over: a *tls.Conn for wss.
func (c *Conn) Beneath() net.Conn {
	nc := c.ws.NetConn()
	if b, ok := nc.(*bounded); ok {
		return b.Conn
	}
	return nc
}

// LocalAddr returns the local address.
func (c *Conn) LocalAddr() net.Addr { return c.ws.LocalAddr() }

// RemoteAddr returns the peer's address.
func (c *Conn) RemoteAddr() net.Addr { return c.ws.RemoteAddr() }

// SetReadDeadline bounds Read.
func (c *Conn) SetReadDeadline(t time.Time) error { return c.ws.SetReadDeadline(t) }

// SetWriteDeadline bounds Write.
func (c *Conn) SetWriteDeadline(t time.Time) error { return c.ws.SetWriteDeadline(t) }

// SetDeadline bounds both.
func (c *Conn) SetDeadline(t time.Time) error {
	return errors.Join(c.ws.SetReadDeadline(t), c.ws.SetWriteDeadline(t))
}
