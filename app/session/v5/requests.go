package v5

import (
	"context"
	"time"

	"github.com/eclipse/paho.golang/paho"

	"tidings/app"
	"tidings/app/session/adapter"
)

// Publish implements app.Client. What the broker said in CONNACK it would not
// take is refused with an *app.Error before anything is sent. Beyond the
// broker's Receive Maximum the call waits for its turn. A message with QoS 1
// or 2 whose link is lost stays in flight and is sent again by a reconnect
// that keeps the session, although the call has returned an error: the
// outcome was unknown by then.
func (c *Client) Publish(ctx context.Context, p app.Publish) (app.PubResult, error) {
	if err := adapter.CheckPublish(p); err != nil {
		return app.PubResult{}, err
	}
	l, err := c.life.Live()
	if err != nil {
		return app.PubResult{}, err
	}
	packet := &paho.Publish{Topic: p.Topic, Payload: p.Payload, QoS: byte(p.QoS), Retain: p.Retain, Properties: toPaho(p.Properties)}
	if err := checkPublish(l.ack, p, packet); err != nil {
		return app.PubResult{}, err
	}
	start := time.Now()
	r, err := do(ctx, l, func(ctx context.Context) (*paho.PublishResponse, error) { return l.paho.Publish(ctx, packet) })
	result := app.PubResult{Took: time.Since(start)}
	if r == nil {
		return result, err
	}
	// A PUBACK with a refusal comes with an error as well; it is an answer.
	result.Reason = app.ReasonCode(r.ReasonCode)
	if r.Properties != nil {
		result.ReasonString = adapter.Said(r.Properties.ReasonString)
	}
	return result, nil
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
	if err := checkSubscriptions(l.ack, l.noShared, subs); err != nil {
		return nil, err
	}
	packet := &paho.Subscribe{}
	filters := make([]string, len(subs))
	for i, s := range subs {
		filters[i] = s.Filter
		packet.Subscriptions = append(packet.Subscriptions, paho.SubscribeOptions{
			Topic: s.Filter, QoS: byte(s.QoS), NoLocal: s.NoLocal,
			RetainAsPublished: s.RetainAsPublished, RetainHandling: s.RetainHandling,
		})
	}
	a, err := do(ctx, l, func(ctx context.Context) (*paho.Suback, error) { return l.paho.Subscribe(ctx, packet) })
	if a == nil { // with a SUBACK the error only repeats a refusal
		return nil, err
	}
	var text string
	if a.Properties != nil {
		text = adapter.Said(a.Properties.ReasonString)
	}
	for _, code := range a.Reasons {
		if err := adapter.Verdict(code, app.V5); err != nil {
			return nil, err
		}
	}
	return verdicts(adapter.TypeSubAck, filters, a.Reasons, text)
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
	packet := &paho.Unsubscribe{Topics: filters}
	a, err := do(ctx, l, func(ctx context.Context) (*paho.Unsuback, error) { return l.paho.Unsubscribe(ctx, packet) })
	if a == nil {
		return nil, err
	}
	var text string
	if a.Properties != nil {
		text = adapter.Said(a.Properties.ReasonString)
	}
	return verdicts(adapter.TypeUnsubAck, filters, a.Reasons, text)
}

// verdicts pairs filters and codes [MQTT-3.8.4-6] [MQTT-3.11.3-1].
func verdicts(packet byte, filters []string, codes []byte, text string) ([]app.SubResult, error) {
	if len(codes) != len(filters) {
		return nil, adapter.BadAnswer(packet, "it has %d return codes for %d filters [MQTT-3.8.4-6]", len(codes), len(filters))
	}
	results := make([]app.SubResult, len(filters))
	for i, f := range filters {
		results[i] = app.SubResult{Filter: f, Reason: app.ReasonCode(codes[i]), ReasonString: text}
	}
	return results, nil
}
