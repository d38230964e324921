package desk_test

import (
	"errors"
	"io/fs"
	"slices"
	"testing"
	"testing/synctest"

	"tidings/app"
	"tidings/app/desk"
	"tidings/app/moving"
)

// items are connections that would come, each with a password.
func items(names ...string) (list []moving.Item) {
	for _, name := range names {
		p := app.DefaultProfile()
		p.ID, p.Name, p.Host, p.User = app.NewID(), name, "h.test", "ana"
		list = append(list, moving.Item{Profile: p, Secrets: []moving.Secret{{Kind: app.SecretPassword, Value: app.Secret("pw of " + name)}}})
	}
	return list
}

func previewOf(list []moving.Item) moving.Preview {
	return moving.Preview{Format: moving.FormatMQTTX, Items: list}
}

// atMoving is a house with an import of these items.
func atMoving(t *testing.T, list []moving.Item, f func(*house, *desk.Moving, *fakeMover)) {
	t.Helper()
	inHouse(t, func(h *house) {
		mover := &fakeMover{folder: h.files, preview: previewOf(list), failing: map[string]error{}}
		f(h, desk.NewMoving(h.Desk, mover), mover)
	})
}

// read reads up to the preview.
func read(m *desk.Moving) desk.ImportState {
	m.OpenImport()
	synctest.Wait()
	m.ReadFile("/file")
	synctest.Wait()
	return m.Import()
}

// takeAll imports everything.
func takeAll(m *desk.Moving, n int) {
	m.Take(m.Import().Number, slices.Repeat([]desk.Decision{{Choice: moving.Add}}, n), "")
}

func names(h *house) (list []string) {
	for _, p := range h.Profiles() {
		list = append(list, p.Name)
	}
	return list
}

func TestPreviewHoldsNoSecret(t *testing.T) {
	atMoving(t, items("a"), func(h *house, m *desk.Moving, _ *fakeMover) {
		s := read(m)
		if s.Stage != desk.ImportPreview || len(s.Found) != 1 || len(s.Preview.Items[0].Secrets) != 1 || s.Preview.Items[0].Secrets[0].Value != "" {
			h.Errorf("%+v", s)
		}
		if len(h.Profiles()) != 0 {
			h.Error("something was saved before anybody decided")
		}
	})
}

func TestReadingCanBeCancelled(t *testing.T) {
	atMoving(t, items("a"), func(h *house, m *desk.Moving, f *fakeMover) {
		f.hold = make(chan struct{})
		if s := read(m); s.Stage != desk.ImportReading || s.File != "/file" {
			h.Fatalf("%+v", s)
		}
		m.Cancel()
		synctest.Wait()
		if s := m.Import(); s.Stage != desk.ImportSource || s.Problem != nil {
			h.Errorf("%+v", s)
		}
		close(f.hold)
		f.hold = nil
		m.ReadText("again")
		synctest.Wait()
		if s := m.Import(); s.Stage != desk.ImportPreview {
			h.Errorf("after cancelling, nothing can be read: %+v", s)
		}
	})
}

// A large file costs the processor only as long as somebody waits for it.
func TestCancelEndsTheWork(t *testing.T) {
	for name, cancel := range map[string]func(*desk.Moving){"cancelled": (*desk.Moving).Cancel, "closed": (*desk.Moving).CloseImport} {
		t.Run(name, func(t *testing.T) {
			atMoving(t, items("a"), func(h *house, m *desk.Moving, f *fakeMover) {
				f.endless = make(chan struct{})
				if s := read(m); s.Stage != desk.ImportReading {
					h.Fatalf("%+v", s)
				}
				cancel(m)
				synctest.Wait()
				select {
				case <-f.endless:
				default:
					h.Error("the file is still being read")
				}
			})
		})
	}
}

func TestDeskClosesWhileReading(t *testing.T) {
	atMoving(t, items("a"), func(h *house, m *desk.Moving, f *fakeMover) {
		f.hold = make(chan struct{}) // nobody ever answers: Close of the house must end it
		read(m)
	})
}

func TestWhatCannotBeReadIsSaid(t *testing.T) {
	atMoving(t, nil, func(h *house, m *desk.Moving, f *fakeMover) {
		f.preview = moving.Preview{Problems: []*app.Error{{What: app.Say("moving.unknown")}}}
		if s := read(m); s.Stage != desk.ImportSource || s.Problem == nil || s.Problem.What.Key != "moving.unknown" {
			h.Errorf("%+v", s)
		}
	})
}

