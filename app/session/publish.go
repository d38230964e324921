package session

import (
	"context"
	"time"

	"tidings/app"
	"tidings/app/hush"
)

// Publish sends p and returns when its QoS flow has ended. A refusal by the
// broker is a result. An error is an *app.Error: nothing was sent when there
// is no connection or the broker said beforehand that it would not take the
// message; otherwise the outcome is unknown.
func (s *Session) Publish(ctx context.Context, p app.Publish) (app.PubResult, error) {
	s.mu.Lock()
	c, o := s.client, s.opts
	if s.state != Connected {
		s.mu.Unlock()
		return app.PubResult{}, say(app.ErrNotConnected, "publish.not_connected")
	}
	waits := 0
	if p.QoS > app.QoS0 {
		waits = 1
	}
	s.inFlight += waits
	s.sentAt = time.Now()
	s.mu.Unlock()
	if waits > 0 {
		s.p.Changed()
	}
	res, err := c.Publish(ctx, p)
	s.update(func() {
		s.inFlight -= waits
		if err == nil && !res.Reason.IsError() {
			s.published++
		}
	})
	if res.ReasonString != "" {
		res.ReasonString = hush.Of(o).Line(res.ReasonString)
	}
	if err != nil {
		return res, hush.Of(o).Error(explainPublish(err))
	}
	return res, nil
}
