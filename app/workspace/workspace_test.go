package workspace_test

import (
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"tidings/app"
	"tidings/app/session"
	"tidings/app/workspace"
)

// arrivals is a sink that keeps the topics.
type arrivals struct{ topics []string }

func (a *arrivals) Deliver(batch []app.Message) {
	for _, m := range batch {
		a.topics = append(a.topics, m.Topic)
	}
}

// listen subscribes another client to everything.
func (w *world) listen(s app.Sink) {
	w.Helper()
	c := w.broker.Client(app.V5)
	w.Cleanup(func() { _ = c.Close() })
	o := app.ConnectOptions{Host: "broker", Port: 1, Version: app.V5, ClientID: "other", Clean: true, Sink: s}
	if _, err := c.Connect(w.Context(), o); err != nil {
		w.Fatal(err)
	}
	if _, err := c.Subscribe(w.Context(), app.Subscription{Filter: "#", QoS: app.QoS2}); err != nil {
		w.Fatal(err)
	}
}

func TestEveryModelSeesWhatIsDelivered(t *testing.T) {
	inWorld(t, func(w *world) {
		w.broker.Publish(app.Publish{Topic: "lab/state", Payload: []byte("on"), Retain: true})
		w.connect()
		w.subscribe("#", "$SYS/#")
		w.arrive("lab/1", "lab/1", "lab/2")
		w.broker.Publish(app.Publish{Topic: "$SYS/broker/version", Payload: []byte("mosquitto 2.0")})
		synctest.Wait()

		snap := w.Snapshot()
		if snap.Received != 5 || snap.Bytes != 2+3+13 {
			t.Errorf("%d messages, %d bytes; want 5 and 18", snap.Received, snap.Bytes)
		}
		if n := w.Messages().Stats().Total; n != 5 {
			t.Errorf("the store has %d messages, want 5", n)
		}
		if n := w.Tree().Stats().Topics; n != 4 {
			t.Errorf("the tree has %d topics, want 4", n)
		}
		if m, ok := w.Retained().Get("lab/state"); !ok || string(m.Payload) != "on" || w.Retained().Len() != 1 {
			t.Errorf("retained: %+v, %v", m, ok)
		}
		if n := w.Sys().Snapshot().Rows; n != 1 {
			t.Errorf("$SYS has %d topics, want 1", n)
		}
		got := map[string]uint64{}
		for _, f := range w.Filters() {
			got[f.Filter] = f.Received
		}
		if got["#"] != 4 || got["$SYS/#"] != 1 {
			t.Errorf("filters counted %v", got)
		}
		if w.ColorOf("lab/1") != 0 || w.ColorOf("$SYS/x") != 1 {
			t.Error("topics have other colours than their filters")
		}
	})
}

func TestClearEmptiesTheListAndKeepsTreeAndRetained(t *testing.T) {
	inWorld(t, func(w *world) {
		w.broker.Publish(app.Publish{Topic: "lab/state", Payload: []byte("on"), Retain: true})
		w.connect()
		w.subscribe("#")
		w.arrive("a", "b")
		w.MessageViewer().Show(0, workspace.Auto)
		w.TopicViewer().ShowMessage(app.Message{Topic: "a"}, workspace.Auto)
		synctest.Wait()
		w.Clear()
		st := w.Messages().Stats()
		if st.First != st.Next || w.MessageViewer().Detail().Open {
			t.Errorf("%d messages left, viewer open: %t", st.Next-st.First, w.MessageViewer().Detail().Open)
		}
		if st.Evicted != 0 {
			t.Error("what was cleared counts as evicted")
		}
		if w.Filters()[0].Received != 0 {
			t.Error("the filter's counter stands")
		}
		if w.Tree().Stats().Topics != 3 || w.Retained().Len() != 1 || !w.TopicViewer().Detail().Open {
			t.Error("Clear touched more than the list")
		}
		w.arrive("a")
		if n := w.Filters()[0].Received; n != 1 {
			t.Errorf("counted %d after Clear, want 1", n)
		}
	})
}

