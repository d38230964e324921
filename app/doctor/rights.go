package doctor

import (
	"bytes"
	"context"
	"strings"
	"time"

	"tidings/app"
	"tidings/app/mqtt/topic"
	"tidings/app/mqtt/wire"
	"tidings/app/neterr"
)

// echoTime is how long a message may take to come back.
const echoTime = 3 * time.Second

// The packet identifiers of the requests.
const (
	idSubscribe = iota + 1
	idPublish
	idUnsubscribe
)

// rights tries to subscribe and to publish. The one is worth knowing when the
// other fails, so neither ends the way.
func (e *examination) rights(ctx context.Context, t *talk, ack *wire.ConnAck) {
	if e.p.Topic == "" {
		return
	}
	if e.p.OwnID && !e.o.Clean { // its subscriptions and queue stay as they are
		for _, k := range []Kind{Subscribe, Publish} {
			e.ended(e.began(k, e.p.Topic), 0, skipped("doctor.skipped.session"))
		}
		return
	}
	granted := false
	e.step(ctx, Subscribe, e.p.Topic, func(ctx context.Context) finding {
		f := e.subscribe(ctx, t)
		granted = f.verdict == OK
		return f
	})
	if t.over || ctx.Err() != nil {
		return
	}
	if topic.ValidateName(e.p.Topic) != nil {
		e.ended(e.began(Publish, e.p.Topic), 0, skipped("doctor.skipped.wildcard"))
	} else {
		e.step(ctx, Publish, e.p.Topic, func(ctx context.Context) finding {
			return e.publish(ctx, t, ack, granted)
		})
	}
	if granted && !t.over && ctx.Err() == nil {
		_ = t.send(ctx, &wire.Unsubscribe{ID: idUnsubscribe, Filters: []string{e.p.Topic}})
	}
}

func (e *examination) subscribe(ctx context.Context, t *talk) finding {
	if err := topic.ValidateFilter(e.p.Topic); err != nil {
		return e.explain(err)
	}
	err := t.send(ctx, &wire.Subscribe{ID: idSubscribe, Filters: []app.Subscription{{
		Filter: e.p.Topic, QoS: app.QoS1, RetainHandling: 2, // MQTT 5.0 §3.8.3.1: no retained messages
	}}})
	for err == nil {
		var p wire.Packet
		p, _, err = t.next(ctx)
		a, ok := p.(*wire.SubAck)
		if !ok || err != nil || a.ID != idSubscribe || len(a.Reasons) != 1 {
			continue
		}
		reason := app.ReasonCode(a.Reasons[0])
		if reason.IsError() {
			return bad(nil, "subscribe.refused", "Filter", e.p.Topic, "Reason", reason.Text(), "Detail", a.Properties.ReasonString)
		}
		return good("doctor.subscribe.ok", "Filter", e.p.Topic, "QoS", int(reason))
	}
	return e.lost(err, "doctor.subscribe.silent")
}

// sent is what became of the message that was published.
type sent struct {
	acked  bool
	reason app.ReasonCode
	text   string
	echoed bool
}

// publish sends one message, and waits for its acknowledgement and, when it is
// subscribed to, for itself: with MQTT 3 that alone proves that it got through.
func (e *examination) publish(ctx context.Context, t *talk, ack *wire.ConnAck, subscribed bool) finding {
	m := &wire.Publish{Topic: e.p.Topic, QoS: app.QoS1, ID: idPublish, Payload: []byte("Tidings " + strings.ToUpper(app.NewID()))}
	if ack.Properties.Has(wire.MaximumQoS) && ack.Properties.MaximumQoS == 0 {
		m.QoS, m.ID = app.QoS0, 0
	}
	s := sent{acked: m.QoS == app.QoS0}
	waiting, cancel := context.WithTimeout(ctx, min(echoTime, e.p.Step/2))
	defer cancel()
	err := t.send(ctx, m)
	for err == nil && !s.reason.IsError() && (!s.acked || subscribed && !s.echoed) {
		err = e.hear(waiting, t, m, &s)
	}
	f, settled := s.finding(m, neterr.Ended(err))
	switch {
	case settled:
		return f
	case s.acked && subscribed && waiting.Err() != nil:
		return finding{}.warn(app.Say("doctor.publish.no_echo", "Topic", m.Topic), app.Say("doctor.publish.no_echo.do"))
	case err != nil:
		return e.lost(err, "doctor.publish.silent")
	case t.version == app.V5 && m.QoS > app.QoS0:
		return good("doctor.publish.acknowledged", "Topic", m.Topic)
	}
	return finding{}.warn(app.Say("doctor.publish.untold", "Topic", m.Topic), app.Say("doctor.publish.untold.do"))
}

// finding is what the answers themselves say.
func (s sent) finding(m *wire.Publish, closed bool) (f finding, settled bool) {
	switch {
	case s.reason.IsError():
		return bad(nil, "doctor.publish.refused", "Topic", m.Topic, "Reason", s.reason.Text(), "Detail", s.text), true
	case s.echoed && s.acked:
		return good("doctor.publish.ok", "Topic", m.Topic), true
	case closed:
		return bad(nil, "doctor.publish.closed", "Topic", m.Topic), true
	}
	return finding{}, false
}

// hear takes one packet that may be about m.
func (e *examination) hear(ctx context.Context, t *talk, m *wire.Publish, s *sent) error {
	p, _, err := t.next(ctx)
	if err != nil {
		return err
	}
	switch p := p.(type) {
	case *wire.PubAck:
		if p.ID == m.ID {
			s.acked, s.reason, s.text = true, p.Reason, p.Properties.ReasonString
		}
	case *wire.Publish:
		s.echoed = s.echoed || p.Topic == m.Topic && bytes.Equal(p.Payload, m.Payload)
		if p.QoS == app.QoS1 {
			return t.send(ctx, &wire.PubAck{Ack: wire.Ack{ID: p.ID}})
		}
	}
	return nil
}