func TestPartialImportSaysWhatCame(t *testing.T) {
	atMoving(t, items("a", "b", "c"), func(h *house, m *desk.Moving, f *fakeMover) {
		f.failing["b"] = &app.Error{What: app.Say("profile.save_failed", "Name", "b")}
		read(m)
		takeAll(m, 3)
		synctest.Wait()
		s := m.Import()
		if s.Stage != desk.ImportDone || !slices.Equal(s.Report.Came, []string{"a", "c"}) || len(s.Report.Failed) != 1 || s.Report.Failed[0].Name != "b" || s.Report.Failed[0].Saved {
			h.Fatalf("%+v", s)
		}
		if !slices.Equal(names(h), []string{"a", "c"}) || m.Imported().N != 2 {
			h.Errorf("there are %v", names(h))
		}
		m.UndoImport()
		synctest.Wait()
		if len(h.Profiles()) != 0 || len(h.keys.kept) != 0 || m.Import().Stage != desk.ImportClosed {
			h.Errorf("after the undo: %v, secrets %d", names(h), len(h.keys.kept))
		}
	})
}

func TestSecretThatCannotBeKept(t *testing.T) {
	atMoving(t, items("a"), func(h *house, m *desk.Moving, _ *fakeMover) {
		h.keys.broken = errors.New("locked")
		read(m)
		takeAll(m, 1)
		synctest.Wait()
		s := m.Import()
		if s.Stage != desk.ImportDone || len(s.Report.Failed) != 1 || !s.Report.Failed[0].Saved || !slices.Equal(s.Report.Came, []string{"a"}) {
			h.Fatalf("%+v", s)
		}
		if p := h.Profiles()[0]; !p.AskPassword {
			h.Error("the password is gone and will not be asked for")
		}
		h.keys.broken = nil
	})
}

func TestStoppedImportKeepsWhatCame(t *testing.T) {
	atMoving(t, items("a", "b", "c"), func(h *house, m *desk.Moving, _ *fakeMover) {
		read(m)
		unlock := h.keys.lock()
		takeAll(m, 3)
		synctest.Wait() // a is saved, and its password waits for the keyring
		m.Cancel()
		unlock()
		synctest.Wait()
		if s := m.Import(); !s.Report.Stopped || !slices.Equal(s.Report.Came, []string{"a"}) || !slices.Equal(names(h), []string{"a"}) {
			h.Errorf("%+v, there are %v", s, names(h))
		}
	})
}

func TestOpenConnectionIsNotReplaced(t *testing.T) {
	atMoving(t, nil, func(h *house, m *desk.Moving, f *fakeMover) {
		id := h.add(plain)
		h.Connect(id)
		synctest.Wait()
		here, _ := h.Profile(id)
		it := items("other")[0]
		it.Profile.ID, it.State, it.Here = id, moving.StateChanged, &here
		f.preview = moving.Preview{Format: moving.FormatTidings, Items: []moving.Item{it}}
		read(m)
		m.Take(m.Import().Number, []desk.Decision{{Choice: moving.Replace}}, "")
		synctest.Wait()
		if s := m.Import(); len(s.Report.Failed) != 1 || s.Report.Failed[0].Err.What.Key != "moving.open" || names(h)[0] != here.Name {
			h.Errorf("%+v, there are %v", s, names(h))
		}
	})
}

// What was deleted takes its secrets along when it can no longer be brought
// back, and not those of an import that has the same ID.
func TestImportOfWhatWasDeletedKeepsItsSecrets(t *testing.T) {
	list := items("a")
	atMoving(t, list, func(h *house, m *desk.Moving, _ *fakeMover) {
		for range 2 {
			read(m)
			takeAll(m, 1)
			synctest.Wait()
			h.DeleteProfile(h.Profiles()[0].ID)
			synctest.Wait()
		}
		read(m)
		takeAll(m, 1)
		synctest.Wait()
		h.ForgetDeleted()
		synctest.Wait()
		if p := h.Profiles()[0]; len(h.Profiles()) != 1 || h.keys.get(p.ID) != "pw of a" {
			h.Errorf("%v, password %q", names(h), h.keys.get(p.ID).Reveal())
		}
	})
}

// A decision about a preview that is gone decides nothing.
func TestDecisionIsAboutItsPreview(t *testing.T) {
	atMoving(t, items("a"), func(h *house, m *desk.Moving, _ *fakeMover) {
		old := read(m).Number
		m.Back()
		m.ReadText("x")
		synctest.Wait()
		m.Take(old, []desk.Decision{{Choice: moving.Add}}, "")
		synctest.Wait()
		if len(h.Profiles()) != 0 {
			h.Error("it imported another preview than was decided on")
		}
	})
}

