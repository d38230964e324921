package sessionfake

import (
	"context"
	"errors"
	"io"
	"slices"
	"sync"
	"time"

	"tidings/app"
	"tidings/app/mqtt/topic"
	"tidings/app/session/adapter"
)

// Client is an app.Client of a Broker.
type Client struct {
	b       *Broker
	version app.Version
	events  *adapter.Events

	mu      sync.Mutex
	closed  bool
	link    *link
	attempt context.CancelFunc
	traffic app.Traffic
	busy    sync.WaitGroup // Connect calls
}

var _ app.Client = (*Client)(nil)

// ErrClosed is what a closed Client answers.
var ErrClosed = errors.New("the client is closed")

// Client returns a client without a link.
func (b *Broker) Client(v app.Version) *Client {
	return &Client{b: b, version: v, events: adapter.NewEvents()}
}

// Events implements app.Client.
func (c *Client) Events() <-chan app.Event { return c.events.C() }

// Traffic counts one frame per request and per answer, without bytes.
func (c *Client) Traffic() app.Traffic {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.traffic
}

// Connect implements app.Client.
func (c *Client) Connect(ctx context.Context, o app.ConnectOptions) (app.ConnAck, error) {
	if err := adapter.CheckOptions(o); err != nil {
		return app.ConnAck{}, err
	}
	_ = c.leave(true)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	c.mu.Lock()
	if c.closed {
		c.mu.Unlock()
		return app.ConnAck{}, ErrClosed
	}
	c.attempt = cancel
	c.busy.Add(1)
	c.mu.Unlock()
	defer c.busy.Done()
	if err := c.b.admit(ctx, o); err != nil {
		return app.ConnAck{}, err
	}
	return c.b.accept(ctx, c, o)
}

// admit counts the attempt, and refuses it or makes it wait.
func (b *Broker) admit(ctx context.Context, o app.ConnectOptions) error {
	b.mu.Lock()
	b.attempts = append(b.attempts, o)
	stall, refuse := b.stall, b.refuse
	if b.user != "" && refuse == nil && (o.User != b.user || o.Password != b.password) {
		code := byte(app.ReasonBadUserPassword)
		if o.Version != app.V5 {
			code = 4
		}
		refuse = adapter.Refused(o.Version, code, "")
	}
	b.mu.Unlock()
	if stall != nil {
		select {
		case <-stall:
		case <-ctx.Done():
		}
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return refuse
}

// accept makes the link, takes a session over, and delivers what waited.
func (b *Broker) accept(ctx context.Context, c *Client, o app.ConnectOptions) (app.ConnAck, error) {
	b.mu.Lock()
	if ctx.Err() != nil {
		b.mu.Unlock()
		return app.ConnAck{}, context.Cause(ctx)
	}
	var wills []app.Publish
	if old := b.links[o.ClientID]; old != nil {
		events := []app.Event{{Kind: app.EventDown, Err: io.EOF}}
		if old.opts.Version == app.V5 {
			events = slices.Insert(events, 0, app.Event{Kind: app.EventServerDisconnect, Reason: app.ReasonSessionTakenOver})
		}
		wills = b.end(old, true)
		old.client.down(old, events)
	}
	s, present := b.sessions[o.ClientID]
	if o.Clean || !present {
		s, present = &session{}, false
		b.sessions[o.ClientID] = s
	}
	s.keep = !o.Clean && o.Version != app.V5 || o.Version == app.V5 && o.SessionExpiry > 0
	l := &link{client: c, opts: o, session: s}
	b.links[o.ClientID] = l
	queue := s.queue
	s.queue = nil
	c.mu.Lock()
	c.link = l
	c.count()
	c.mu.Unlock()
	b.mu.Unlock()
	for _, w := range wills {
		b.Publish(w)
	}
	for _, m := range queue {
		o.Sink.Deliver([]app.Message{sent(m).versioned(o.Version)})
	}
	expiry := uint32(0)
	if o.Version == app.V5 {
		expiry = o.SessionExpiry
	}
	return app.ConnAck{
		SessionExpiry:  expiry,
		SessionPresent: present && o.Version != app.V31, MaximumQoS: app.QoS2, RetainAvailable: true,
		WildcardAvail: true, ReceiveMaximum: 65535, Took: time.Microsecond,
	}, nil
}

// count notes a request and its answer. mu is held.
func (c *Client) count() {
	c.traffic.FramesIn++
	c.traffic.FramesOut++
	c.traffic.BytesIn += 4
	c.traffic.BytesOut += 64
}

// down reports the end of l. The broker's lock is held.
func (c *Client) down(l *link, events []app.Event) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.link != l {
		return
	}
	c.link = nil
	for _, ev := range events {
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
	case c.link == nil:
		return nil, app.ErrNotConnected
	}
	c.count()
	return c.link, nil
}

