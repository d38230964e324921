package desk_test

import (
	"errors"
	"log/slog"
	"testing"
	"time"

	"tidings/app"
	"tidings/app/desk"
	"tidings/app/session"
	"tidings/app/session/link"
	"tidings/app/session/v3"
	"tidings/app/session/v5"
	"tidings/app/store"
	"tidings/brokerlocal/brokertest"
)

// bench is a desk with everything around it, as the program has, but the
// disk and the keyring.
type bench struct {
	*desk.Desk
	t        *testing.T
	profiles *memoryProfiles
	secrets  *memorySecrets
	broker   *switchBroker
	local    desk.LocalBroker // broker, unless a test has another
	touched  chan struct{}
}

func newBench(t *testing.T, prepare ...func(*bench)) *bench {
	t.Helper()
	b := &bench{
		t: t, profiles: &memoryProfiles{saved: map[string]app.Profile{}},
		secrets: newMemorySecrets(),
		broker:  &switchBroker{t: t}, touched: make(chan struct{}, 1),
	}
	b.local = b.broker
	for _, p := range prepare {
		p(b)
	}
	b.Desk = desk.New(desk.Params{
		Profiles: b.profiles, Secrets: b.secrets, Broker: b.local,
		NewClient: func(v app.Version) (app.Client, error) {
			if v == app.V5 {
				return v5.New(v5.Params{Dial: link.Dial}), nil
			}
			return v3.New(v3.Params{Dial: link.Dial}), nil
		},
		Budget: store.NewBudget(64 << 20),
		Log:    slog.New(slog.DiscardHandler),
		Touch: func() {
			select {
			case b.touched <- struct{}{}:
			default:
			}
		},
	})
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return b
}

// until waits for the desk to reach a state; it looks again after each touch.
func (b *bench) until(what string, reached func() bool) {
	b.t.Helper()
	deadline := time.After(60 * time.Second)
	for !reached() {
		select {
		case <-b.touched:
		case <-deadline:
			b.t.Fatalf("never: %s", what)
		}
	}
}

func (b *bench) connected(id string) bool {
	w := b.Workspace(id)
	return w != nil && w.Snapshot().Session.State == session.Connected
}

// save adds a profile for the test's broker.
func (b *bench) save(change func(*app.Profile), changes []desk.SecretChange) string {
	srv := b.broker.server()
	p := app.DefaultProfile()
	p.Name, p.Host, p.Port = "test", srv.Host, srv.Port
	change(&p)
	return b.SaveProfile(p, changes)
}

func TestOneClickStartsTheBrokerAndConnects(t *testing.T) {
	b := newBench(t)
	b.StartBrokerAndConnect()
	b.until("connected", func() bool {
		c := b.Connections()
		return len(c) == 1 && b.connected(c[0].Profile.ID)
	})
	c := b.Connections()[0]
	if !c.Profile.LocalBroker || c.Profile.Name != desk.LocalProfileName {
		t.Errorf("profile %+v is not the local broker's", c.Profile)
	}
	b.until("the profile is saved", func() bool { return b.profiles.has(c.Profile.ID) })

	w := b.Workspace(c.Profile.ID)
	b.until("subscribed to #", func() bool {
		f := w.Filters()
		return len(f) == 1 && f[0].Filter == "#" && !f[0].Pending && !f[0].Refused
	})
	if _, err := w.Publish(app.Publish{Topic: "lab/led", Payload: []byte("on"), QoS: app.QoS1}); err != nil {
		t.Fatal(err)
	}
	b.until("published and received", func() bool {
		sent := w.Sent()
		return len(sent) == 1 && !sent[0].Pending && w.Messages().Stats().Total >= 1
	})
	if s := w.Sent()[0]; s.Err != nil || s.Result.Reason.IsError() {
		t.Errorf("publish ended with %+v", s)
	}
	rows := w.Messages().Rows(0, 10, nil)
	if len(rows) == 0 || rows[0].Topic != "lab/led" || string(rows[0].Preview) != "on" {
		t.Errorf("received %+v", rows)
	}

	// A second click makes no second profile.
	b.StartBrokerAndConnect()
	b.until("connected again", func() bool { return b.connected(c.Profile.ID) && !b.Broker().Busy })
	if n := len(b.Connections()); n != 1 {
		t.Errorf("%d profiles after a second start, want 1", n)
	}
}

