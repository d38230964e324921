package desk_test

import (
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"tidings/app"
	"tidings/app/desk"
)

// atImported is a house into which connections were imported.
func atImported(t *testing.T, list []string, f func(h *house, m *desk.Moving)) {
	t.Helper()
	atMoving(t, items(list...), func(h *house, m *desk.Moving, _ *fakeMover) {
		read(m)
		takeAll(m, len(list))
		synctest.Wait()
		f(h, m)
	})
}

func (h *house) called(name string) app.Profile {
	h.Helper()
	list := h.Profiles()
	i := slices.IndexFunc(list, func(p app.Profile) bool { return p.Name == name })
	if i < 0 {
		h.Fatalf("there is no %s among %v", name, names(h))
	}
	return list[i]
}

// Undo takes the import back, not the work of the person since.
func TestUndoLeavesWhatWasChangedSince(t *testing.T) {
	atImported(t, []string{"a", "b", "c"}, func(h *house, m *desk.Moving) {
		b := h.called("b")
		b.Notes = "mine"
		h.SaveProfile(b, nil)
		synctest.Wait()
		m.UndoImport()
		synctest.Wait()
		if !slices.Equal(names(h), []string{"b"}) || h.keys.get(b.ID) != "pw of b" {
			h.Errorf("there are %v, and the password of b is %q", names(h), h.keys.get(b.ID).Reveal())
		}
		if _, there := h.files.get(b.ID); !there {
			h.Error("its file is gone")
		}
		list := h.Notices()
		if len(list) != 1 || list[0].Err.What.Key != "moving.undo_kept" {
			h.Errorf("the person is told %+v", list)
		}
		if m.Imported() != (desk.Imported{}) {
			h.Errorf("there is still %+v", m.Imported())
		}
	})
}

// Whoever imports wants to see what came: the first of each import is named.
func TestAnImportNamesTheFirstThatCame(t *testing.T) {
	atImported(t, []string{"a", "b"}, func(h *house, m *desk.Moving) {
		first := m.Imported()
		if first.First != h.called("a").ID {
			h.Errorf("first came %q", first.First)
		}
		read(m)
		takeAll(m, 2)
		synctest.Wait()
		if next := m.Imported(); next.Number == first.Number || next.First == first.First {
			h.Errorf("%+v after %+v", next, first)
		}
	})
}

// Another place in the list is not another connection.
func TestUndoTakesWhatWasOnlyMovedInTheList(t *testing.T) {
	atImported(t, []string{"a", "b"}, func(h *house, m *desk.Moving) {
		places := h.Profiles()
		h.add(func(p *app.Profile) { p.Name, p.Position = "first", -1 })
		h.DeleteProfile(places[0].ID) // and what follows moves up
		synctest.Wait()
		m.UndoImport()
		synctest.Wait()
		if slices.Contains(names(h), "b") || len(h.Notices()) != 0 {
			h.Errorf("there are %v", names(h))
		}
		h.UndoDelete() // what the person deleted is the person's: it comes back whole
		synctest.Wait()
		if a := h.called("a"); h.keys.get(a.ID) != "pw of a" {
			h.Error("its password is gone")
		}
	})
}

func TestUndoOfAReplacementLeavesWhatWasChangedSince(t *testing.T) {
	atReplacing(t, func(p *app.Profile) { p.Notes = "new" }, func(h *house, m *desk.Moving, _ *fakeMover, id string) {
		replaceOne(m)
		p, _ := h.Profile(id)
		p.Notes = "mine"
		h.SaveProfile(p, nil)
		synctest.Wait()
		m.UndoImport()
		synctest.Wait()
		if p, _ := h.Profile(id); p.Notes != "mine" || len(h.Notices()) != 1 {
			h.Errorf("%+v, told %v", p, h.Notices())
		}
	})
}

// A password that was typed since belongs to the connection and goes with it.
func TestUndoForgetsAllSecretsOfWhatItTakes(t *testing.T) {
	list := items("a")
	list[0].Secrets = nil
	atMoving(t, list, func(h *house, m *desk.Moving, _ *fakeMover) {
		read(m)
		takeAll(m, 1)
		synctest.Wait()
		a := h.called("a")
		if _, err := h.keys.Set(t.Context(), app.SecretRef{Profile: a.ID, Kind: app.SecretPassword}, "typed"); err != nil {
			h.Fatal(err)
		}
		m.UndoImport()
		synctest.Wait()
		if len(h.keys.kept) != 0 {
			h.Error("a secret of nobody is left")
		}
	})
}

