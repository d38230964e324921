package v5

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/eclipse/paho.golang/paho"

	"tidings/app"
	"tidings/app/mqtt/tap"
	"tidings/app/session/adapter"
)

// Params are what a Client is made of.
type Params = adapter.Params

// Client is an app.Client for MQTT 5.
type Client struct {
	life      *adapter.Life[*link]
	log       *slog.Logger
	maxPacket int // of Params.Tap
	state     *sessionState
}

var _ app.Client = (*Client)(nil)

// forever keeps paho from timing out by itself: contexts do.
const forever = 1000 * time.Hour

// New returns a client without a link.
func New(p Params) *Client {
	return &Client{life: adapter.NewLife[*link](p), log: p.Logger(), maxPacket: p.Tap.MaxPacket, state: newState()}
}

// Events returns the channel of the things nobody asked for. See app.Client.
func (c *Client) Events() <-chan app.Event { return c.life.Events() }

// Traffic returns the sum over all links so far.
func (c *Client) Traffic() app.Traffic { return c.life.Traffic() }

// Connect implements app.Client. A link that is up is cut first.
func (c *Client) Connect(ctx context.Context, o app.ConnectOptions) (app.ConnAck, error) {
	return c.life.Connect(ctx, o, c.open, c.report)
}

// open dials and shakes hands.
func (c *Client) open(ctx context.Context, o app.ConnectOptions) (*link, app.ConnAck, error) {
	l := newLink(o.Sink)
	proof, err := l.begin(o)
	if err != nil {
		return nil, app.ConnAck{}, err
	}
	t, err := c.life.Dial(ctx, o, l.proof.connAck)
	if err != nil {
		return nil, app.ConnAck{}, err
	}
	l.conn = t
	l.paho = paho.NewClient(paho.ClientConfig{
		Conn: withWill(adapter.Guard(t, l.check), o.Will), Session: c.state, AuthHandler: answers{l}, PacketTimeout: forever,
		OnPublishReceived:  []func(paho.PublishReceived) (bool, error){l.deliver},
		OnServerDisconnect: l.farewell, OnClientError: l.fail,
	})
	start := time.Now()
	// paho writes and reads without a context here.
	stop := context.AfterFunc(ctx, func() { _ = t.Close() })
	ack, err := l.paho.Connect(ctx, connectPacket(o, adapter.MaxPacket(o, c.maxPacket), proof))
	l.started = err == nil
	if err == nil {
		err = checkConnAck(ack)
	}
	if stopped := stop(); err != nil || !stopped {
		failed := adapter.ConnectFailed(ctx, t, o.Version, err)
		if why := l.proof.failure(); why != nil {
			failed = why
		}
		var refused *app.RefusedError
		if errors.As(failed, &refused) && ack != nil && ack.Properties != nil {
			refused.ReasonString = adapter.Said(ack.Properties.ReasonString)
		}
		l.End(adapter.ErrDropped)
		return nil, app.ConnAck{}, failed
	}
	l.ack = connAck(ack, o, time.Since(start))
	l.noShared = ack.Properties != nil && !ack.Properties.SharedSubAvailable
	return l, l.ack, nil
}

// checkConnAck refuses what paho takes for success.
func checkConnAck(ack *paho.Connack) error {
	if ack.ReasonCode != 0 { // paho refuses from 0x80; ConnectFailed has the words
		return errNotAccepted
	}
	if p := ack.Properties; p != nil && p.ReceiveMaximum != nil && *p.ReceiveMaximum == 0 {
		return &tap.MalformedError{Packet: 2, Reason: app.ReasonProtocolError, Why: "CONNACK with Receive Maximum 0 (MQTT 5.0 §3.2.2.3.3)"}
	}
	return nil
}

var errNotAccepted = errors.New("CONNACK with a reason code that is not 0")

// report says that l is down, unless we ended it.
func (c *Client) report(l *link) {
	<-l.ctx.Done()
	l.End(context.Cause(l.ctx))
	for _, ev := range l.epitaph() {
		c.log.Debug("link", "event", ev.Kind, "reason", ev.Reason, "err", ev.Err)
		c.life.Send(ev)
	}
}

// Disconnect implements app.Client. It ends a Connect under way as well.
func (c *Client) Disconnect(ctx context.Context, r app.ReasonCode) error {
	return c.life.Finish(func(l *link) error {
		stop := context.AfterFunc(ctx, func() { _ = l.conn.Close() })
		defer stop()
		l.Silence()
		return l.paho.Disconnect(&paho.Disconnect{ReasonCode: byte(r)})
	})
}

// Drop implements app.Client. It ends a Connect under way as well.
func (c *Client) Drop() error { return c.life.Drop() }

// Close implements app.Client. A second call waits for the first.
func (c *Client) Close() error { return errors.Join(c.life.Close(), c.state.Close()) }
