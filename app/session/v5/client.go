package v5

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/eclipse/paho.golang/paho"

	"tidings/app"
	"tidings/app/mqtt/tap"
	"tidings/app/session/adapter"
)

// Params are what a Client is made of.
type Params struct {
	Dial adapter.Dialer // required
	Log  *slog.Logger   // nil: nothing is logged
	// Tap is handed to Dial for every link, with Version and Sink filled in.
	Tap tap.Options
}

// Client is an app.Client for MQTT 5.
type Client struct {
	p      Params
	log    *slog.Logger
	events *adapter.Events
	state  *sessionState
	watch  sync.WaitGroup

	turn chan struct{} // Connect, Disconnect, Drop and Close, one at a time

	mu      sync.Mutex
	closed  bool
	link    *link              // nil while there is none
	attempt context.CancelFunc // ends a Connect under way
	traffic app.Traffic        // of the links before
	current *tap.Conn          // the link that Traffic counts on
}

var _ app.Client = (*Client)(nil)

// ErrClosed is what a closed Client answers.
var ErrClosed = errors.New("the client is closed")

// ErrDropped is why a request failed whose link we cut.
var ErrDropped = errors.New("the link was ended on this side")

// forever keeps paho from timing out by itself: contexts do.
const forever = 1000 * time.Hour

// New returns a client without a link.
func New(p Params) *Client {
	l := p.Log
	if l == nil {
		l = slog.New(slog.DiscardHandler)
	}
	return &Client{p: p, log: l, events: adapter.NewEvents(), state: newState(), turn: make(chan struct{}, 1)}
}

// Events returns the channel of the things nobody asked for. See app.Client.
func (c *Client) Events() <-chan app.Event { return c.events.C() }

// Traffic returns the sum over all links so far.
func (c *Client) Traffic() app.Traffic {
	c.mu.Lock()
	defer c.mu.Unlock()
	return adapter.SumTraffic(c.traffic, c.current)
}

// Connect implements app.Client. A link that is up is cut first.
func (c *Client) Connect(ctx context.Context, o app.ConnectOptions) (app.ConnAck, error) {
	if err := adapter.CheckOptions(o); err != nil {
		return app.ConnAck{}, err
	}
	select {
	case c.turn <- struct{}{}:
	case <-ctx.Done():
		return app.ConnAck{}, context.Cause(ctx)
	}
	defer func() { <-c.turn }()
	c.endLink()
	ctx, cancel := context.WithTimeout(ctx, adapter.ConnectTime)
	defer cancel()
	c.mu.Lock()
	if c.closed {
		c.mu.Unlock()
		return app.ConnAck{}, ErrClosed
	}
	c.attempt = cancel
	c.mu.Unlock()
	l, err := c.open(ctx, o)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.attempt = nil
	if err != nil {
		return app.ConnAck{}, err
	}
	c.link = l
	c.watch.Go(func() { c.report(l) })
	return l.ack, nil
}

// open dials and shakes hands.
func (c *Client) open(ctx context.Context, o app.ConnectOptions) (*link, error) {
	l := newLink(o.Sink)
	to := c.p.Tap
	to.Version, to.Sink = o.Version, o.Sink
	t, err := c.p.Dial(ctx, o, to)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	c.traffic, c.current = adapter.SumTraffic(c.traffic, c.current), t
	c.mu.Unlock()
	l.conn = t
	l.paho = paho.NewClient(paho.ClientConfig{
		Conn: adapter.Guard(t, l.check), Session: c.state, AuthHandler: nobody{}, PacketTimeout: forever,
		OnPublishReceived:  []func(paho.PublishReceived) (bool, error){l.deliver},
		OnServerDisconnect: l.farewell, OnClientError: l.fail,
	})
	start := time.Now()
	// paho writes and reads without a context here.
	stop := context.AfterFunc(ctx, func() { _ = t.Close() })
	ack, err := l.paho.Connect(ctx, connectPacket(o, c.p.Tap.MaxPacket))
	l.started = err == nil
	if err == nil && ack.Properties != nil && ack.Properties.ReceiveMaximum != nil && *ack.Properties.ReceiveMaximum == 0 {
		err = &tap.MalformedError{Packet: 2, Reason: app.ReasonProtocolError, Why: "CONNACK with Receive Maximum 0 (MQTT 5.0 §3.2.2.3.3)"}
	}
	if stopped := stop(); err != nil || !stopped {
		failed := adapter.ConnectFailed(ctx, t, o.Version, err)
		var refused *app.RefusedError
		if errors.As(failed, &refused) && ack != nil && ack.Properties != nil {
			refused.ReasonString = adapter.Said(ack.Properties.ReasonString)
		}
		l.end(ErrDropped)
		return nil, failed
	}
	l.ack = connAck(ack, o, time.Since(start))
	l.noShared = ack.Properties != nil && !ack.Properties.SharedSubAvailable
	return l, nil
}

// report says that l is down, unless we ended it.
func (c *Client) report(l *link) {
	<-l.ctx.Done()
	l.end(context.Cause(l.ctx))
	for _, ev := range l.epitaph() {
		c.log.Debug("link", "event", ev.Kind, "reason", ev.Reason, "err", ev.Err)
		c.events.Send(ev)
	}
}

// live returns the link, or app.ErrNotConnected.
func (c *Client) live() (*link, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.closed:
		return nil, ErrClosed
	case c.link == nil || c.link.ctx.Err() != nil:
		return nil, app.ErrNotConnected
	}
	return c.link, nil
}

// Disconnect implements app.Client. It ends a Connect under way as well.
func (c *Client) Disconnect(ctx context.Context, r app.ReasonCode) error {
	return c.finish(func(l *link) error {
		stop := context.AfterFunc(ctx, func() { _ = l.conn.Close() })
		defer stop()
		l.silence()
		return l.paho.Disconnect(&paho.Disconnect{ReasonCode: byte(r)})
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
		l.silence()
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
	return errors.Join(err, c.state.Close())
}
