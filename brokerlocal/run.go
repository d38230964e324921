package brokerlocal

import (
	"context"
	"net"
	"slices"
	"sync"
	"time"

	"tidings/app"
	"tidings/brokerlocal/engine"
	"tidings/brokerlocal/engine/listener"
)

// run is one life of the broker, from Start to Stop.
type run struct {
	cfg       Config
	journal   *journal
	engine    *engine.Engine
	listeners []*listener.Listener
	since     time.Time
	host      string
	port      int
	work      sync.WaitGroup // accept loops

	mu     sync.Mutex
	failed *app.Error
}

// serve accepts on one listener until that is closed.
func (r *run) serve(l *listener.Listener) {
	err := l.Serve(func(nc net.Conn) {
		// What ended the connection is in the log.
		_ = r.engine.Serve(nc)
	})
	if err != nil {
		r.fail(err)
	}
}

// fail records that the broker cannot go on by itself.
func (r *run) fail(err error) {
	r.mu.Lock()
	r.failed = &app.Error{
		What: app.Say("broker.error.listener_lost"), Do: app.Say("broker.error.listener_lost_do"), Cause: err,
	}
	r.mu.Unlock()
	r.cfg.Log.Error("broker: listener lost", "error", err)
	r.cfg.Changed()
}

// end stops what begin started.
func (r *run) end() error {
	for _, l := range r.listeners {
		_ = l.Close()
	}
	ctx, cancel := context.WithTimeout(context.Background(), stopLimit)
	defer cancel()
	err := r.engine.Stop(ctx)
	r.work.Wait()
	return err
}

func (r *run) failure() *app.Error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.failed
}

func (r *run) snapshot() Snapshot {
	n := r.engine.Snapshot()
	failed := r.failure()
	return Snapshot{
		Running: failed == nil, Err: failed,
		Host: r.host, Port: r.port, WantedPort: r.cfg.Port, Since: r.since,
		Clients: n.Clients, Subscriptions: n.Subscriptions, Retained: n.Retained,
		MessagesIn: n.MessagesIn, MessagesOut: n.MessagesOut, Dropped: n.Dropped.Sum(),
		BytesIn: n.BytesIn, BytesOut: n.BytesOut, Refused: n.Refused, Faults: n.Faults,
	}
}

func (r *run) clients() []Client {
	connected := r.engine.Clients()
	out := make([]Client, 0, len(connected))
	for _, c := range connected {
		out = append(out, Client{
			ID: c.ID, Address: c.Address, User: c.User, Version: c.Version,
			Clean: c.Clean, KeepAlive: c.KeepAlive, Since: c.Since,
		})
	}
	slices.SortFunc(out, func(a, b Client) int { return a.Since.Compare(b.Since) })
	return out
}
