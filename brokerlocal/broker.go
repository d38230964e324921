package brokerlocal

import (
	"context"
	"errors"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"tidings/app"
)

// Broker is the one-click broker. It can be started and stopped any number of
// times. All methods are safe for concurrent use.
type Broker struct {
	cfg       Config
	newEngine newEngine
	journal   journal

	turn chan struct{} // held by Start and Stop: one at a time

	mu   sync.Mutex // guards what follows; never held while calling out
	run  *run       // nil when stopped
	last Snapshot   // of the latest run; Err of a failed start
}

// New returns a stopped Broker.
func New(cfg Config) *Broker {
	b := &Broker{cfg: cfg.withDefaults(), newEngine: newMochi, turn: make(chan struct{}, 1)}
	b.last = Snapshot{Host: b.cfg.Host, WantedPort: b.cfg.Port}
	return b
}

// run is one life of the broker, from Start to Stop.
type run struct {
	cfg       Config
	journal   *journal
	engine    engine
	listeners []net.Listener
	since     time.Time
	host      string
	port      int

	stop     context.Context // done when Stop began
	stopping context.CancelFunc
	work     sync.WaitGroup // accept loops and connections

	mu     sync.Mutex
	conns  map[*conn]struct{}
	ids    map[string]*conn // by client identifier, from claim to the end of serve
	closed bool
	failed *app.Error

	bytesIn, bytesOut, refused, faults atomic.Uint64
}

// Start listens and serves until Stop. ctx bounds the start only. It returns
// an *app.Error when the port is in use, may not be used, or the host is not
// a loopback address; nil when the broker runs already.
func (b *Broker) Start(ctx context.Context) error {
	if err := b.takeTurn(ctx); err != nil {
		return err
	}
	defer b.endTurn()
	if b.current() != nil {
		return nil
	}
	r, failure := b.begin(ctx)
	b.mu.Lock()
	b.run = r
	b.last = Snapshot{Host: b.cfg.Host, WantedPort: b.cfg.Port, Err: failure}
	b.mu.Unlock()
	b.cfg.Changed()
	if failure != nil {
		return failure
	}
	return nil
}

func (b *Broker) begin(ctx context.Context) (*run, *app.Error) {
	if err := b.cfg.check(); err != nil {
		return nil, err
	}
	listeners, failure := open(ctx, b.cfg)
	if failure != nil {
		return nil, failure
	}
	e, err := b.newEngine(b.cfg)
	if err != nil {
		closeAll(listeners)
		return nil, &app.Error{What: app.Say("broker.error.engine"), Do: app.Say("broker.error.engine_do"), Cause: err}
	}
	r := &run{
		cfg: b.cfg, journal: &b.journal, engine: e, listeners: listeners, since: time.Now(),
		host: b.cfg.Host, port: listeners[0].Addr().(*net.TCPAddr).Port,
		conns: make(map[*conn]struct{}), ids: make(map[string]*conn),
	}
	r.stop, r.stopping = context.WithCancel(context.Background())
	r.journal.addf("broker starting")
	for _, l := range listeners {
		r.journal.addf("Opening listen socket on %s.", l.Addr().String())
		r.work.Go(func() { r.accept(l) })
	}
	return r, nil
}

// Stop ends the broker: it closes every connection, tells MQTT 5 clients why,
// and waits for the goroutines of the listeners and connections; the engine's
// own, which hold no connection by then, end right after. It takes less than a second whatever the
// peers do. It returns an error when something still ran at the end, or when
// ctx ended while another Start or Stop was under way.
func (b *Broker) Stop(ctx context.Context) error {
	if err := b.takeTurn(ctx); err != nil {
		return err
	}
	defer b.endTurn()
	r := b.current()
	if r == nil {
		return nil
	}
	err := r.end()
	b.mu.Lock()
	b.last, b.run = r.snapshot(b.cfg), nil
	b.last.Running, b.last.Clients, b.last.Subscriptions, b.last.Retained = false, 0, 0, 0
	b.mu.Unlock()
	b.journal.addf("broker terminating")
	b.cfg.Changed()
	return err
}

var errStuck = errors.New("broker: connections still ran when the time to stop was over")

// end stops what Start began. Should something not end in time, it goes on
// to end behind the caller's back, and the caller is told.
func (r *run) end() error {
	r.stopping()
	closeAll(r.listeners)
	r.mu.Lock()
	r.closed = true
	conns := make([]*conn, 0, len(r.conns))
	for c := range r.conns {
		conns = append(conns, c)
	}
	r.mu.Unlock()

	limit := time.NewTimer(stopLimit)
	defer limit.Stop()
	for _, c := range conns {
		c.hurry(time.Now().Add(stopGrace))
	}
	done := make(chan error, 1)
	go func() {
		r.engine.farewell()
		for _, c := range conns {
			_ = c.Close()
		}
		r.work.Wait()
		done <- r.engine.close()
	}()
	select {
	case err := <-done:
		return err
	case <-limit.C:
	}
	for _, c := range conns {
		_ = c.Close()
	}
	return errStuck
}

func (b *Broker) takeTurn(ctx context.Context) error {
	select {
	case b.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (b *Broker) endTurn() { <-b.turn }

func (b *Broker) current() *run {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.run
}

// Snapshot returns the present state, or that of the latest run when the
// broker is stopped.
func (b *Broker) Snapshot() Snapshot {
	b.mu.Lock()
	r, last := b.run, b.last
	b.mu.Unlock()
	if r == nil {
		return last
	}
	return r.snapshot(b.cfg)
}

// Clients returns the connected clients, the longest connected first.
func (b *Broker) Clients() []Client {
	if r := b.current(); r != nil {
		return r.clients()
	}
	return nil
}

// Events returns the newest lines of the log, at most 1000, oldest first.
func (b *Broker) Events() []Event { return b.journal.all() }