// A kill at any moment of the undo leaves no secrets of what is gone: the next
// start forgets what is condemned and has no file.
func TestUndoThatIsKilledLeavesNoSecretOfNobody(t *testing.T) {
	t.Run("at the file of what was added", func(t *testing.T) {
		atImported(t, []string{"a"}, func(h *house, m *desk.Moving) {
			id := h.called("a").ID
			release := h.files.block()
			m.UndoImport()
			synctest.Wait()
			if !slices.Equal(h.keys.Condemned(), []string{id}) {
				h.Errorf("its file is being removed, and condemned are %v", h.keys.Condemned())
			}
			release()
			synctest.Wait()
			if len(h.keys.kept) != 0 || len(h.keys.Condemned()) != 0 {
				h.Errorf("%d secrets are left, condemned %v", len(h.keys.kept), h.keys.Condemned())
			}
		})
	})
	t.Run("before its secrets are forgotten", func(t *testing.T) {
		atImported(t, []string{"a"}, func(h *house, m *desk.Moving) {
			id := h.called("a").ID
			h.keys.broken = errors.New("no answer")
			m.UndoImport()
			synctest.Wait()
			h.keys.broken = nil
			if !slices.Equal(h.keys.Condemned(), []string{id}) {
				h.Errorf("the next start will not forget its secrets: condemned %v", h.keys.Condemned())
			}
		})
	})
	t.Run("not when its file stays", func(t *testing.T) {
		atImported(t, []string{"a"}, func(h *house, m *desk.Moving) {
			id := h.called("a").ID
			delete(h.files.files, id) // it cannot be removed
			m.UndoImport()
			synctest.Wait()
			if len(h.keys.Condemned()) != 0 || h.keys.get(id) != "pw of a" || len(h.Notices()) != 1 {
				h.Errorf("condemned %v, told %v", h.keys.Condemned(), h.Notices())
			}
		})
	})
	t.Run("not when another came in its place", func(t *testing.T) {
		atReplacing(t, func(p *app.Profile) { p.Notes = "new" }, func(h *house, m *desk.Moving, _ *fakeMover, id string) {
			replaceOne(m)
			m.UndoImport()
			synctest.Wait()
			if p, _ := h.Profile(id); len(h.keys.Condemned()) != 0 || h.keys.get(id) != "pw" || p.Notes != "" {
				h.Errorf("condemned %v, %+v", h.keys.Condemned(), p)
			}
		})
	})
}

func TestUndoSaysHowFarItIsAndCanBeStopped(t *testing.T) {
	atImported(t, []string{"a", "b", "c"}, func(h *house, m *desk.Moving) {
		release := h.files.block()
		m.UndoImport()
		synctest.Wait()
		if got := m.Imported(); got != (desk.Imported{N: 3, Number: 1, Undoing: true}) {
			h.Errorf("%+v", got)
		}
		m.StopUndo()
		release()
		synctest.Wait()
		if got := m.Imported(); got.N != 2 || got.Undoing || !slices.Equal(names(h), []string{"a", "b"}) {
			h.Errorf("stopped after the first: %+v, there are %v", got, names(h))
		}
		m.UndoImport()
		synctest.Wait()
		if len(h.Profiles()) != 0 || m.Imported() != (desk.Imported{}) {
			h.Errorf("the rest cannot be taken back: %v", names(h))
		}
	})
}

// An import that begins while another one is being taken back waits for that.
func TestImportWaitsForTheUndo(t *testing.T) {
	atImported(t, []string{"a"}, func(h *house, m *desk.Moving) {
		release := h.files.block()
		m.UndoImport()
		synctest.Wait()
		read(m)
		takeAll(m, 1)
		synctest.Wait()
		if s := m.Import(); s.Stage != desk.ImportSaving || s.Done != 0 {
			h.Errorf("%+v", s)
		}
		release()
		synctest.Wait()
		if m.Import().Stage != desk.ImportClosed || !slices.Equal(names(h), []string{"a"}) || m.Imported().N != 1 {
			h.Errorf("%+v, there are %v", m.Import(), names(h))
		}
	})
}

func TestOfferToUndoEnds(t *testing.T) {
	atImported(t, []string{"a"}, func(h *house, m *desk.Moving) {
		time.Sleep(time.Minute)
		if m.Imported().N != 1 {
			h.Error("it ended before anybody could take it")
		}
		time.Sleep(3 * time.Minute)
		if m.Imported() != (desk.Imported{}) {
			h.Error("it stays for ever")
		}
	})
}