func TestConnectingTheLocalProfileStartsItsBroker(t *testing.T) {
	b := newBench(t)
	b.StartBrokerAndConnect()
	b.until("connected", func() bool { return len(b.Connections()) == 1 && b.connected(b.Connections()[0].Profile.ID) })
	id := b.Connections()[0].Profile.ID
	b.CloseWorkspace(id)
	b.StopBroker()
	b.until("stopped", func() bool { return !b.Broker().Running && !b.Broker().Busy })
	if c, _ := b.Connection(id); !c.BrokerStopped || !b.Connections()[0].BrokerStopped {
		t.Error("its connection does not know that the broker is stopped")
	}
	b.Connect(id)
	b.until("connected again", func() bool { return b.connected(id) })
	if c, _ := b.Connection(id); !b.Broker().Running || c.BrokerStopped {
		t.Error("connected to something else: the broker does not run")
	}
}

func TestConnectionFollowsTheLocalBrokerToAnotherPort(t *testing.T) {
	b := newBench(t)
	b.StartBrokerAndConnect()
	b.until("connected", func() bool { return len(b.Connections()) == 1 && b.connected(b.Connections()[0].Profile.ID) })
	id, old := b.Connections()[0].Profile.ID, b.Broker().Port
	b.broker.move()
	b.until("lost", func() bool { return b.Workspace(id).Snapshot().Session.State == session.Waiting })
	b.StartBroker()
	b.until("connected again", func() bool { return b.connected(id) })
	p, _ := b.Profile(id)
	if p.Port == old || p.Port != b.Broker().Port {
		t.Errorf("connected to port %d; the broker moved from %d to %d", p.Port, old, b.Broker().Port)
	}
}

func TestTwoConnectionsWorkSideBySide(t *testing.T) {
	b := newBench(t)
	five := b.save(func(p *app.Profile) { p.Name = "five" }, nil)
	three := b.save(func(p *app.Profile) { p.Name, p.Version = "three", app.V311 }, nil)
	b.Connect(five)
	b.Connect(three)
	b.until("both connected", func() bool { return b.connected(five) && b.connected(three) })
	if err := b.Workspace(three).Subscribe(app.Subscription{Filter: "lab/+", QoS: app.QoS2}); err != nil {
		t.Fatal(err)
	}
	b.until("granted", func() bool {
		f := b.Workspace(three).Filters()
		return len(f) == 1 && !f[0].Pending
	})
	if _, err := b.Workspace(five).Publish(app.Publish{Topic: "lab/1", Payload: []byte("x"), QoS: app.QoS2}); err != nil {
		t.Fatal(err)
	}
	b.until("the other one received it", func() bool { return b.Workspace(three).Messages().Stats().Total == 1 })
	if n := b.Workspace(five).Messages().Stats().Total; n != 0 {
		t.Errorf("the publisher stored %d messages, it subscribed to nothing", n)
	}
	if used, limit := b.Memory(); used <= 0 || used > limit {
		t.Errorf("memory %d of %d", used, limit)
	}
}

