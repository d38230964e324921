package session

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"tidings/app"
)

// Params are what a Session is made of.
type Params struct {
	// NewClient makes the client that speaks a version. It is called on the
	// first Connect, and again when version, address or client identifier
	// change; a client is closed before the next one is made.
	NewClient func(app.Version) (app.Client, error)
	Log       *slog.Logger // nil: nothing is logged
	// Patient: a first attempt that fails for a reason that may pass by itself
	// is made again, like one after a link that was lost.
	Patient bool
	// SpeaksTLS asks, when an attempt without TLS failed as at a port that
	// speaks it, whether that is so. It must end when its context does, and
	// give no secret away. nil: nobody asks.
	SpeaksTLS func(context.Context, app.ConnectOptions) bool
	// Changed is called after each change of the snapshot, from any
	// goroutine and without a lock held. It must be cheap and must not block.
	// May be nil.
	Changed func()
	// Machine tells of the network and the clock; its zero value is the
	// system's.
	Machine Machine
}

// Session keeps one connection. It is made by New and ended by Close; all
// methods are safe for concurrent use.
type Session struct {
	p      Params
	logger *slog.Logger
	wg     sync.WaitGroup

	mu      sync.Mutex
	closed  bool
	run     *run // the newest run; nil before the first Connect
	opts    app.ConnectOptions
	state   State
	since   time.Time
	attempt int
	linked  bool // this run had a link
	nextTry time.Time
	ack     app.ConnAck
	lastErr *app.Error
	way     Way
	tls     *TLS

	untrusted *Untrusted // what lastErr is about

	client    app.Client // written by runs only
	clientKey clientKey
	traffic   app.Traffic // of the clients before

	kept    keptSession
	fate    Fate     // of the session that the last CONNACK told of
	backlog *backlog // of the connection, nil when nothing can have waited

	subs      subList
	inFlight  int
	sentAt    time.Time // the last Publish
	published uint64
	history   []Entry
}

// clientKey is what a client's kept session state belongs to.
type clientKey struct {
	version app.Version
	address string
	id      string
}

// New returns an idle session. It starts no goroutine.
func New(p Params) *Session {
	if p.Changed == nil {
		p.Changed = func() {}
	}
	l := p.Log
	if l == nil {
		l = slog.New(slog.DiscardHandler)
	}
	return &Session{p: p, logger: l, since: time.Now()}
}

// Connect starts to connect with o and returns at once; the snapshot tells how
// it goes. When the session is active already, that connection is ended with
// DISCONNECT first and o takes its place. After Close it does nothing.
func (s *Session) Connect(o app.ConnectOptions) {
	if o.Will != nil {
		w := *o.Will
		o.Will = &w
	}
	s.mu.Lock()
	started := s.start(o)
	s.mu.Unlock()
	if started {
		s.p.Changed()
	}
}

// start begins a new run behind the one before. The caller holds mu.
func (s *Session) start(o app.ConnectOptions) bool {
	if s.closed {
		return false
	}
	ctx, cancel := context.WithCancelCause(context.Background())
	r := &run{s: s, ctx: ctx, opts: o, done: make(chan struct{}), poke: make(chan struct{}, 1)}
	r.cancel = cancel
	if s.run != nil {
		r.before = s.run.done
		s.run.cancel(&ending{how: endDisconnect, ctx: context.Background()})
	}
	s.run, s.opts = r, o
	s.attempt, s.lastErr, s.linked = 1, nil, false
	s.set(Connecting)
	s.wg.Go(r.loop)
	return true
}

// set changes the state. The caller holds mu.
func (s *Session) set(st State) {
	s.state, s.since, s.nextTry = st, time.Now(), time.Time{}
}

// Disconnect ends the connection with DISCONNECT, or the attempt or the
// countdown that is under way, and waits for it; the state is Disconnected
// afterwards. When ctx ends first the link is cut. It returns what went wrong
// while saying goodbye; the connection is gone all the same.
func (s *Session) Disconnect(ctx context.Context) error { return s.end(ctx, endDisconnect) }

// Drop cuts the link without DISCONNECT, so that the broker publishes the
// will, and waits for it. The state is Disconnected afterwards: nobody
// reconnects after a deliberate drop.
func (s *Session) Drop() error { return s.end(context.Background(), endDrop) }

// StopRetrying ends the countdown or a repeated attempt; the state is
// Disconnected afterwards. It does nothing while connected.
func (s *Session) StopRetrying() {
	s.mu.Lock()
	stop := s.state == Waiting || s.state == Connecting
	s.mu.Unlock()
	if stop {
		_ = s.end(context.Background(), endDrop)
	}
}

// end asks the newest run to end and waits until it has.
func (s *Session) end(ctx context.Context, how endKind) error {
	s.mu.Lock()
	r := s.run
	if r == nil || !s.state.Active() {
		s.mu.Unlock()
		return nil
	}
	e := &ending{how: how, ctx: ctx}
	r.cancel(e)
	s.mu.Unlock()
	<-r.done
	if e.err != nil {
		return Explain(e.err, r.opts)
	}
	return nil
}

// ReconnectNow makes the next attempt at once: it ends a countdown, and
// starts over with the last options when the session is Failed or
// Disconnected. It returns at once and does nothing in any other state.
func (s *Session) ReconnectNow() {
	s.mu.Lock()
	started := false
	switch {
	case s.state == Waiting:
		select {
		case s.run.poke <- struct{}{}:
		default:
		}
	case s.state == Failed || s.state == Disconnected:
		started = s.start(s.opts)
	}
	s.mu.Unlock()
	if started {
		s.p.Changed()
	}
}

// Traffic returns the sum over every link of this session. It never
// decreases.
func (s *Session) Traffic() app.Traffic {
	s.mu.Lock()
	c, sum := s.client, s.traffic
	s.mu.Unlock()
	return add(sum, trafficOf(c))
}

func trafficOf(c app.Client) app.Traffic {
	if t, ok := c.(interface{ Traffic() app.Traffic }); ok {
		return t.Traffic()
	}
	return app.Traffic{}
}

func add(a, b app.Traffic) app.Traffic {
	a.FramesIn += b.FramesIn
	a.FramesOut += b.FramesOut
	a.BytesIn += b.BytesIn
	a.BytesOut += b.BytesOut
	return a
}

// Close ends the connection with DISCONNECT (at most two seconds), closes the
// client and waits for every goroutine. A second call returns nil.
func (s *Session) Close() error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		s.wg.Wait()
		return nil
	}
	s.closed = true
	if s.run != nil {
		s.run.cancel(&ending{how: endDisconnect, ctx: context.Background()})
	}
	s.mu.Unlock()
	s.wg.Wait()
	s.mu.Lock()
	c := s.client
	s.mu.Unlock()
	if c == nil {
		return nil
	}
	return c.Close()
}
