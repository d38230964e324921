package session

import (
	"context"
	"errors"
	"time"

	"tidings/app"
	"tidings/app/hush"
)

// ErrRemembered is the cause of the error that Subscribe returns when there is
// no link: the subscription is remembered and made with the next connection.
var ErrRemembered = errors.New("remembered until connected")

// Subscribe asks for one subscription and returns the broker's verdict; a
// refusal is a result. The subscription is remembered either way and made
// again whenever the broker has no session of ours. Without a link it returns
// an error whose cause is ErrRemembered. Any other error means that no answer
// came: the subscription stays pending and is made again after the next
// reconnect.
func (s *Session) Subscribe(ctx context.Context, sub app.Subscription) (app.SubResult, error) {
	s.mu.Lock()
	c, o, up := s.client, s.opts, s.state == Connected
	s.subs.put(sub)
	s.mu.Unlock()
	s.p.Changed()
	if !up {
		return app.SubResult{Filter: sub.Filter}, &app.Error{
			What: app.Say("subscribe.remembered", "Filter", sub.Filter), Cause: ErrRemembered,
		}
	}
	res, err := s.send(ctx, c, []app.Subscription{sub}, o, func(res []app.SubResult) { s.logVerdicts(res, o) })
	if err != nil {
		return app.SubResult{Filter: sub.Filter}, err
	}
	return res[0], nil
}

// send sends one SUBSCRIBE, writes the verdicts into the list and hands them to
// tell, which is called with mu held.
func (s *Session) send(ctx context.Context, c app.Client, subs []app.Subscription, o app.ConnectOptions, tell func([]app.SubResult)) ([]app.SubResult, error) {
	res, err := c.Subscribe(ctx, subs...)
	secrets := hush.Of(o)
	for i := range res {
		res[i].ReasonString = secrets.Line(res[i].ReasonString)
	}
	var unsent *app.Error
	if len(subs) > 1 && errors.As(err, &unsent) {
		return nil, s.sendEach(ctx, c, subs, o, tell)
	}
	if err == nil && len(res) != len(subs) {
		err = errors.New("the broker answered for another number of filters") // [MQTT-3.8.4-6]
	}
	var said error
	s.update(func() {
		for i, sub := range subs {
			if err != nil {
				e := secrets.Error(explainSubscribe(sub.Filter, err, o))
				said = e
				s.subs.failed(sub, e)
				continue
			}
			s.subs.verdict(sub, res[i])
		}
		if err == nil {
			tell(res)
		}
	})
	return res, said
}

// sendEach sends a SUBSCRIBE for every filter. It follows one that the client
// would not send because of a filter in it: the others are not to suffer.
func (s *Session) sendEach(ctx context.Context, c app.Client, subs []app.Subscription, o app.ConnectOptions, tell func([]app.SubResult)) error {
	var errs []error
	for i := range subs {
		if _, err := s.send(ctx, c, subs[i:i+1], o, tell); err != nil {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// logVerdicts tells of the verdicts on what was asked for at once: at most one
// line of each kind, since a restore of hundreds would push all else out of the
// log. Every verdict stands in the list of subscriptions. The caller holds mu.
func (s *Session) logVerdicts(res []app.SubResult, o app.ConnectOptions) {
	secrets := hush.Of(o)
	for _, line := range subscribeLines(res) {
		s.log(secrets.Text(line))
	}
}

func subscribeLines(res []app.SubResult) (lines []app.Text) {
	var granted, refused []int
	for i := range res {
		if _, ok := res[i].Granted(); ok {
			granted = append(granted, i)
		} else {
			refused = append(refused, i)
		}
	}
	for _, same := range []struct {
		of  []int
		key string // of several
	}{{granted, "session.log.subscribed_many"}, {refused, "session.log.subscribe_refused_many"}} {
		switch n := len(same.of); n {
		case 0:
		case 1:
			lines = append(lines, subscribeLine(res[same.of[0]]))
		default:
			first := same.of[0]
			lines = append(lines, app.Say(same.key, "N", n, "Filter", res[first].Filter, "Reason", res[first].Reason.Text()))
		}
	}
	return lines
}

func subscribeLine(r app.SubResult) app.Text {
	if q, ok := r.Granted(); ok {
		return app.Say("session.log.subscribed", "Filter", r.Filter, "QoS", int(q))
	}
	return app.Say("session.log.subscribe_refused", "Filter", r.Filter, "Reason", r.Reason.Text())
}

// answerTime is how long a SUBACK of a restore may take: a broker that does
// not answer must not keep the other subscriptions waiting, nor the person.
const answerTime = 20 * time.Second

// restore makes the broker's session hold what we remember.
func (s *Session) restore(ctx context.Context, c app.Client, todo restore, o app.ConnectOptions) {
	if len(todo.unsubscribe) > 0 {
		answer, cancel := context.WithTimeout(ctx, answerTime)
		_, err := c.Unsubscribe(answer, todo.unsubscribe...)
		cancel()
		if err != nil {
			s.logger.Warn("unsubscribing what was given up while away", "err", hush.Of(o).Cause(err))
		}
	}
	var verdicts []app.SubResult
	defer func() {
		if len(verdicts) > 0 {
			s.update(func() { s.logVerdicts(verdicts, o) })
		}
	}()
	for _, batch := range todo.subscribe {
		answer, cancel := context.WithTimeout(ctx, answerTime)
		_, err := s.send(answer, c, batch, o, func(res []app.SubResult) { verdicts = append(verdicts, res...) })
		cancel()
		if ctx.Err() != nil {
			return
		}
		if err != nil {
			s.logger.Warn("restoring subscriptions", "count", len(batch), "err", hush.Of(o).Cause(err))
		}
	}
}

// Unsubscribe gives up the filter. Without a link the broker is told with the
// next connection, if it kept our session. An MQTT 5 refusal is an *app.Error,
// and the subscription is kept.
func (s *Session) Unsubscribe(ctx context.Context, filter string) error {
	s.mu.Lock()
	c, o, up := s.client, s.opts, s.state == Connected
	if !up {
		s.subs.remove(filter, true)
	}
	s.mu.Unlock()
	if !up {
		s.p.Changed()
		return nil
	}
	res, err := c.Unsubscribe(ctx, filter)
	if err != nil {
		return hush.Of(o).Error(explainSubscribe(filter, err, o))
	}
	if len(res) == 1 && res[0].Reason.IsError() {
		return say(nil, "unsubscribe.refused", "Filter", filter, "Reason", res[0].Reason.Text())
	}
	s.update(func() {
		s.subs.remove(filter, false)
		s.log(app.Say("session.log.unsubscribed", "Filter", filter))
	})
	return nil
}
