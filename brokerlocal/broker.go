package brokerlocal

import (
	"context"
	"log/slog"
	"net"
	"sync"
	"time"

	"tidings/app"
	"tidings/brokerlocal/engine"
	"tidings/brokerlocal/engine/listener"
)

// Broker is the one-click broker. It can be started and stopped any number of
// times. All methods are safe for concurrent use.
type Broker struct {
	cfg     Config
	journal journal

	turn chan struct{} // held by Start and Stop: one at a time

	mu   sync.Mutex // guards what follows; never held while calling out
	run  *run       // nil when stopped
	last Snapshot   // of the latest run; Err of a failed start
}

// New returns a stopped Broker.
func New(cfg Config) *Broker {
	b := &Broker{cfg: cfg.withDefaults(), turn: make(chan struct{}, 1)}
	b.last = Snapshot{Host: b.cfg.Host, WantedPort: b.cfg.Port}
	return b
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
	log := slog.New(b.journal.handler(b.cfg.Log.Handler()))
	e, err := b.newEngine(log)
	if err != nil {
		return nil, &app.Error{What: app.Say("broker.error.engine"), Do: app.Say("broker.error.engine_do"), Cause: err}
	}
	listeners, failure := open(ctx, b.cfg, listener.Options{Log: b.cfg.Log, Limits: listener.NewLimits(maxConnections+listener.Spare, 0)})
	if failure != nil {
		_ = e.Stop(ctx)
		return nil, failure
	}
	r := &run{
		cfg: b.cfg, journal: &b.journal, engine: e, listeners: listeners, since: time.Now(),
		host: b.cfg.Host, port: listeners[0].Addr().(*net.TCPAddr).Port,
	}
	log.Info("broker starting")
	for _, l := range listeners {
		b.journal.add(time.Now(), "Opening listen socket on "+l.Addr().String()+".")
		r.work.Go(func() { r.serve(l) })
	}
	return r, nil
}

func (b *Broker) newEngine(log *slog.Logger) (*engine.Engine, error) {
	who, err := guard(b.cfg)
	if err != nil {
		return nil, err
	}
	return engine.New(engine.Config{
		Authenticator: who, Enhanced: who, Authorizer: who,
		Limits:         engine.Limits{PacketSize: b.cfg.MaxPacket, Connections: maxConnections},
		ConnectTimeout: b.cfg.ConnectTimeout,
		SysInterval:    b.cfg.SysInterval,
		Version:        sysVersion,
		Log:            log,
		Changed:        b.cfg.Changed,
	})
}

// sysVersion is what $SYS/broker/version says.
const sysVersion = "Tidings"

// Stop ends the broker: it closes every connection and tells MQTT 5 clients
// why. It takes less than a second whatever the peers do. It returns an error
// when something still ran at the end, or when ctx ended while another Start
// or Stop was under way.
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
	b.last, b.run = r.snapshot(), nil
	b.last.Running, b.last.Clients, b.last.Subscriptions, b.last.Retained = false, 0, 0, 0
	b.mu.Unlock()
	b.journal.add(time.Now(), "broker terminating")
	b.cfg.Changed()
	return err
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
	return r.snapshot()
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
