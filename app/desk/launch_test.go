package desk_test

import (
	"io"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"tidings/app"
	"tidings/app/desk"
	"tidings/app/session"
)

func TestLaunchRestoresWhatWasOpen(t *testing.T) {
	inHouse(t, func(h *house) {
		named := func(name string, auto bool) string {
			return h.add(func(p *app.Profile) { p.Name, p.ClientID, p.AutoConnect = name, name, auto })
		}
		closed, up, looked, auto := named("closed", false), named("up", false), named("looked", false), named("auto", true)
		h.Launch([]desk.OpenWorkspace{{ID: looked}, {ID: "deleted", Connected: true}, {ID: up, Connected: true}, {ID: up, Connected: true}})
		if n := len(h.broker.Attempts()); n > 1 { // time stands still: a worker may have begun with the first
			t.Errorf("%d attempts before Launch has returned", n)
		}
		if l := h.Launched(); l.Restored != 2 || l.Connecting != 2 {
			t.Errorf("told %+v", l)
		}
		time.Sleep(launchTime)
		synctest.Wait()
		for id, want := range map[string]session.State{up: session.Connected, auto: session.Connected, looked: session.Idle} {
			if got := h.state(id); got != want || h.Workspace(id) == nil {
				t.Errorf("%s is %v, want %v", must(h.Profile(id)).Name, got, want)
			}
		}
		if h.Workspace(closed) != nil {
			t.Error("what was closed is open")
		}
		want := []desk.OpenWorkspace{{ID: looked}, {ID: up, Connected: true}, {ID: auto, Connected: true}}
		if got := h.OpenWorkspaces(); !slices.Equal(got, want) {
			t.Errorf("open are %v, want %v", got, want)
		}
		time.Sleep(time.Minute)
		if l := h.Launched(); l != (desk.Launched{}) {
			t.Errorf("a minute later it is still news: %+v", l)
		}
	})
}

// launchTime is long enough for a launch of a few connections.
const launchTime = 5 * time.Second

func TestLaunchStaggersAndSurvivesFailures(t *testing.T) {
	inHouse(t, func(h *house) {
		h.broker.Refuse(io.ErrUnexpectedEOF)
		var last []desk.OpenWorkspace
		for range 5 {
			last = append(last, desk.OpenWorkspace{ID: h.add(plain), Connected: true})
		}
		begun := time.Now()
		h.Launch(last)
		var at []time.Duration
		for range 200 {
			synctest.Wait()
			if n := len(h.broker.Attempts()); n > len(at) {
				if n > len(at)+1 {
					t.Errorf("%d attempts at once", n-len(at))
				}
				at = append(at, time.Since(begun))
			}
			time.Sleep(10 * time.Millisecond)
		}
		if len(at) != 5 || at[4] < time.Second {
			t.Errorf("attempts at %v", at)
		}
		for _, o := range last {
			if h.state(o.ID) != session.Failed {
				t.Errorf("%v", h.state(o.ID))
			}
		}
		if h.Question() != nil || len(h.Notices()) > 0 {
			t.Error("a failure at launch calls for attention beyond its own connection")
		}
	})
}

// What a launch has to ask is asked when a person looks at the connection.
func TestLaunchAsksNothingUnlooked(t *testing.T) {
	for name, look := range map[string]func(*house, string){
		"attend":  (*house).attend,
		"connect": func(h *house, id string) { h.Connect(id) },
	} {
		t.Run(name, func(t *testing.T) {
			inHouse(t, func(h *house) {
				id := h.add(func(p *app.Profile) { p.User, p.AskPassword = "ana", true })
				other := h.add(func(p *app.Profile) { p.User, p.AskPassword = "bob", true })
				h.Launch([]desk.OpenWorkspace{{ID: id, Connected: true}, {ID: other, Connected: true}})
				time.Sleep(launchTime)
				synctest.Wait()
				if q := h.Question(); q != nil {
					t.Errorf("asks for %s", q.User)
				}
				look(h, other)
				synctest.Wait()
				if q := h.Question(); q == nil || q.ProfileID != other {
					t.Errorf("asks %+v of the one looked at", q)
				}
			})
		})
	}
}

func (h *house) attend(id string) { h.Attend(id) }

func TestClosingDuringALaunchLeavesNothingOpen(t *testing.T) {
	inHouse(t, func(h *house) {
		var last []desk.OpenWorkspace
		for range 5 {
			last = append(last, desk.OpenWorkspace{ID: h.add(plain), Connected: true})
		}
		h.Launch(last)
		time.Sleep(300 * time.Millisecond)
		h.CloseWorkspace(last[4].ID)
		time.Sleep(launchTime)
		synctest.Wait()
		if h.Workspace(last[4].ID) != nil {
			t.Error("what a person closed was opened again")
		}
	})
}

// What waits for a person when the program ends is wanted all the same: the
// next launch connects it.
func TestWhatWaitsIsConnectedAtTheNextLaunch(t *testing.T) {
	asks := func(p *app.Profile) { p.User, p.AskPassword = "ana", true }
	for name, c := range map[string]struct {
		prepare func(*house)
		add     func(*house) string
	}{
		"for a password": {func(*house) {}, func(h *house) string { return h.add(asks) }},
		"for the vault": {vaulted, func(h *house) string {
			id := h.add(withUser)
			h.vault.passphrase, h.vault.inside[passwordOf(id)] = "sesame", "lemon"
			return id
		}},
		"for the keyring":  {func(*house) {}, func(h *house) string { h.keys.lock(); return h.add(withUser) }},
		"for its own turn": {func(*house) {}, func(h *house) string { return h.add(plain) }},
	} {
		t.Run(name, func(t *testing.T) {
			inHouse(t, func(h *house) {
				var last []desk.OpenWorkspace
				for range 5 {
					last = append(last, desk.OpenWorkspace{ID: c.add(h), Connected: true})
				}
				h.Launch(last)
				look := func(when string) {
					t.Helper()
					if got := h.OpenWorkspaces(); !slices.Equal(got, last) {
						t.Errorf("%s it is remembered as %v", when, got)
					}
				}
				look("before it is opened")
				for range 30 {
					time.Sleep(100 * time.Millisecond)
					look("during the launch")
				}
				time.Sleep(launchTime)
				synctest.Wait()
				look("unlooked at")
				h.Attend(last[1].ID)
				synctest.Wait()
				look("looked at")
				h.Disconnect(last[1].ID)
				h.Disconnect(last[2].ID)
				synctest.Wait()
				last[1].Connected, last[2].Connected = false, false
				look("when a person wants it no more")
			}, c.prepare)
		})
	}
}

// A person who disconnects a connection before its turn has come means it.
func TestDisconnectingDuringALaunchIsObeyed(t *testing.T) {
	inHouse(t, func(h *house) {
		first, second := h.add(plain), h.add(plain)
		h.Launch([]desk.OpenWorkspace{{ID: first, Connected: true}, {ID: second, Connected: true}})
		time.Sleep(100 * time.Millisecond)
		h.Disconnect(second)
		time.Sleep(launchTime)
		synctest.Wait()
		if got := h.state(second); got != session.Idle {
			t.Errorf("what was disconnected is %v", got)
		}
	})
}
