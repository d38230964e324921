package adapter

import (
	"context"
	"errors"
	"sync"
	"time"

	"tidings/app"
	"tidings/app/mqtt/tap"
)

// ErrClosed is what a closed client answers.
var ErrClosed = errors.New("the client is closed")

// ErrDropped is why a request failed whose link we cut.
var ErrDropped = errors.New("the link was ended on this side")

// Link is one connection of a client, as Life sees it.
type Link interface {
	comparable
	// Over reports whether the link has ended, for whatever reason.
	Over() bool
	// Silence keeps the end that follows from being reported.
	Silence()
	// End cuts the link and waits for all of it. It may be called again.
	End(why error)
}

// Life is what a client does besides its requests: one link after another,
// begun and ended one at a time, the events and the traffic of them all. Safe
// for concurrent use.
type Life[L Link] struct {
	p      Params
	events *Events
	watch  sync.WaitGroup

	turn chan struct{} // Connect, Finish and Close, one at a time

	mu      sync.Mutex
	closed  bool
	link    L                  // zero while there is none
	attempt context.CancelFunc // ends a Connect under way
	traffic app.Traffic        // of the links before
	current *tap.Conn          // the link that Traffic counts on
}

// NewLife returns a life without a link.
func NewLife[L Link](p Params) *Life[L] {
	return &Life[L]{p: p, events: NewEvents(), turn: make(chan struct{}, 1)}
}

// Events implements app.Client.
func (f *Life[L]) Events() <-chan app.Event { return f.events.C() }

// Send appends ev to Events. It never blocks.
func (f *Life[L]) Send(ev app.Event) { f.events.Send(ev) }

// Traffic returns the sum over all links so far.
func (f *Life[L]) Traffic() app.Traffic {
	f.mu.Lock()
	defer f.mu.Unlock()
	return sumTraffic(f.traffic, f.current)
}

// Connect implements app.Client with what is the library's part: open dials
// and shakes hands, watch returns when the link is down and reported. A link
// that is up is cut first.
func (f *Life[L]) Connect(
	ctx context.Context, o app.ConnectOptions,
	open func(context.Context, app.ConnectOptions) (L, app.ConnAck, error), watch func(L),
) (app.ConnAck, error) {
	if err := CheckOptions(o); err != nil {
		return app.ConnAck{}, err
	}
	select {
	case f.turn <- struct{}{}:
	case <-ctx.Done():
		return app.ConnAck{}, context.Cause(ctx)
	}
	defer func() { <-f.turn }()
	f.endLink()
	ctx, cancel := context.WithTimeout(ctx, attemptTime(o))
	defer cancel()
	f.mu.Lock()
	if f.closed {
		f.mu.Unlock()
		return app.ConnAck{}, ErrClosed
	}
	f.attempt = cancel
	f.mu.Unlock()
	l, ack, err := open(ctx, o)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.attempt = nil
	if err != nil {
		return app.ConnAck{}, err
	}
	f.link = l
	f.watch.Go(func() { watch(l) })
	return ack, nil
}

// Dial opens the connection of a new link, for open of Connect. Traffic counts
// on it from then on. accept is that of tap.Options, nil for none.
func (f *Life[L]) Dial(ctx context.Context, o app.ConnectOptions, accept func(connAck []byte) error) (*tap.Conn, error) {
	to := f.p.Tap
	to.Version, to.Sink, to.Accept = o.Version, o.Sink, accept
	if o.Version == app.V5 {
		to.TopicAliasMaximum = o.Session.TopicAliasMaximum
		to.MaxPacket = MaxPacket(o, to.MaxPacket)
	}
	if see := o.Frames; see != nil {
		to.Observe = func(d tap.Direction, frames []byte, at time.Time) { see.Frames(d == tap.Out, frames, at) }
	}
	t, err := f.p.Dial(ctx, o, to)
	if err != nil {
		return nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.traffic, f.current = sumTraffic(f.traffic, f.current), t
	return t, nil
}

// Live returns the link, or app.ErrNotConnected, or ErrClosed.
func (f *Life[L]) Live() (L, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var none L
	switch {
	case f.closed:
		return none, ErrClosed
	case f.link == none || f.link.Over():
		return none, app.ErrNotConnected
	}
	return f.link, nil
}

// Finish ends a Connect under way and the link, after goodbye has spoken.
// Without a link there is nothing to end, which is no error.
func (f *Life[L]) Finish(goodbye func(L) error) error {
	f.mu.Lock()
	if f.attempt != nil {
		f.attempt()
	}
	f.mu.Unlock()
	f.turn <- struct{}{}
	defer func() { <-f.turn }()
	var err error
	if l, none := f.Live(); none == nil {
		err = goodbye(l)
	}
	f.endLink()
	return err
}

// Drop implements app.Client. It ends a Connect under way as well.
func (f *Life[L]) Drop() error { return f.Finish(func(L) error { return nil }) }

// Close implements app.Client. A second call waits for the first.
func (f *Life[L]) Close() error {
	f.mu.Lock()
	f.closed = true
	f.mu.Unlock()
	err := f.Drop()
	f.events.Close()
	return err
}

// endLink cuts the link and waits for it. The caller has the turn.
func (f *Life[L]) endLink() {
	var none L
	f.mu.Lock()
	l := f.link
	f.link = none
	f.mu.Unlock()
	if l != none {
		l.Silence()
		l.End(ErrDropped)
	}
	f.watch.Wait()
}
