package v3

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net"
	"net/url"
	"sync"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"

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

// Client is an app.Client for MQTT 3.1 and 3.1.1.
type Client struct {
	p      Params
	log    *slog.Logger
	events *adapter.Events
	store  *store
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

// New returns a client without a link.
func New(p Params) *Client {
	l := p.Log
	if l == nil {
		l = slog.New(slog.DiscardHandler)
	}
	return &Client{p: p, log: l, events: adapter.NewEvents(), store: newStore(), turn: make(chan struct{}, 1)}
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
	l, ack, err := c.open(ctx, o)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.attempt = nil
	if err != nil {
		return app.ConnAck{}, err
	}
	c.link = l
	c.watch.Go(func() { c.report(l) })
	return ack, nil
}

// open dials and shakes hands.
func (c *Client) open(ctx context.Context, o app.ConnectOptions) (*link, app.ConnAck, error) {
	l := newLink(c.store, o.Sink)
	to := c.p.Tap
	to.Version, to.Sink = o.Version, o.Sink
	t, err := c.p.Dial(ctx, o, to)
	if err != nil {
		return nil, app.ConnAck{}, err
	}
	c.mu.Lock()
	c.traffic, c.current = adapter.SumTraffic(c.traffic, c.current), t
	c.mu.Unlock()
	l.conn = t
	l.paho = mqtt.NewClient(pahoOptions(o, l))
	if o.Clean {
		c.store.Reset() // [MQTT-3.1.2-6]
	} else {
		c.store.resume()
	}
	start := time.Now()
	stop := context.AfterFunc(ctx, func() { _ = t.Close() })
	token := l.paho.Connect()
	<-token.Done() // cancelling closes the link, and paho returns
	took := time.Since(start)
	flags, code, answered := t.ConnAck()
	if !stop() || token.Error() != nil || !answered || code != 0 {
		err := adapter.ConnectFailed(ctx, t, o.Version, token.Error())
		_ = t.Close()
		if token.Error() == nil { // paho took an unknown code or a late cancel for success
			<-l.gone
		}
		return nil, app.ConnAck{}, err
	}
	present := o.Version != app.V31 && flags&1 != 0
	if !present && o.Version != app.V31 {
		c.store.forgetDelivered()
	}
	return l, app.ConnAck{
		SessionPresent: present, MaximumQoS: app.QoS2, RetainAvailable: true, WildcardAvail: true,
		ReceiveMaximum: 65535, Took: took,
	}, nil
}

// pahoOptions translates o.
func pahoOptions(o app.ConnectOptions, l *link) *mqtt.ClientOptions {
	p := mqtt.NewClientOptions().
		AddBroker("tcp://broker"). // never dialled: the link is there
		SetCustomOpenConnectionFn(func(*url.URL, mqtt.ClientOptions) (net.Conn, error) {
			return wire{adapter.Guard(l.conn, l.check), l}, nil
		}).
		SetProtocolVersion(uint(o.Version)). // otherwise any refusal is retried as 3.1
		SetClientID(o.ClientID).
		SetUsername(o.User).
		SetPassword(o.Password.Reveal()).
		SetCleanSession(o.Clean).
		SetKeepAlive(time.Duration(adapter.KeepAlive(o.KeepAlive)) * time.Second).
		SetPingTimeout(pingTime(o.KeepAlive)).
		SetConnectTimeout(adapter.ConnectTime).
		SetWriteTimeout(sendTime).
		SetOrderMatters(true).
		SetAutoReconnect(false).
		SetConnectRetry(false).
		SetResumeSubs(false).
		SetStore(l.store).
		SetDefaultPublishHandler(l.deliver).
		SetConnectionLostHandler(func(_ mqtt.Client, err error) { l.lost(err) })
	if o.Will != nil {
		p.SetBinaryWill(o.Will.Topic, o.Will.Payload, byte(o.Will.QoS), o.Will.Retain)
	}
	return p
}

// pingTime is how long a PINGRESP may take.
func pingTime(keepAlive time.Duration) time.Duration {
	return min(max(keepAlive, time.Second), 10*time.Second)
}

// report says that l is down, unless we ended it.
func (c *Client) report(l *link) {
	<-l.gone
	if l.silenced() {
		return
	}
	cause := context.Cause(l.ctx)
	c.log.Debug("link down", "err", cause)
	c.events.Send(app.Event{Kind: app.EventDown, Err: cause})
	l.end(cause) // may take sendTime, which the news need not
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

// Publish implements app.Client. A message with QoS 1 or 2 whose link is lost
// stays in flight and is sent again by a reconnect that keeps the session,
// although the call has returned an error: the outcome was unknown by then.
func (c *Client) Publish(ctx context.Context, p app.Publish) (app.PubResult, error) {
	if err := adapter.CheckPublish(p); err != nil {
		return app.PubResult{}, err
	}
	l, err := c.live()
	if err != nil {
		return app.PubResult{}, err
	}
	payload := p.Payload
	if p.QoS > app.QoS0 {
		payload = bytes.Clone(payload) // the store keeps it beyond this call
	}
	if payload == nil {
		payload = []byte{} // paho refuses nil
	}
	start := time.Now()
	_, err = l.do(ctx, p.QoS > app.QoS0, func() mqtt.Token {
		return l.paho.Publish(p.Topic, byte(p.QoS), p.Retain, payload)
	})
	return app.PubResult{Took: time.Since(start)}, err
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
	filters := make(map[string]byte, len(subs))
	for _, s := range subs {
		filters[s.Filter] = byte(s.QoS)
	}
	token, err := l.do(ctx, true, func() mqtt.Token { return l.paho.SubscribeMultiple(filters, nil) })
	if err != nil {
		return nil, err
	}
	verdicts := token.(*mqtt.SubscribeToken).Result()
	results := make([]app.SubResult, len(subs))
	for i, s := range subs {
		code, ok := verdicts[s.Filter]
		if !ok {
			return nil, errors.New("SUBACK without a verdict for " + s.Filter) // [MQTT-3.8.4-5]
		}
		if err := adapter.Verdict(code, app.V311); err != nil {
			return nil, err
		}
		results[i] = app.SubResult{Filter: s.Filter, Reason: app.ReasonCode(code)}
	}
	return results, nil
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
	if _, err := l.do(ctx, true, func() mqtt.Token { return l.paho.Unsubscribe(filters...) }); err != nil {
		return nil, err
	}
	results := make([]app.SubResult, len(filters))
	for i, f := range filters {
		results[i].Filter = f
	}
	return results, nil
}