// Publish implements app.Client.
func (c *Client) Publish(ctx context.Context, p app.Publish) (app.PubResult, error) {
	if err := adapter.CheckPublish(p); err != nil {
		return app.PubResult{}, err
	}
	l, err := c.live()
	if err != nil {
		return app.PubResult{}, err
	}
	if ctx.Err() != nil {
		return app.PubResult{}, context.Cause(ctx)
	}
	c.mu.Lock()
	c.traffic.BytesOut += uint64(len(p.Payload))
	c.mu.Unlock()
	r := app.PubResult{Took: time.Microsecond}
	if c.b.denies(p.Topic) {
		if c.version == app.V5 && p.QoS > app.QoS0 {
			r.Reason = app.ReasonNotAuthorized
		}
		return r, nil
	}
	c.b.publish(p, l.session)
	return r, nil
}

func (b *Broker) denies(name string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Contains(b.denied, name)
}

// Subscribe implements app.Client.
func (c *Client) Subscribe(ctx context.Context, subs ...app.Subscription) ([]app.SubResult, error) {
	if err := adapter.CheckSubscriptions(subs); err != nil {
		return nil, err
	}
	l, err := c.live()
	if err != nil {
		return nil, err
	}
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	results := make([]app.SubResult, len(subs))
	for i, s := range subs {
		results[i] = app.SubResult{Filter: s.Filter, Reason: app.ReasonCode(s.QoS)}
		if c.b.denies(s.Filter) && c.version != app.V31 {
			results[i].Reason = app.ReasonUnspecified
			if c.version == app.V5 {
				results[i].Reason = app.ReasonNotAuthorized
			}
			continue
		}
		c.b.subscribe(l, s)
	}
	return results, nil
}

// subscribe adds s and delivers what is retained.
func (b *Broker) subscribe(l *link, s app.Subscription) {
	b.order.Lock()
	defer b.order.Unlock()
	b.mu.Lock()
	had := len(l.subs)
	l.subs = slices.DeleteFunc(l.subs, func(x app.Subscription) bool { return x.Filter == s.Filter })
	fresh := len(l.subs) == had
	l.subs = append(l.subs, s)
	var stored []app.Message
	for name, p := range b.retained {
		if topic.Match(s.Filter, name) && (s.RetainHandling == 0 || s.RetainHandling == 1 && fresh) {
			stored = append(stored, message(p, s.QoS, true).versioned(l.opts.Version))
		}
	}
	b.mu.Unlock()
	if len(stored) > 0 {
		l.opts.Sink.Deliver(stored)
	}
}

// Unsubscribe implements app.Client.
func (c *Client) Unsubscribe(ctx context.Context, filters ...string) ([]app.SubResult, error) {
	if err := adapter.CheckFilters(filters); err != nil {
		return nil, err
	}
	l, err := c.live()
	if err != nil {
		return nil, err
	}
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	c.b.mu.Lock()
	defer c.b.mu.Unlock()
	results := make([]app.SubResult, len(filters))
	for i, f := range filters {
		n := len(l.subs)
		l.subs = slices.DeleteFunc(l.subs, func(x app.Subscription) bool { return x.Filter == f })
		results[i].Filter = f
		if len(l.subs) == n && c.version == app.V5 {
			results[i].Reason = 0x11 // no subscription existed
		}
	}
	return results, nil
}

// Disconnect implements app.Client.
func (c *Client) Disconnect(_ context.Context, r app.ReasonCode) error {
	return c.leave(r == app.ReasonDisconnectWithWill)
}

// Drop implements app.Client.
func (c *Client) Drop() error { return c.leave(true) }

// leave ends an attempt and the link.
func (c *Client) leave(will bool) error {
	c.b.mu.Lock()
	c.mu.Lock()
	if c.attempt != nil {
		c.attempt()
	}
	l := c.link
	c.link = nil
	c.mu.Unlock()
	var wills []app.Publish
	if l != nil {
		wills = c.b.end(l, will)
	}
	c.b.mu.Unlock()
	for _, w := range wills {
		c.b.Publish(w)
	}
	return nil
}

// Close implements app.Client.
func (c *Client) Close() error {
	c.mu.Lock()
	c.closed = true
	c.mu.Unlock()
	err := c.leave(true)
	c.busy.Wait()
	err = errors.Join(err, c.leave(true)) // a Connect may just have succeeded
	c.events.Close()
	return err
}
