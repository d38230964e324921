package desk_test

import (
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"tidings/app"
	"tidings/app/desk"
	"tidings/app/session"
)

func TestCloseLeavesNothingRunning(t *testing.T) {
	for name, busy := range map[string]func(*house, string){
		"connected":             func(h *house, id string) { h.Connect(id); synctest.Wait() },
		"connecting":            func(h *house, id string) { h.Connect(id) },
		"a broker is starting":  func(h *house, _ string) { h.local.takes = time.Hour; h.StartBrokerAndConnect(); synctest.Wait() },
		"a start was asked for": func(h *house, _ string) { h.StartBrokerAndConnect() },
		"a broker runs":         func(h *house, _ string) { h.StartBrokerAndConnect(); synctest.Wait() },
		"a workspace is closing": func(h *house, id string) {
			h.Connect(id)
			synctest.Wait()
			h.CloseWorkspace(id)
		},
		"a profile is being deleted": func(h *house, id string) { h.Connect(id); h.DeleteProfile(id) },
	} {
		t.Run(name, func(t *testing.T) {
			inHouse(t, func(h *house) {
				id := h.add(plain)
				busy(h, id)
				if err := h.Close(); err != nil {
					t.Errorf("close: %v", err)
				}
				if h.local.State().Running {
					t.Error("the local broker runs on")
				}
				if h.Broker().Busy {
					t.Error("the local broker counts as busy for ever")
				}
				h.Connect(id)
				h.StartBroker()
				h.StopBroker()
				h.CloseWorkspace(id)
				h.DeleteProfile(id)
				synctest.Wait()
				if h.Broker().Busy || h.state(id).Active() {
					t.Error("a closed desk began something")
				}
			})
		})
	}
}

func TestClosingAConnectionWhileTheDeskClosesLeavesNothingOpen(t *testing.T) {
	inHouse(t, func(h *house) {
		id := h.add(plain)
		h.Connect(id)
		synctest.Wait()
		release := h.files.block()
		_ = h.Workspace(id).Subscribe(app.Subscription{Filter: "a"})
		closed := make(chan error)
		go func() { closed <- h.Close() }()
		synctest.Wait() // it waits for the file
		h.CloseWorkspace(id)
		release()
		if err := <-closed; err != nil {
			t.Error(err)
		}
		if s := h.state(id); s != session.Disconnected {
			t.Errorf("%v, want disconnected", s)
		}
	})
}

func TestClicksOnTheBrokerWhileItIsBusyAreNotLost(t *testing.T) {
	inHouse(t, func(h *house) {
		h.local.takes = time.Second
		h.StartBroker()
		h.StartBrokerAndConnect()
		h.StartBrokerAndConnect()
		if !h.Broker().Busy {
			t.Error("not busy while starting")
		}
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if starts, _ := h.local.count(); starts != 1 {
			t.Errorf("started %d times", starts)
		}
		c := h.Connections()
		if len(c) != 1 || h.state(c[0].Profile.ID) != session.Connected || len(h.broker.Attempts()) != 1 {
			t.Fatalf("%d profiles, %d attempts; want one of each, connected", len(c), len(h.broker.Attempts()))
		}
		id := c[0].Profile.ID
		h.CloseWorkspace(id)
		h.StopBroker()
		h.Connect(id) // while it stops
		time.Sleep(3 * time.Second)
		synctest.Wait()
		if starts, stops := h.local.count(); starts != 1+stops || !h.Broker().Running || h.Broker().Busy {
			t.Errorf("%d starts, %d stops, %+v", starts, stops, h.Broker())
		}
		if s := h.state(id); s != session.Connected {
			t.Errorf("%v, want connected", s)
		}
	})
}

func TestTheLocalProfileFollowsTheBrokersPort(t *testing.T) {
	inHouse(t, func(h *house) {
		id := h.add(func(p *app.Profile) { p.LocalBroker, p.Port = true, 1883 })
		other := h.add(func(p *app.Profile) { p.Name, p.LocalBroker, p.Port = "another", true, 1883 })
		h.StartBroker()
		synctest.Wait()
		h.Connect(id)
		synctest.Wait()
		if a := h.broker.Attempts(); len(a) != 1 || a[0].Port != 1884 {
			t.Errorf("connected to %+v, the broker is at 1884", a)
		}
		if p, _ := h.files.get(id); p.Port != 1884 {
			t.Errorf("port %d was saved", p.Port)
		}
		if h.Workspace(other) != nil {
			t.Error("another profile than the one asked for was opened")
		}
	})
}

// Somebody who has a broker of his own there has named its connection so.
func TestTheLocalProfileHasANameOfItsOwn(t *testing.T) {
	inHouse(t, func(h *house) {
		h.add(func(p *app.Profile) { p.Name, p.Host = desk.LocalProfileName, desk.LocalProfileName })
		h.StartBrokerAndConnect()
		synctest.Wait()
		for _, p := range h.Profiles() {
			if p.LocalBroker && p.Name != desk.LocalProfileName+" (2)" {
				t.Errorf("it is called %q", p.Name)
			}
		}
		if n := len(h.Profiles()); n != 2 {
			t.Errorf("%d profiles", n)
		}
	})
}

func TestOneFailureOfTheBrokerIsOneNotice(t *testing.T) {
	inHouse(t, func(h *house) {
		h.local.takes, h.local.fail = time.Second, errors.New("no")
		h.StartBroker()
		h.StartBrokerAndConnect() // while it starts
		time.Sleep(time.Second)
		synctest.Wait()
		if n := len(h.Notices()); n != 1 || h.Broker().Err == nil || h.Broker().Busy {
			t.Errorf("%d notices, %+v", n, h.Broker())
		}
		h.local.fail = nil
		h.StartBroker()
		time.Sleep(time.Second)
		synctest.Wait()
		if h.Broker().Err != nil || len(h.Connections()) != 0 {
			t.Error("the failure stands, or a start that failed connects later")
		}
	})
}

func TestEverythingAtOnce(t *testing.T) {
	inHouse(t, func(h *house) {
		ids := []string{h.add(plain), h.add(withUser)}
		var wg sync.WaitGroup
		for n := range 4 {
			wg.Go(func() {
				for i := range 40 {
					id := ids[(n+i)%2]
					switch i % 8 {
					case 0, 4:
						h.Connect(id)
					case 1:
						h.CloseWorkspace(id)
					case 2:
						h.SaveProfile(must(h.Profile(id)), []desk.SecretChange{{Kind: app.SecretPassword, Value: "x", Remember: i%16 == 2}})
					case 3:
						h.StartBrokerAndConnect()
					case 5:
						h.ConnectAs(id, app.V311)
					case 6:
						h.DeleteProfile(id)
					case 7:
						h.UndoDelete()
					}
					if w := h.Workspace(id); w != nil {
						_ = w.Subscribe(app.Subscription{Filter: "a"})
					}
					h.Answer(id, "y", true)
					if i == 35 {
						h.StopBroker()
					}
				}
			})
		}
		wg.Wait()
		time.Sleep(time.Minute)
		synctest.Wait()
		var listed []string
		for _, c := range h.Connections() {
			listed = append(listed, c.Profile.ID)
		}
		for id := range h.files.files {
			if !slices.Contains(listed, id) {
				t.Errorf("profile %s is on disk and not listed", id)
			}
		}
		for _, id := range listed {
			if _, ok := h.files.get(id); !ok {
				t.Errorf("profile %s is listed and not on disk", id)
			}
		}
	})
}
