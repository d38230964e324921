package v3

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net"
	"net/url"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"

	"tidings/app"
	"tidings/app/session/adapter"
)

// Params are what a Client is made of.
type Params = adapter.Params

// Client is an app.Client for MQTT 3.1 and 3.1.1.
type Client struct {
	life  *adapter.Life[*link]
	log   *slog.Logger
	store *store
}

var _ app.Client = (*Client)(nil)

// New returns a client without a link.
func New(p Params) *Client {
	return &Client{life: adapter.NewLife[*link](p), log: p.Logger(), store: newStore()}
}

// Events returns the channel of the things nobody asked for. See app.Client.
func (c *Client) Events() <-chan app.Event { return c.life.Events() }

// Traffic returns the sum over all links so far.
func (c *Client) Traffic() app.Traffic { return c.life.Traffic() }

// InFlight returns what is not acknowledged to the end, whether or not a link
// is up.
func (c *Client) InFlight() app.InFlight { return c.store.inFlight() }

// Connect implements app.Client. A link that is up is cut first.
func (c *Client) Connect(ctx context.Context, o app.ConnectOptions) (app.ConnAck, error) {
	return c.life.Connect(ctx, o, c.open, c.report)
}

// open dials and shakes hands.
func (c *Client) open(ctx context.Context, o app.ConnectOptions) (*link, app.ConnAck, error) {
	l := newLink(c.store, o.Sink)
	t, err := c.life.Dial(ctx, o, nil)
	if err != nil {
		return nil, app.ConnAck{}, err
	}
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
	c.life.Send(app.Event{Kind: app.EventDown, Err: cause})
	l.End(cause) // may take sendTime, which the news need not
}

// Publish implements app.Client. A message with QoS 1 or 2 whose link is lost
// stays in flight and is sent again by a reconnect that keeps the session,
// although the call has returned an error: the outcome was unknown by then.
func (c *Client) Publish(ctx context.Context, p app.Publish) (app.PubResult, error) {
	if err := adapter.CheckPublish(p); err != nil {
		return app.PubResult{}, err
	}
	l, err := c.life.Live()
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
	l, err := c.life.Live()
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
	l, err := c.life.Live()
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
