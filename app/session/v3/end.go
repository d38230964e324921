package v3

import (
	"context"

	"tidings/app"
)

// Disconnect implements app.Client. It ends a Connect under way as well.
func (c *Client) Disconnect(ctx context.Context, _ app.ReasonCode) error {
	return c.finish(func(l *link) error {
		// paho's own Disconnect may return before its goroutines have ended.
		// DISCONNECT is two bytes (MQTT 3.1.1 §3.14), and one Write is one
		// packet, so that it cannot fall into another one.
		stop := context.AfterFunc(ctx, func() { _ = l.conn.Close() })
		defer stop()
		l.silence()
		_, err := l.conn.Write([]byte{0xE0, 0})
		return err
	})
}

// Drop implements app.Client. It ends a Connect under way as well.
func (c *Client) Drop() error { return c.finish(func(*link) error { return nil }) }

// finish ends an attempt under way and the link, after goodbye has spoken.
func (c *Client) finish(goodbye func(*link) error) error {
	c.mu.Lock()
	if c.attempt != nil {
		c.attempt()
	}
	c.mu.Unlock()
	c.turn <- struct{}{}
	defer func() { <-c.turn }()
	l, err := c.live()
	if err == nil {
		err = goodbye(l)
	} else {
		err = nil // there is nothing to end
	}
	c.endLink()
	return err
}

// endLink cuts the link and waits for it. The caller has the turn.
func (c *Client) endLink() {
	c.mu.Lock()
	l := c.link
	c.link = nil
	c.mu.Unlock()
	if l != nil {
		l.end(ErrDropped)
	}
	c.watch.Wait()
}

// Close implements app.Client. A second call waits for the first.
func (c *Client) Close() error {
	c.mu.Lock()
	c.closed = true
	c.mu.Unlock()
	err := c.finish(func(*link) error { return nil })
	c.events.Close()
	return err
}
