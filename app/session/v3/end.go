package v3

import (
	"context"

	"tidings/app"
)

// Disconnect implements app.Client. It ends a Connect under way as well.
func (c *Client) Disconnect(ctx context.Context, _ app.ReasonCode) error {
	return c.life.Finish(func(l *link) error {
		// paho's own Disconnect may return before its goroutines have ended.
		// DISCONNECT is two bytes (MQTT 3.1.1 §3.14), and one Write is one
		// packet, so that it cannot fall into another one.
		stop := context.AfterFunc(ctx, func() { _ = l.conn.Close() })
		defer stop()
		l.Silence()
		_, err := l.conn.Write([]byte{0xE0, 0})
		return err
	})
}

// Drop implements app.Client. It ends a Connect under way as well.
func (c *Client) Drop() error { return c.life.Drop() }

// Close implements app.Client. A second call waits for the first.
func (c *Client) Close() error { return c.life.Close() }