func TestRatesAreMessagesOfTheLastSecond(t *testing.T) {
	inWorld(t, func(w *world) {
		w.connect()
		w.subscribe("a/#", "#")
		sleep(time.Second)
		for i := range 8 {
			w.arrive(fmt.Sprint("a/", i))
			w.arrive("b")
		}
		for range 3 {
			w.publish("out", nil)
		}
		sleep(time.Second)
		f := w.Filters()
		if f[0].Rate != 8 || f[1].Rate != 19 {
			t.Errorf("rates of filters %v and %v, want 8 and 19", f[0].Rate, f[1].Rate)
		}
		if r := w.Snapshot().Rates; r.In != 19 || r.Out != 3 {
			t.Errorf("rates %+v, want 19 in and 3 out", r)
		}
		sleep(time.Second)
		if r := w.Snapshot().Rates; r.In != 0 || r.Out != 0 {
			t.Errorf("rates %+v a second later, want none", r)
		}
	})
}

func TestTheScreenIsToldOnlyWhenThereIsSomethingNew(t *testing.T) {
	inWorld(t, func(w *world) {
		w.connect()
		sleep(2 * time.Second)
		count := func() int { w.mu.Lock(); defer w.mu.Unlock(); return w.touched }
		before := count()
		sleep(time.Minute)
		if n := count() - before; n != 0 {
			t.Errorf("told %d times in a minute without an event", n)
		}
		w.broker.Refuse(&app.RefusedError{Version: app.V5, Reason: app.ReasonServerBusy})
		w.broker.Cut(nil)
		sleep(40 * time.Second)
		before = count()
		sleep(5 * time.Second)
		if n := count() - before; n < 5 {
			t.Errorf("told %d times in 5 s of a countdown", n)
		}
	})
}

func TestAnotherProfileCountsFromTheNextConnectOn(t *testing.T) {
	inWorld(t, func(w *world) {
		w.connect()
		p := w.Profile()
		p.ClientID, p.User = "you", "ana"
		w.SetProfile(p)
		synctest.Wait()
		if n := len(w.broker.Attempts()); n != 1 {
			t.Fatalf("%d attempts, SetProfile connected", n)
		}
		w.Connect(app.Secrets{app.SecretPassword: "lemon"})
		synctest.Wait()
		last := w.broker.Attempts()[1]
		if last.ClientID != "you" || last.User != "ana" || last.Password != "lemon" {
			t.Errorf("connected with %+v", last)
		}
		if o := w.Snapshot().Session.Options; o.Password != "" || o.Sink != nil {
			t.Error("the snapshot holds the password or the sink")
		}
	})
}

func TestAnotherBrokerBringsItsOwnFigures(t *testing.T) {
	inWorld(t, func(w *world) {
		w.broker.Publish(app.Publish{Topic: "$SYS/broker/version", Payload: []byte("one"), Retain: true})
		w.connect()
		w.subscribe("$SYS/#")
		w.broker.Publish(app.Publish{Topic: "$SYS/broker/version", Retain: true}) // the other one has none
		w.connect()
		if w.Sys().Snapshot().Rows != 1 {
			t.Error("connecting to the same broker again forgot its figures")
		}
		p := w.Profile()
		p.Host = "other"
		w.SetProfile(p)
		w.connect()
		if rows, kept := w.Sys().Snapshot().Rows, w.Retained().Len(); rows != 0 || kept != 0 {
			t.Errorf("%d figures and %d retained messages of the broker before", rows, kept)
		}
	})
}

