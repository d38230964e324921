package adapter

import (
	"context"
	"errors"
	"net"
	"time"

	"tidings/app"
	"tidings/app/mqtt/tap"
)

// Dialer opens the link of one connection; link.Dial is one.
type Dialer func(context.Context, app.ConnectOptions, tap.Options) (*tap.Conn, error)

// ErrLinkClosed is what a library reads from a link that we closed. The text
// of net.ErrClosed will not do: paho.mqtt.golang takes it for a sign that it
// closed the link itself, and then never ends.
var ErrLinkClosed = errors.New("link closed")

// Conn is the tapped link as a library sees it. It is a sync.Locker, as
// paho.golang wants it, and safe for concurrent use.
type Conn struct{ *tap.Conn }

// Read is net.Conn's Read.
func (c Conn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	return n, closedAs(err)
}

// Write is net.Conn's Write.
func (c Conn) Write(p []byte) (int, error) {
	n, err := c.Conn.Write(p)
	return n, closedAs(err)
}

func closedAs(err error) error {
	if errors.Is(err, net.ErrClosed) {
		return ErrLinkClosed
	}
	return err
}

// SetDeadline does nothing: our contexts bound what may take long, and a
// library's write deadline would cut a large payload on a slow link.
func (c Conn) SetDeadline(time.Time) error { return nil }

// SetReadDeadline does nothing, see SetDeadline.
func (c Conn) SetReadDeadline(time.Time) error { return nil }

// SetWriteDeadline does nothing, see SetDeadline.
func (c Conn) SetWriteDeadline(time.Time) error { return nil }
