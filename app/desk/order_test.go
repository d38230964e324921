package desk_test

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"tidings/app"
	"tidings/app/desk"
	"tidings/app/session"
)

// What "Save and connect" does.
func TestAPasswordIsNotReadBeforeItIsWritten(t *testing.T) {
	for range 30 { // the order of goroutines is chance
		inHouse(t, func(h *house) {
			h.broker.RequireUser("ana", "lemon")
			p := app.DefaultProfile()
			p.Name, p.Host, p.User = "test", "broker", "ana"
			id := h.SaveProfile(p, []desk.SecretChange{{Kind: app.SecretPassword, Value: "melon", Remember: true}})
			h.SaveProfile(must(h.Profile(id)), []desk.SecretChange{{Kind: app.SecretPassword, Value: "lemon", Remember: true}})
			h.Connect(id)
			synctest.Wait()
			if s := h.state(id); s != session.Connected {
				t.Errorf("%v, want connected", s)
			}
		})
	}
}

func TestTwoConnectsAtOnceOpenOneWorkspace(t *testing.T) {
	inHouse(t, func(h *house) {
		id := h.add(plain)
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() { h.Connect(id) })
		}
		wg.Wait()
		synctest.Wait()
		if s := h.state(id); s != session.Connected {
			t.Errorf("%v, want connected", s)
		}
		h.CloseWorkspace(id)
		synctest.Wait()
		h.Connect(id)
		h.CloseWorkspace(id)
		synctest.Wait()
		if h.Workspace(id) != nil || h.Connections()[0].Open {
			t.Error("a closed workspace is still there")
		}
	}) // a workspace that was left over would keep its goroutines
}

func TestClosingWhileTheKeyringIsAskedAsksNothing(t *testing.T) {
	for name, answer := range map[string]func(*house, func()){
		"the keyring answers":   func(_ *house, unlock func()) { unlock() },
		"the keyring times out": func(*house, func()) { time.Sleep(2 * time.Minute) },
	} {
		t.Run(name, func(t *testing.T) {
			inHouse(t, func(h *house) {
				id := h.add(withUser)
				unlock := h.keys.lock()
				defer unlock()
				h.Connect(id)
				synctest.Wait()
				h.CloseWorkspace(id)
				answer(h, unlock)
				synctest.Wait()
				if q := h.Question(); q != nil {
					t.Errorf("asks for the password of a closed connection: %+v", q)
				}
				if n := len(h.broker.Attempts()); n != 0 {
					t.Errorf("a closed connection made %d attempts", n)
				}
			})
		})
	}
}

func TestAnAnswerToAQuestionThatIsGoneDoesNothing(t *testing.T) {
	inHouse(t, func(h *house) {
		id := h.add(func(p *app.Profile) { p.User, p.AskPassword = "ana", true })
		h.Connect(id)
		synctest.Wait()
		if h.Question() == nil {
			t.Fatal("not asked")
		}
		h.CloseWorkspace(id)
		h.Answer(id, "lemon", true)
		synctest.Wait()
		if len(h.broker.Attempts()) != 0 || h.keys.get(id) != "" || h.Question() != nil {
			t.Error("the answer connected, or was kept")
		}
	})
}

func TestASlowKeyringHoldsNobodyElseUp(t *testing.T) {
	inHouse(t, func(h *house) {
		slow, quick := h.add(withUser), h.add(plain)
		defer h.keys.lock()()
		h.Connect(slow)
		h.Connect(quick)
		synctest.Wait()
		if h.state(slow) != session.Idle || h.state(quick) != session.Connected {
			t.Errorf("%v and %v", h.state(slow), h.state(quick))
		}
	}) // and Close does not wait for the person
}

func TestADeletedProfileIsNotWrittenAgain(t *testing.T) {
	inHouse(t, func(h *house) {
		id := h.add(plain)
		h.Connect(id)
		synctest.Wait()
		w := h.Workspace(id)
		release := h.files.block()
		_ = w.Subscribe(app.Subscription{Filter: "a"}) // a save that waits
		h.DeleteProfile(id)
		_ = w.Subscribe(app.Subscription{Filter: "b"}) // and one behind the removal
		synctest.Wait()
		release()
		synctest.Wait()
		if _, ok := h.files.get(id); ok {
			t.Error("the file of a deleted profile is back")
		}
		_ = w.Subscribe(app.Subscription{Filter: "c"})
		w.Unsubscribe("a")
		synctest.Wait()
		if _, ok := h.files.get(id); ok {
			t.Error("a closed workspace wrote its deleted profile")
		}
		h.UndoDelete()
		synctest.Wait()
		p, ok := h.files.get(id)
		if !ok || len(p.Subscriptions) != 2 {
			t.Errorf("undo brought back %+v, %v; want both filters", p, ok)
		}
	})
}

