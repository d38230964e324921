package desk_test

import (
	"errors"
	"slices"
	"testing"
	"testing/synctest"

	"tidings/app"
	"tidings/app/desk"
	"tidings/app/moving"
)

// atReplacing is a house with one connection, whose password is kept, and a
// file that has it with a change and without secrets.
func atReplacing(t *testing.T, change func(*app.Profile), f func(h *house, m *desk.Moving, mover *fakeMover, id string)) {
	t.Helper()
	atMoving(t, nil, func(h *house, m *desk.Moving, mover *fakeMover) {
		here := app.DefaultProfile()
		here.Name, here.Host, here.User = "Hall", "old.test", "ana"
		id := h.SaveProfile(here, []desk.SecretChange{{Kind: app.SecretPassword, Value: "pw", Remember: true}})
		synctest.Wait()
		here, _ = h.Profile(id)
		it := moving.Item{Profile: here, State: moving.StateChanged, Here: &here}
		change(&it.Profile)
		mover.preview = moving.Preview{Format: moving.FormatTidings, Items: []moving.Item{it}}
		f(h, m, mover, id)
	})
}

func replaceOne(m *desk.Moving) desk.ImportState {
	read(m)
	s := m.Import()
	m.Take(s.Number, []desk.Decision{{Choice: moving.Replace}}, "")
	synctest.Wait()
	return s
}

func TestReplaceForgetsThePasswordOfAnotherBroker(t *testing.T) {
	for name, change := range map[string]func(*app.Profile){
		"host": func(p *app.Profile) { p.Host = "evil.test" },
		"user": func(p *app.Profile) { p.User = "rui" },
		"port": func(p *app.Profile) { p.Port = 18830 },
		"way":  func(p *app.Profile) { p.Link.Proxy = app.Proxy{Kind: app.ProxyHTTP, Host: "evil.test", Port: 3128} },
		"pin":  func(p *app.Profile) { p.Security.Pinned = "aa" },
	} {
		t.Run(name, func(t *testing.T) {
			atReplacing(t, change, func(h *house, m *desk.Moving, _ *fakeMover, id string) {
				shown := replaceOne(m)
				if _, forgotten := shown.Preview.Items[0].Fates(); !slices.Equal(forgotten, []app.SecretKind{app.SecretPassword}) {
					h.Errorf("the preview says that %v is forgotten", forgotten)
				}
				if p, _ := h.Profile(id); h.keys.get(id) != "" || !p.AskPassword {
					h.Errorf("the old password goes to %s@%s; it is asked for: %t", p.User, p.Host, p.AskPassword)
				}
				m.UndoImport()
				synctest.Wait()
				if p, _ := h.Profile(id); h.keys.get(id) != "pw" || p.AskPassword || p.Host != "old.test" {
					h.Errorf("the undo did not bring it back: %+v", p)
				}
			})
		})
	}
}

func TestReplaceKeepsThePasswordOfTheSameBroker(t *testing.T) {
	atReplacing(t, func(p *app.Profile) { p.Notes = "new" }, func(h *house, m *desk.Moving, _ *fakeMover, id string) {
		shown := replaceOne(m)
		if stay, _ := shown.Preview.Items[0].Fates(); !slices.Equal(stay, []app.SecretKind{app.SecretPassword}) {
			h.Errorf("the preview says that %v stays", stay)
		}
		if p, _ := h.Profile(id); h.keys.get(id) != "pw" || p.AskPassword || p.Notes != "new" {
			h.Errorf("%+v", p)
		}
	})
}

// What cannot be forgotten must not serve the new broker.
func TestReplaceThatCannotForgetChangesNothing(t *testing.T) {
	atReplacing(t, func(p *app.Profile) { p.Host = "evil.test" }, func(h *house, m *desk.Moving, _ *fakeMover, id string) {
		read(m)
		h.keys.stuck = errors.New("stuck")
		m.Take(m.Import().Number, []desk.Decision{{Choice: moving.Replace}}, "")
		synctest.Wait()
		h.keys.stuck = nil
		if p, _ := h.Profile(id); p.Host != "old.test" || len(m.Import().Report.Failed) != 1 {
			h.Errorf("%+v", p)
		}
	})
}

func TestReplaceThatIsNotSavedKeepsThePassword(t *testing.T) {
	atReplacing(t, func(p *app.Profile) { p.Host = "evil.test" }, func(h *house, m *desk.Moving, f *fakeMover, id string) {
		f.failing["Hall"] = errors.New("full")
		replaceOne(m)
		if p, _ := h.Profile(id); p.Host != "old.test" || h.keys.get(id) != "pw" {
			h.Errorf("%+v", p)
		}
	})
}

