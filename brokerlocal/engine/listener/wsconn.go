package listener

import (
	"errors"
	"io"
	"net"
	"time"

	"github.com/gorilla/websocket"
)

// errText says that a peer sent a text message [MQTT-6.0.0-1].
var errText = errors.New("listener: websocket: text message")

// lastWord is how long a close frame may take.
const lastWord = time.Second

// wsConn is a WebSocket as a stream of bytes: what binary messages contain,
// wherever one ends [MQTT-6.0.0-2]. One goroutine reads and one writes; the
// rest is safe for concurrent use. A time-out of Read is for good.
type wsConn struct {
	ws     *websocket.Conn
	r      io.Reader // the message being read; nil between two
	failed error     // of Read
}

// Read reads from the message at hand, or waits for the next.
func (c *wsConn) Read(p []byte) (int, error) {
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
func (c *wsConn) Write(p []byte) (int, error) {
	if err := c.ws.WriteMessage(websocket.BinaryMessage, p); err != nil {
		return 0, err
	}
	return len(p), nil
}

// CloseWrite sends a close frame: nothing more will come.
func (c *wsConn) CloseWrite() error { return c.bye(websocket.CloseNormalClosure) }

func (c *wsConn) bye(code int) error {
	return c.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, ""), time.Now().Add(lastWord))
}

// Close closes the connection at once.
func (c *wsConn) Close() error {
	_ = c.NetConn().Close() // closing TLS first would write, and so may wait
	return c.ws.NetConn().Close()
}

// NetConn returns the socket, beneath TLS.
func (c *wsConn) NetConn() net.Conn {
	nc := c.ws.NetConn()
	if t, ok := nc.(interface{ NetConn() net.Conn }); ok {
		return t.NetConn()
	}
	return nc
}

// Beneath returns what the WebSocket runs over: a *tls.Conn for wss.
func (c *wsConn) Beneath() net.Conn { return c.ws.NetConn() }

func (c *wsConn) LocalAddr() net.Addr                { return c.ws.LocalAddr() }
func (c *wsConn) RemoteAddr() net.Addr               { return c.ws.RemoteAddr() }
func (c *wsConn) SetReadDeadline(t time.Time) error  { return c.ws.SetReadDeadline(t) }
func (c *wsConn) SetWriteDeadline(t time.Time) error { return c.ws.SetWriteDeadline(t) }

func (c *wsConn) SetDeadline(t time.Time) error {
	return errors.Join(c.ws.SetReadDeadline(t), c.ws.SetWriteDeadline(t))
}