func TestAProfileConnectedWhileItIsDeletedLeavesNothingOpen(t *testing.T) {
	inHouse(t, func(h *house) {
		id := h.add(plain)
		release := h.files.block()
		h.DeleteProfile(id)
		synctest.Wait()
		h.Connect(id)
		synctest.Wait()
		release()
		synctest.Wait()
		if h.Workspace(id) != nil || len(h.Connections()) != 0 {
			t.Error("a workspace is open that no list shows")
		}
		h.Connect(id)
		h.ConnectAs(id, app.V311)
		if h.Workspace(id) != nil {
			t.Error("a deleted profile can be connected")
		}
	})
}

func TestDeletingTwiceIsDeletingOnce(t *testing.T) {
	inHouse(t, func(h *house) {
		id := h.add(plain)
		h.DeleteProfile(id)
		h.DeleteProfile(id)
		synctest.Wait()
		if n := len(h.Notices()); n != 0 {
			t.Errorf("%d notices", n)
		}
		if name, ok := h.Deleted(); !ok || name != "test" {
			t.Errorf("Deleted() = %q, %v", name, ok)
		}
	})
}

func TestAProfileSavedAndDeletedAtOnceIsGone(t *testing.T) {
	for range 30 {
		inHouse(t, func(h *house) {
			id := h.SaveProfile(app.Profile{Name: "brief"}, nil)
			h.DeleteProfile(id)
			synctest.Wait()
			if _, ok := h.files.get(id); ok || len(h.Connections()) != 0 || len(h.Notices()) != 0 {
				t.Errorf("on disk: %t, listed: %d, notices: %d", ok, len(h.Connections()), len(h.Notices()))
			}
		})
	}
}

func TestSavingAFormLosesNoSubscription(t *testing.T) {
	inHouse(t, func(h *house) {
		id := h.add(plain)
		form := must(h.Profile(id)) // the form opens
		h.Connect(id)
		synctest.Wait()
		_ = h.Workspace(id).Subscribe(app.Subscription{Filter: "a"})
		synctest.Wait()
		form.Name = "other"
		h.SaveProfile(form, nil)
		h.ConnectAs(id, app.V311)
		synctest.Wait()
		p, _ := h.files.get(id)
		if p.Name != "other" || p.Version != app.V311 || len(p.Subscriptions) != 1 {
			t.Errorf("saved %+v", p)
		}
	})
}

// A keyring that shows a prompt which nobody answers: the connection says what
// it waits for, all else goes on, and a person may give the waiting up.
func TestAConnectionSaysThatItWaitsForTheKeyring(t *testing.T) {
	for name, tc := range map[string]struct {
		do   func(*house, string)
		asks bool
	}{
		"a minute passes":       {func(*house, string) { time.Sleep(2 * time.Minute) }, true},
		"the person is asked":   {func(h *house, id string) { h.StopWaiting(id, true) }, true},
		"the person calls off":  {func(h *house, id string) { h.StopWaiting(id, false) }, false},
		"the connection closes": {func(h *house, id string) { h.CloseWorkspace(id) }, false},
	} {
		t.Run(name, func(t *testing.T) {
			inHouse(t, func(h *house) {
				id := h.add(withUser)
				defer h.keys.lock()()
				h.Connect(id)
				synctest.Wait()
				if w := h.Connections()[0].Waiting; w != nil {
					t.Error("a keyring that answers at once would flicker")
				}
				time.Sleep(time.Second)
				synctest.Wait()
				shown, _ := h.Connection(id)
				for _, w := range []*app.Error{h.Connections()[0].Waiting, shown.Waiting} {
					if w == nil || w.What.Key != "secrets.waiting" {
						t.Errorf("waits for %v", w)
					}
				}
				other := h.add(plain)
				h.Connect(other)
				synctest.Wait()
				if h.state(other) != session.Connected {
					t.Error("another connection waits too")
				}
				tc.do(h, id)
				synctest.Wait()
				if q := h.Question(); (q != nil) != tc.asks {
					t.Errorf("asked %+v", q)
				}
				for _, c := range h.Connections() {
					if c.Waiting != nil {
						t.Error("says that it waits, and does not")
					}
				}
			})
		})
	}
}