// bringing lets the file bring another password.
func bringing(mover *fakeMover) {
	mover.preview.Items[0].Secrets = []moving.Secret{{Kind: app.SecretPassword, Value: "brought"}}
}

// A password in the file does not save the old one from being forgotten: until
// it is kept, and when the store refuses it, the old one would go to the host
// that the file names.
func TestOldPasswordNeverServesTheBrokerOfAFileThatBringsAnother(t *testing.T) {
	evil := func(p *app.Profile) { p.Host = "evil.test" }
	t.Run("before the new one is kept", func(t *testing.T) {
		atReplacing(t, evil, func(h *house, m *desk.Moving, mover *fakeMover, id string) {
			bringing(mover)
			read(m)
			release := h.files.block()
			m.Take(m.Import().Number, []desk.Decision{{Choice: moving.Replace}}, "")
			synctest.Wait()
			if got := h.keys.get(id); got != "" {
				h.Errorf("the file is being written, and %q is still kept", got.Reveal())
			}
			release()
			synctest.Wait()
			if p, _ := h.Profile(id); h.keys.get(id) != "brought" || p.AskPassword || p.Host != "evil.test" {
				h.Errorf("%+v, password %q", p, h.keys.get(id).Reveal())
			}
			m.UndoImport()
			synctest.Wait()
			if p, _ := h.Profile(id); h.keys.get(id) != "pw" || p.Host != "old.test" {
				h.Errorf("the undo did not bring it back: %+v", p)
			}
		})
	})
	for name, change := range map[string]func(*app.Profile){"of another broker": evil, "of the same broker": func(p *app.Profile) { p.Notes = "new" }} {
		t.Run("refused, "+name, func(t *testing.T) {
			atReplacing(t, change, func(h *house, m *desk.Moving, mover *fakeMover, id string) {
				bringing(mover)
				h.keys.refused = map[app.SecretKind]error{app.SecretPassword: errors.New("too large")}
				replaceOne(m)
				if s := m.Import(); len(s.Report.Failed) != 1 || !s.Report.Failed[0].Saved {
					h.Errorf("%+v", s.Report)
				}
				h.Connect(id)
				synctest.Wait()
				if q := h.Question(); q == nil || q.Kind != app.SecretPassword || len(h.broker.Attempts()) != 0 {
					h.Errorf("asked %+v, connected %d times with %q", q, len(h.broker.Attempts()), h.keys.get(id).Reveal())
				}
				h.CloseWorkspace(id)
				h.keys.refused = nil
				m.UndoImport()
				synctest.Wait()
				if p, _ := h.Profile(id); h.keys.get(id) != "pw" || p.Host != "old.test" {
					h.Errorf("the undo did not bring it back: %+v", p)
				}
			})
		})
	}
}

// closeWithMessage connects, receives a message, and closes.
func (h *house) closeWithMessage(id string) {
	h.Helper()
	h.Connect(id)
	synctest.Wait()
	if len(h.Workspace(id).Filters()) == 0 {
		if err := h.Workspace(id).Subscribe(app.Subscription{Filter: "lab/#"}); err != nil {
			h.Fatal(err)
		}
		synctest.Wait()
	}
	h.broker.Publish(app.Publish{Topic: "lab/1", Payload: []byte("21.5")})
	synctest.Wait()
	h.CloseWorkspace(id)
	synctest.Wait()
	if _, n, ok := h.Closed(); !ok || n != 1 {
		h.Fatalf("closed with %d messages, comes back: %t", n, ok)
	}
}

// Its filters and templates would come back too, and overwrite the imported.
func TestWhatWasClosedDoesNotComeBackAfterItWasReplaced(t *testing.T) {
	atReplacing(t, func(p *app.Profile) { p.Notes = "new" }, func(h *house, m *desk.Moving, _ *fakeMover, id string) {
		h.closeWithMessage(id)
		replaceOne(m)
		if _, _, ok := h.Closed(); ok || h.Reopen() != "" {
			h.Error("it comes back")
		}
		synctest.Wait()
		if used, _ := h.Memory(); used != 0 {
			h.Errorf("%d bytes are kept for nobody", used)
		}
	})
}

func TestWhatWasClosedGoesWithTheUndo(t *testing.T) {
	list := items("a")
	list[0].Profile.Subscriptions = []app.Subscription{{Filter: "lab/#"}}
	atMoving(t, list, func(h *house, m *desk.Moving, _ *fakeMover) {
		read(m)
		takeAll(m, 1)
		synctest.Wait()
		h.closeWithMessage(h.called("a").ID)
		m.UndoImport()
		synctest.Wait()
		if used, _ := h.Memory(); used != 0 || len(h.Profiles()) != 0 {
			h.Errorf("%d bytes are kept for nobody; there are %v", used, names(h))
		}
	})
}
