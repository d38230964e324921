package v5

import (
	"context"
	"errors"
	"strings"
	"sync"

	"github.com/eclipse/paho.golang/paho"

	"tidings/app"
	"tidings/app/mqtt/tap"
	"tidings/app/session/adapter"
)

// link is one connection: a paho client and what surrounds it.
type link struct {
	conn *tap.Conn
	paho *paho.Client
	ack  app.ConnAck
	// noShared: the broker does no shared subscriptions.
	noShared bool
	sink     app.Sink
	proof    *exchange // nil without enhanced authentication

	ctx  context.Context
	cut  context.CancelCauseFunc // ends every request of the link
	work sync.WaitGroup          // requests inside paho

	mu      sync.Mutex
	started bool // paho runs, and its Done will close
	quiet   bool // we ended the link ourselves
	ended   bool
	reason  *paho.Disconnect // the broker's goodbye
}

func newLink(sink app.Sink) *link {
	l := &link{sink: sink}
	l.ctx, l.cut = context.WithCancelCause(context.Background())
	return l
}

// begin begins the exchange that o asks for and returns its first message.
func (l *link) begin(o app.ConnectOptions) (first []byte, err error) {
	l.proof, first, err = newExchange(o)
	return first, err
}

// check refuses what paho would not survive, and notes the broker's goodbye,
// of which paho tells late.
func (l *link) check(frame []byte) error {
	switch frame[0] >> 4 {
	case adapter.TypeAuth:
		return l.proof.auth(frame)
	case adapter.TypeDisconnect:
		d := &paho.Disconnect{}
		if b := adapter.Body(frame); len(b) > 0 {
			d.ReasonCode = b[0]
		}
		l.mu.Lock()
		l.reason = d
		l.mu.Unlock()
	}
	return nil
}

// deliver is paho's handler for every message: QoS 1 and 2, the tap took the
// rest. The acknowledgement goes out when it has returned.
func (l *link) deliver(r paho.PublishReceived) (bool, error) {
	l.sink.Deliver([]app.Message{fromPaho(r.Packet)})
	return true, nil
}

// fail ends the link for cause. It may be called from any goroutine of paho.
func (l *link) fail(cause error) {
	if strings.Contains(cause.Error(), "PINGRESP timed out") {
		cause = app.ErrKeepAlive
	}
	if cause = adapter.WhyEnded(l.conn, cause); errors.Is(cause, adapter.ErrLinkClosed) {
		return // the one who closed it tells why: paho of a time-out, or link.End
	}
	l.cut(cause)
}

// farewell keeps the broker's DISCONNECT.
func (l *link) farewell(d *paho.Disconnect) {
	l.mu.Lock()
	l.reason = d
	l.mu.Unlock()
	l.cut(errServerDisconnect)
}

var errServerDisconnect = errors.New("the broker sent DISCONNECT")

// do runs one request of paho, which answers to ctx except while it writes.
// It returns early when ctx or the link ends.
func do[T any](ctx context.Context, l *link, request func(context.Context) (T, error)) (T, error) {
	type answer struct {
		value T
		err   error
	}
	var zero T
	both, cancel := context.WithCancelCause(ctx)
	stop := context.AfterFunc(l.ctx, func() { cancel(context.Cause(l.ctx)) })
	l.mu.Lock()
	if l.ended {
		l.mu.Unlock()
		stop()
		cancel(nil)
		return zero, context.Cause(l.ctx)
	}
	l.work.Add(1)
	l.mu.Unlock()
	ch := make(chan answer, 1)
	go func() { // waited for by End
		defer l.work.Done()
		defer cancel(nil)
		defer stop()
		var v T
		err := both.Err() // cancelled before it began: nothing is sent
		if err == nil {
			v, err = request(both)
		}
		if both.Err() != nil && err != nil {
			err = context.Cause(both)
		}
		ch <- answer{v, err}
	}()
	select {
	case a := <-ch:
		return a.value, a.err
	case <-both.Done():
	}
	select {
	case a := <-ch: // the answer and the end came together
		return a.value, a.err
	default:
		return zero, context.Cause(both)
	}
}

// Over reports whether the link has ended.
func (l *link) Over() bool { return l.ctx.Err() != nil }

// End cuts the link and waits for all of it. It may be called again.
func (l *link) End(why error) {
	l.cut(why) // first: who sees ended wants the cause
	l.mu.Lock()
	l.ended = true
	started := l.started
	l.mu.Unlock()
	_ = l.conn.Close() // nothing is lost by an error here
	if started {
		<-l.paho.Done()
	}
	l.work.Wait()
}

// Silence keeps the end that follows from being reported.
func (l *link) Silence() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.quiet = true
}

// epitaph returns what is to be reported, once the link is down.
func (l *link) epitaph() (events []app.Event) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.quiet {
		return nil
	}
	down := app.Event{Kind: app.EventDown, Err: context.Cause(l.ctx)}
	if d := l.reason; d != nil {
		ev := app.Event{Kind: app.EventServerDisconnect, Reason: app.ReasonCode(d.ReasonCode)}
		if d.Properties != nil {
			ev.ReasonString = adapter.Said(d.Properties.ReasonString)
		}
		down.Reason, down.ReasonString = ev.Reason, ev.ReasonString
		events = append(events, ev)
	}
	return append(events, down)
}