// What is under way is not given up for something else.
func TestNothingUnderWayIsGivenUp(t *testing.T) {
	atMoving(t, items("a", "b"), func(h *house, m *desk.Moving, _ *fakeMover) {
		read(m)
		unlock := h.keys.lock()
		takeAll(m, 2)
		synctest.Wait() // a waits for the keyring
		m.OpenImport()
		m.OpenExport()
		m.Export(desk.ExportRequest{})
		m.CloseExport()
		m.FetchSecrets("x")
		m.ForgetSecrets()
		if m.Import().Stage != desk.ImportSaving {
			h.Errorf("%+v", m.Import())
		}
		unlock()
		synctest.Wait()
		if !slices.Equal(names(h), []string{"a", "b"}) {
			h.Errorf("there are %v", names(h))
		}
	})
}

// A file that is read at once does not end the look for others.
func TestFoundFilesOutliveReading(t *testing.T) {
	atMoving(t, items("a"), func(h *house, m *desk.Moving, f *fakeMover) {
		f.looking = make(chan struct{})
		m.OpenImport()
		m.ReadFile("/file")
		synctest.Wait()
		close(f.looking)
		synctest.Wait()
		if s := m.Import(); s.Stage != desk.ImportPreview || len(s.Found) != 1 {
			h.Errorf("%+v", s)
		}
		m.Back()
		if s := m.Import(); s.Stage != desk.ImportSource || len(s.Found) != 1 {
			h.Errorf("%+v", s)
		}
	})
}

// What was being saved when the dialog went away is reported.
func TestSavingIsReportedWhenItIsClosed(t *testing.T) {
	atMoving(t, items("a", "b"), func(h *house, m *desk.Moving, _ *fakeMover) {
		read(m)
		unlock := h.keys.lock()
		takeAll(m, 2)
		synctest.Wait()
		m.CloseImport()
		unlock()
		synctest.Wait()
		if s := m.Import(); s.Stage != desk.ImportDone || !s.Report.Stopped {
			h.Errorf("%+v", s)
		}
		m.CloseImport()
		if m.Import().Stage != desk.ImportClosed {
			h.Errorf("%+v", m.Import())
		}
	})
}

// Whatever is the last step that an undo takes: no connection has the password
// that was given for another one, and what has none asks for it.
func TestUndoThatIsKilledLeavesNoPasswordOfAnother(t *testing.T) {
	const theirs, ours = "brought", "pw"
	evil := func(p *app.Profile) { p.Host = "evil.test" }
	for _, c := range []struct {
		name       string
		stop       func(h *house, mover *fakeMover) (goOn func())
		host       string // of the file as it is then
		password   app.Secret
		asks, told bool
		after      string // the host when it goes on
	}{
		{"before the secrets that came are forgotten", func(h *house, _ *fakeMover) func() {
			h.keys.stuck = errors.New("stuck")
			return func() { h.keys.stuck = nil }
		}, "evil.test", theirs, false, true, "evil.test"},
		{"before the file is back", func(h *house, _ *fakeMover) func() { return h.files.block() }, "evil.test", "", false, false, "old.test"},
		{"when the file cannot be written", func(_ *house, mover *fakeMover) func() {
			mover.failing["Hall"] = errors.New("full")
			return func() {}
		}, "evil.test", "", true, true, "evil.test"},
		{"before the old secrets are back", func(h *house, _ *fakeMover) func() { return h.keys.lock() }, "old.test", "", true, false, "old.test"},
	} {
		t.Run(c.name, func(t *testing.T) {
			atReplacing(t, evil, func(h *house, m *desk.Moving, mover *fakeMover, id string) {
				bringing(mover)
				replaceOne(m)
				goOn := c.stop(h, mover)
				m.UndoImport()
				synctest.Wait()
				file, _ := h.files.get(id)
				if file.Host != c.host || file.AskPassword != c.asks || h.keys.get(id) != c.password {
					h.Errorf("killed now: %s, asks %t, has %q", file.Host, file.AskPassword, h.keys.get(id).Reveal())
				}
				if len(h.Notices()) > 0 != c.told {
					h.Errorf("told %v", h.Notices())
				}
				goOn()
				synctest.Wait()
				p, there := h.Profile(id)
				if !there || p.Host != c.after || c.after == "old.test" && (p.AskPassword || h.keys.get(id) != ours) {
					h.Errorf("in the end %+v, which has %q", p, h.keys.get(id).Reveal())
				}
			})
		})
	}
}