func TestExportAsksBeforeItReplaces(t *testing.T) {
	atMoving(t, items("a"), func(h *house, m *desk.Moving, f *fakeMover) {
		read(m)
		takeAll(m, 1)
		synctest.Wait()
		id := h.Profiles()[0].ID
		f.saveErr = &app.Error{What: app.Say("moving.exists"), Cause: fs.ErrExist}
		m.OpenExport()
		m.Export(desk.ExportRequest{IDs: []string{id}, Path: "/out"})
		synctest.Wait()
		if s := m.Exporting(); !s.Exists || s.Written != "" || s.Err != nil {
			h.Errorf("%+v", s)
		}
		if e := f.written[0]; len(e.Secrets) != 1 || e.Secrets[0].Value != "" {
			h.Errorf("without a passphrase the secrets are named only: %d", len(e.Secrets))
		}
		f.saveErr, f.sealed = nil, 1
		m.Export(desk.ExportRequest{IDs: []string{id}, Path: "/out", Passphrase: "p", Replace: true})
		synctest.Wait()
		if s := m.Exporting(); s.Written != "/out" || !s.Sealed || s.Secrets != 1 || f.written[0].Secrets[0].Value != "pw of a" {
			h.Errorf("%+v", s)
		}
	})
}

func TestSnippetHasThePasswordOnlyWhenFetched(t *testing.T) {
	atMoving(t, items("a"), func(h *house, m *desk.Moving, _ *fakeMover) {
		read(m)
		takeAll(m, 1)
		synctest.Wait()
		id := h.Profiles()[0].ID
		text := func(with bool) string {
			s, err := m.Snippet(id, moving.SnippetURL, with)
			if err != nil {
				h.Error(err)
			}
			return s.Text
		}
		if got := text(true); got != "a " {
			h.Errorf("before it was fetched: %q", got)
		}
		m.FetchSecrets(id)
		synctest.Wait()
		if with, without := text(true), text(false); with != "a pw of a" || without != "a " || !m.Copying().Kept {
			h.Errorf("with %q, without %q", with, without)
		}
		m.ForgetSecrets()
		if got := text(true); got != "a " {
			h.Errorf("after it was forgotten: %q", got)
		}
	})
}

// Two connections to one host are told apart before anybody decides, and a
// file that is all of one host takes no longer for it.
func TestConnectionsOfOneHostHaveNamesInThePreview(t *testing.T) {
	list := items(slices.Repeat([]string{"h.test"}, 2_000)...)
	list[1].Profile.Port, list[2].Profile.User = 8883, "rui"
	atMoving(t, list, func(h *house, m *desk.Moving, _ *fakeMover) {
		var got []string
		for _, it := range read(m).Preview.Items[:4] {
			got = append(got, it.Profile.Name)
		}
		if !slices.Equal(got, []string{"h.test", "h.test:8883", "rui@h.test", "h.test (2)"}) {
			h.Errorf("%q", got)
		}
		takeAll(m, 2)
		synctest.Wait()
		if !slices.Equal(names(h), []string{"h.test", "h.test:8883"}) {
			h.Errorf("%q", names(h))
		}
	})
}

// What a person has ordered arrives in that order, behind what is here; what
// nobody has goes by name.
func TestTheOrderOfAFolderArrives(t *testing.T) {
	for _, c := range []struct {
		name      string
		here      []string
		positions []int
		want      []string
	}{
		{"ordered", nil, []int{10, 20, 30}, []string{"gamma", "alpha", "beta"}},
		{"ordered, in a file in another order", nil, []int{30, 10, 20}, []string{"alpha", "beta", "gamma"}},
		{"ordered, behind others", []string{"zeta", "delta"}, []int{10, 20, 30}, []string{"delta", "zeta", "gamma", "alpha", "beta"}},
		{"two at one place", nil, []int{-5, 0, 0}, []string{"gamma", "alpha", "beta"}},
		{"never ordered", nil, []int{0, 0, 0}, []string{"alpha", "beta", "gamma"}},
		{"never ordered, among others", []string{"zeta", "delta"}, []int{7, 7, 7}, []string{"alpha", "beta", "delta", "gamma", "zeta"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			list := items("gamma", "alpha", "beta")
			for i := range list {
				list[i].Profile.Position, list[i].Profile.Folder = c.positions[i], "Lab"
			}
			atMoving(t, list, func(h *house, m *desk.Moving, _ *fakeMover) {
				for _, name := range c.here {
					h.add(func(p *app.Profile) { p.Name, p.Folder = name, "Lab" })
				}
				read(m)
				takeAll(m, 3)
				synctest.Wait()
				if got := names(h); !slices.Equal(got, c.want) {
					t.Errorf("got %v, want %v", got, c.want)
				}
			})
		})
	}
}
