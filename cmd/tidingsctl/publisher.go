package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"tidings/app"
)

// publisher sends messages in their order: one when the flow of the one before
// has ended, or, with a window, when the one before was handed to the network.
type publisher struct {
	console
	line    *line
	message app.Publish // what all messages have in common
	window  *sendWindow // nil: one at a time
	strays  strays

	mu                    sync.Mutex
	sent, failed, givenUp int
}

// newPublisher makes a publisher that is not connected yet. A call for QoS 0
// returns when the message was handed to the network: a window gains nothing.
func newPublisher(c console, o *pubOptions, v app.Version) *publisher {
	p := &publisher{console: c, line: newLine(c, &o.target), message: o.message}
	if o.message.QoS > app.QoS0 && (o.source.lines || o.source.repeat > 1) {
		p.window = newSendWindow(v)
	}
	return p
}

// send returns when the next message may follow. Its error ends pub; a message
// that failed is counted, and another may follow.
func (p *publisher) send(ctx context.Context, m payload) error {
	for {
		err := p.begin(ctx, m)
		if !errors.Is(err, app.ErrNotConnected) {
			return err
		}
		if err = p.line.next(ctx); err == nil {
			err = p.line.up(ctx)
		}
		if err != nil {
			return err
		}
	}
}

// begin is one attempt of send: the error app.ErrNotConnected says that nothing
// was sent.
func (p *publisher) begin(ctx context.Context, m payload) error {
	if p.window == nil {
		return p.publish(ctx, m)
	}
	return p.window.handOver(ctx, len(m.bytes), func() error { return p.publish(ctx, m) }, func(err error) {
		if errors.Is(err, app.ErrNotConnected) { // the PUBLISH seen was another's: too late to try again
			p.note(m, err)
		}
	})
}

// publish returns when the flow has ended. Its error is app.ErrNotConnected,
// and nothing was sent, or errStopped.
func (p *publisher) publish(ctx context.Context, m payload) error {
	message := p.message
	message.Payload = m.bytes
	result, err := p.line.session.Publish(ctx, message)
	switch {
	case errors.Is(err, app.ErrNotConnected):
		return err
	case err != nil && ctx.Err() != nil:
		p.note(m, errStopped)
		return errStopped
	case err == nil && result.Reason.IsError():
		err = fmt.Errorf("the broker refused the message to %q: %s", message.Topic, p.words.Say(result.Reason.Text()))
		if result.ReasonString != "" {
			err = fmt.Errorf("%w (%s)", err, result.ReasonString)
		}
	}
	p.note(m, err)
	return nil
}

// note counts a message whose fate is known, or never will be, and tells why it
// failed.
func (p *publisher) note(m payload, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sent++
	switch {
	case err == nil:
		return
	case errors.Is(err, errStopped): // told once, for all of them
		p.givenUp++
	case m.line > 0:
		p.complain("pub", fmt.Sprintf("line %d: %s", m.line, p.explain(err)))
	default:
		p.complain("pub", p.explain(err))
	}
	p.failed++
}

// wait returns when the flows of all messages have ended. The error is
// errStopped when some were given up.
func (p *publisher) wait() error {
	if p.window != nil {
		p.window.flows.Wait()
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.givenUp > 0 {
		return errStopped
	}
	return nil
}

// outcome is the exit code that the messages deserve. Every flow has ended.
func (p *publisher) outcome() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	stray := p.strays.n.Load()
	if stray > 0 {
		p.complain("pub", fmt.Sprintf("%d messages that waited in this session arrived and were not shown", stray))
	}
	if p.failed > 0 && p.sent > 1 {
		p.complain("pub", fmt.Sprintf("%d of %d messages were not delivered for certain", p.failed, p.sent))
	}
	if p.failed > 0 || stray > 0 {
		return &exitError{code: exitFailed}
	}
	return nil
}

// strays counts messages that nobody subscribed to here: those of a session
// that was kept.
type strays struct{ n atomic.Int64 }

// Deliver implements app.Sink.
func (s *strays) Deliver(batch []app.Message) { s.n.Add(int64(len(batch))) }
