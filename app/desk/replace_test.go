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
