package workspace_test

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"tidings/app"
	"tidings/app/session"
	"tidings/app/session/sessionfake"
	"tidings/app/store"
	"tidings/app/workspace"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// world is a workspace, the broker in memory that it talks to, and what it
// told its owner.
type world struct {
	*testing.T
	*workspace.Workspace
	broker *sessionfake.Broker
	wire   *wire
	budget *store.Budget

	mu      sync.Mutex
	touched int
	saved   [][]app.Subscription
	kept    [][]app.Template
}

// wire is what stands between the workspace and the broker in memory; tests
// change it before they connect.
type wire struct {
	hold        chan struct{}        // Publish and Subscribe wait until it is closed
	unsubscribe func() (byte, error) // what Unsubscribe ends with
	lost        error                // what Publish ends with; nil: as the broker says
	flight      atomic.Int32         // what waits for PUBACK
}

// client is a client in memory that can be held up.
type client struct {
	*sessionfake.Client
	*wire
}

func (c client) wait(ctx context.Context) error {
	if c.hold == nil {
		return nil
	}
	select {
	case <-c.hold:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (c client) InFlight() app.InFlight { return app.InFlight{PubAck: int(c.flight.Load())} }

func (c client) Publish(ctx context.Context, p app.Publish) (app.PubResult, error) {
	if c.lost != nil {
		c.flight.Add(1)
		return app.PubResult{}, c.lost
	}
	if err := c.wait(ctx); err != nil {
		return app.PubResult{}, err
	}
	return c.Client.Publish(ctx, p)
}

func (c client) Subscribe(ctx context.Context, s ...app.Subscription) ([]app.SubResult, error) {
	if err := c.wait(ctx); err != nil {
		return nil, err
	}
	return c.Client.Subscribe(ctx, s...)
}

func (c client) Unsubscribe(ctx context.Context, filters ...string) ([]app.SubResult, error) {
	if c.wire.unsubscribe != nil {
		if code, err := c.wire.unsubscribe(); err != nil || code != 0 {
			return []app.SubResult{{Filter: filters[0], Reason: app.ReasonCode(code)}}, err
		}
	}
	return c.Client.Unsubscribe(ctx, filters...)
}

// Disconnect cuts the link when there is no time left to say goodbye.
func (c client) Disconnect(ctx context.Context, r app.ReasonCode) error {
	if ctx.Err() != nil {
		return c.Drop()
	}
	return c.Client.Disconnect(ctx, r)
}

// inWorld runs f in a synctest bubble with a workspace that is closed
// afterwards. The profile is changed by prepare before it is opened.
func inWorld(t *testing.T, f func(*world), prepare ...func(*world, *app.Profile)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := &world{T: t, broker: sessionfake.NewBroker(), wire: &wire{}, budget: store.NewBudget(64 << 20)}
		p := app.DefaultProfile()
		p.ID, p.Name, p.Host, p.ClientID = "id", "test", "broker", "me"
		for _, change := range prepare {
			change(w, &p)
		}
		w.Workspace = workspace.New(w.params(), p)
		defer func() {
			if err := w.Close(); err != nil {
				t.Errorf("close: %v", err)
			}
		}()
		f(w)
	})
}

func (w *world) params() workspace.Params {
	return workspace.Params{
		NewClient: func(v app.Version) (app.Client, error) { return client{w.broker.Client(v), w.wire}, nil },
		Budget:    w.budget,
		Touch: func() {
			w.mu.Lock()
			w.touched++
			w.mu.Unlock()
			if w.Workspace != nil { // whoever is told may look at once
				_ = w.Sent()
				_ = w.MessageViewer().Detail()
				_ = w.Snapshot()
			}
		},
		Log: slog.New(slog.DiscardHandler),
		SubscriptionsChanged: func(s []app.Subscription, _ map[string]int) {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.saved = append(w.saved, s)
		},
		TemplatesChanged: func(list []app.Template) {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.kept = append(w.kept, list)
		},
	}
}

// connect connects and waits until everything is at rest.
func (w *world) connect() {
	w.Helper()
	w.Workspace.Connect(nil)
	synctest.Wait()
	if s := w.Snapshot().Session.State; s != session.Connected {
		w.Fatalf("%v, want connected", s)
	}
}

func (w *world) subscribe(filters ...string) {
	w.Helper()
	for _, f := range filters {
		if err := w.Subscribe(app.Subscription{Filter: f, QoS: app.QoS1}); err != nil {
			w.Fatal(err)
		}
		synctest.Wait()
	}
}

// arrive delivers one message per topic.
func (w *world) arrive(topics ...string) {
	for _, name := range topics {
		w.broker.Publish(app.Publish{Topic: name, Payload: []byte("x")})
	}
	synctest.Wait()
}

// profileHas returns the filters last handed over for the profile.
func (w *world) profileHas() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.saved) == 0 {
		return nil
	}
	var out []string
	for _, s := range w.saved[len(w.saved)-1] {
		out = append(out, s.Filter)
	}
	return out
}

func (w *world) brokerHas() []string {
	var out []string
	for _, s := range w.broker.Subscriptions("me") {
		out = append(out, s.Filter)
	}
	return out
}

func (w *world) filters() []string {
	var out []string
	for _, f := range w.Filters() {
		out = append(out, f.Filter)
	}
	return out
}

// key returns the key of what an error says.
func key(err error) string {
	var e *app.Error
	if errors.As(err, &e) {
		return e.What.Key
	}
	return ""
}

// sleep lets fake time pass.
func sleep(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}