func TestPasswords(t *testing.T) {
	withUser := func(b *bench) { b.broker.opts = []brokertest.Option{brokertest.WithUser("ana", "lemon")} }
	user := func(p *app.Profile) { p.User = "ana" }
	t.Run("a remembered password is not asked for", func(t *testing.T) {
		b := newBench(t, withUser)
		id := b.save(user, []desk.SecretChange{{Kind: app.SecretPassword, Value: "lemon", Remember: true}})
		b.until("kept", func() bool { return b.secrets.get(id) == "lemon" })
		b.Connect(id)
		b.until("connected", func() bool { return b.connected(id) })
	})
	t.Run("a password that is not kept is asked for", func(t *testing.T) {
		b := newBench(t, withUser)
		id := b.save(user, []desk.SecretChange{{Kind: app.SecretPassword}})
		b.Connect(id)
		b.until("asked", func() bool { return b.Question() != nil })
		if q := b.Question(); q.User != "ana" || q.Why.Key != "password.not_kept" {
			t.Errorf("question %+v", q)
		}
		b.Answer(id, "lemon", false)
		b.until("connected", func() bool { return b.connected(id) })
		if b.Question() != nil {
			t.Error("the question stands after the answer")
		}
		if b.secrets.get(id) != "" {
			t.Error("kept without being asked to")
		}
	})
	t.Run("without a keyring the person is asked and told", func(t *testing.T) {
		b := newBench(t, withUser, func(b *bench) { b.secrets.broken = errors.New("no bus") })
		id := b.save(user, nil)
		b.until("probed", func() bool { return b.Secrets().Checked })
		if b.Secrets().Available {
			t.Error("a broken keyring counts as available")
		}
		b.Connect(id)
		b.until("asked", func() bool { return b.Question() != nil })
		if q := b.Question(); q.Why.Key != "password.keyring_unavailable" || q.Place != app.PlaceNone {
			t.Errorf("question %+v", q)
		}
	})
	t.Run("a wrong password is refused in words", func(t *testing.T) {
		b := newBench(t, withUser)
		id := b.save(user, []desk.SecretChange{{Kind: app.SecretPassword, Value: "melon", Remember: true}})
		b.until("kept", func() bool { return b.secrets.get(id) != "" })
		b.Connect(id)
		b.until("failed", func() bool { return b.Workspace(id).Snapshot().Session.State == session.Failed })
		if e := b.Workspace(id).Snapshot().Session.LastError; e == nil || e.Do.IsZero() {
			t.Errorf("error %v says nothing to do", e)
		}
	})
	t.Run("a password that cannot be kept is asked for from now on", func(t *testing.T) {
		b := newBench(t, withUser, func(b *bench) { b.secrets.broken = errors.New("locked") })
		id := b.save(user, []desk.SecretChange{{Kind: app.SecretPassword, Value: "lemon", Remember: true}})
		b.until("told", func() bool { return len(b.Notices()) == 1 })
		b.until("asks from now on", func() bool {
			p, _ := b.Profile(id)
			return p.AskPassword
		})
	})
}

func TestDeleteCanBeUndone(t *testing.T) {
	b := newBench(t)
	id := b.save(func(*app.Profile) {}, []desk.SecretChange{{Kind: app.SecretPassword, Value: "s", Remember: true}})
	b.until("kept", func() bool { return b.secrets.get(id) == "s" && b.profiles.has(id) })
	b.DeleteProfile(id)
	b.until("gone", func() bool { return len(b.Connections()) == 0 && !b.profiles.has(id) })
	if name, ok := b.Deleted(); !ok || name != "test" {
		t.Errorf("Deleted() = %q, %v", name, ok)
	}
	if back := b.UndoDelete(); back != id {
		t.Errorf("UndoDelete() = %q, want %q", back, id)
	}
	b.until("back", func() bool { return len(b.Connections()) == 1 && b.profiles.has(id) })
	if b.secrets.get(id) != "s" {
		t.Error("the password did not survive the undo")
	}
	b.DeleteProfile(id)
	b.until("gone again", func() bool { _, ok := b.Deleted(); return ok })
	b.ForgetDeleted()
	b.until("the password is forgotten", func() bool { return b.secrets.get(id) == "" })
}

func TestSubscriptionsStayWithTheProfile(t *testing.T) {
	b := newBench(t)
	id := b.save(func(*app.Profile) {}, nil)
	b.Connect(id)
	b.until("connected", func() bool { return b.connected(id) })
	if err := b.Workspace(id).Subscribe(app.Subscription{Filter: "a/#", QoS: app.QoS1}); err != nil {
		t.Fatal(err)
	}
	b.until("saved", func() bool { return len(b.profiles.get(id).Subscriptions) == 1 })
	b.CloseWorkspace(id)
	b.until("closed", func() bool { return b.Workspace(id) == nil })
	b.Connect(id)
	b.until("subscribed again", func() bool {
		f := b.Workspace(id).Filters()
		return len(f) == 1 && f[0].Filter == "a/#" && !f[0].Pending
	})
}

func TestBrokerThatCannotStartIsANotice(t *testing.T) {
	b := newBench(t, func(b *bench) {
		b.broker.fail = &app.Error{What: app.Say("broker.failed"), Cause: errors.New("no")}
	})
	b.StartBroker()
	b.until("told", func() bool { return len(b.Notices()) == 1 && !b.Broker().Busy })
	if b.Broker().Err == nil {
		t.Error("the broker's card does not say why")
	}
	b.Dismiss(b.Notices()[0].ID)
	if len(b.Notices()) != 0 {
		t.Error("a dismissed notice stands")
	}
}