func TestDisconnectKeepsTheWillAndDropFiresIt(t *testing.T) {
	for name, c := range map[string]struct {
		leave func(*world)
		fires bool
	}{
		"Disconnect":            {func(w *world) { w.Disconnect() }, false},
		"Drop":                  {func(w *world) { w.Drop() }, true},
		"Close":                 {func(w *world) { _ = w.Close() }, false},
		"Disconnect then Close": {func(w *world) { w.Disconnect(); _ = w.Close() }, false},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				other := &arrivals{}
				w.listen(other)
				w.connect()
				c.leave(w)
				synctest.Wait()
				if s := w.Snapshot().Session.State; s.Active() {
					t.Errorf("still %v", s)
				}
				if fired := len(other.topics) == 1; fired != c.fires {
					t.Errorf("will fired: %t, want %t", fired, c.fires)
				}
			}, func(_ *world, p *app.Profile) { p.Will = &app.Will{Topic: "gone"} })
		})
	}
}

// The last click counts, however long the goodbye before it takes.
func TestConnectRightAfterDisconnectConnects(t *testing.T) {
	for range 50 {
		inWorld(t, func(w *world) {
			w.connect()
			w.Disconnect()
			w.Connect(nil)
			synctest.Wait()
			if s := w.Snapshot().Session.State; s != session.Connected {
				t.Errorf("%v, want connected", s)
			}
			w.Connect(nil)
			w.Drop()
			synctest.Wait()
			if s := w.Snapshot().Session.State; s != session.Disconnected {
				t.Errorf("%v, want disconnected", s)
			}
		})
	}
}

func TestAClosedWorkspaceTakesEveryCallAndDoesNothing(t *testing.T) {
	inWorld(t, func(w *world) {
		w.connect()
		w.subscribe("a")
		w.arrive("a")
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if used := w.budget.Used(); used != 0 {
			t.Errorf("%d bytes of the budget are still taken", used)
		}
		attempts := len(w.broker.Attempts())
		w.Connect(nil)
		w.ReconnectNow()
		w.StopRetrying()
		w.Disconnect()
		w.Drop()
		w.SetProfile(w.Profile())
		w.Unsubscribe("a")
		w.Clear()
		_ = w.Subscribe(app.Subscription{Filter: "b"})
		_, _ = w.Publish(app.Publish{Topic: "b"})
		w.MessageViewer().Show(0, workspace.Auto)
		w.RetainedViewer().ShowMessage(app.Message{}, workspace.Auto)
		w.arrive("a")
		synctest.Wait()
		if n := len(w.broker.Attempts()); n != attempts {
			t.Error("a closed workspace connected")
		}
		if n := w.Messages().Stats().Total; n != 1 {
			t.Errorf("%d messages, want the one before Close", n)
		}
		if err := w.Close(); err != nil {
			t.Errorf("second Close: %v", err)
		}
	})
}

func TestCloseEndsAnAttemptUnderWay(t *testing.T) {
	inWorld(t, func(w *world) {
		resume := w.broker.Stall()
		defer resume()
		w.Connect(nil)
		synctest.Wait()
		if s := w.Snapshot().Session.State; s != session.Connecting {
			t.Fatalf("%v, want connecting", s)
		}
		// inWorld closes; a lock-up would be reported by synctest.
	})
}

func TestCommandsAndReadsMayComeFromEverywhere(t *testing.T) {
	inWorld(t, func(w *world) {
		w.Connect(nil)
		var wg sync.WaitGroup
		for n := range 4 {
			wg.Go(func() {
				for i := range 50 {
					name := fmt.Sprint("a/", n, "/", i%5)
					_ = w.Subscribe(app.Subscription{Filter: name})
					_, _ = w.Publish(app.Publish{Topic: name, QoS: app.QoS(i % 3)})
					w.MessageViewer().Show(uint64(i), workspace.Auto)
					_, _, _ = w.Filters(), w.Snapshot(), w.Sent()
					w.ColorOf(name)
					w.Unsubscribe(name)
					switch i % 20 {
					case 7:
						w.Disconnect()
					case 8:
						w.Connect(nil)
					case 9:
						w.Clear()
					case 13:
						w.broker.Cut(nil)
					}
				}
			})
		}
		wg.Wait()
		sleep(time.Minute)
		if len(w.Filters()) != 0 {
			t.Errorf("%d filters are left", len(w.Filters()))
		}
	})
}
