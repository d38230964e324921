package shell

import (
	"slices"

	"fyne.io/fyne/v2"

	"tidings/app"
	"tidings/app/desk"
	"tidings/app/profilecheck"
	"tidings/app/workspace"
	"tidings/ui/kit"
	"tidings/ui/profileform"
	"tidings/ui/secrets"
	"tidings/ui/settings"
)

// busy reports whether a dialog is open: commands of the menu wait for it.
func (s *Shell) busy() bool { return s.dialogs() || s.vault.Visible() }

// dialogs reports whether a dialog is open that a person opened.
func (s *Shell) dialogs() bool {
	return s.form != nil && s.form.Visible() || s.dialog != nil && s.dialog.Visible() ||
		s.sheet != nil && s.sheet.Visible() || s.doctor != nil && s.doctor.Visible() || s.secrets != nil && s.secrets.Visible() || s.house.visible() ||
		s.tabAsks()
}

// tabAsks reports whether the tab in front has a dialog open.
func (s *Shell) tabAsks() bool {
	t := s.current()
	if t == nil {
		return false
	}
	a, ok := t.Tab.(Asker)
	return ok && a.Asking()
}

// free runs f unless a dialog is open; it is what shortcuts of the menu do,
// which the toolkit runs below a dialog too.
func (s *Shell) free(f func()) func() {
	return func() {
		kit.HideTip(s.host)
		if !s.busy() && !s.asker.Visible() {
			f()
		}
	}
}

// chosenOnly is free for a command about the connection shown.
func (s *Shell) chosenOnly(f func(id string)) func() {
	return s.free(func() {
		if s.chosen != "" {
			f(s.chosen)
		}
	})
}

// choose shows a connection.
func (s *Shell) choose(id string) {
	s.chosen, s.wantLocal, s.wantBack = id, false, ""
	s.Sync()
}

func (s *Shell) connect(id string) {
	s.chosen = id
	s.p.Desk.Connect(id)
	s.Sync()
}

// open is Enter on a connection, or a double click: it shows it, and connects
// it unless it is connected or on its way. To connect anew ends the session,
// and what comes until the next one is lost, so that has commands of its own.
func (s *Shell) open(id string) {
	c, _ := s.p.Desk.Connection(id)
	busy := c.Waiting != nil || c.Open && c.Workspace.Session.State.Active()
	if busy && !c.BrokerStopped {
		s.choose(id)
		return
	}
	s.connect(id)
}

// with runs f on the open workspace of a connection.
func (s *Shell) with(id string, f func(*workspace.Workspace)) {
	if w := s.p.Desk.Workspace(id); w != nil {
		f(w)
	}
	s.Sync()
}

func (s *Shell) disconnect(id string) {
	s.p.Desk.Disconnect(id)
	s.Sync()
}

func (s *Shell) drop(id string) { s.with(id, (*workspace.Workspace).Drop) }

func (s *Shell) reconnectNow(id string) { s.with(id, (*workspace.Workspace).ReconnectNow) }

func (s *Shell) stop(id string) { s.with(id, (*workspace.Workspace).StopRetrying) }

func (s *Shell) closeWorkspace(id string) {
	s.p.Desk.CloseWorkspace(id)
	s.Sync()
}

// reopen brings what was closed last back, and shows it.
func (s *Shell) reopen() {
	if id := s.p.Desk.Reopen(); id != "" {
		s.choose(id)
	}
}

func (s *Shell) startLocal() {
	s.wantLocal = true
	s.p.Desk.StartBrokerAndConnect()
	s.Sync()
}

func (s *Shell) newConnection() { s.openForm(app.DefaultProfile()) }

func (s *Shell) edit(id string) {
	if p, ok := s.p.Desk.Profile(id); ok {
		s.openForm(p)
	}
}

// mend edits a connection where the advice about a failure leads.
func (s *Shell) mend(id string, what app.Text) {
	if s.busy() {
		return
	}
	p, there := s.p.Desk.Profile(id)
	if !there {
		return
	}
	s.openForm(p)
	s.form.Lead(profilecheck.About(p, what))
}

func (s *Shell) openForm(p app.Profile) {
	if s.busy() {
		return
	}
	s.form = profileform.NewForm(s.d, s.formParams(p))
	s.form.Show()
}

func (s *Shell) save(p app.Profile, changes []desk.SecretChange, connect bool) {
	id := s.p.Desk.SaveProfile(p, changes)
	s.chosen, s.wantLocal = id, false
	if connect {
		s.p.Desk.Connect(id)
	}
	s.Sync()
}

func (s *Shell) openSettings() {
	if s.busy() {
		return
	}
	s.dialog = settings.New(s.d, s.p.Settings, s.settingsChanged, s.openSecrets)
	s.dialog.Show()
}

// openSecrets shows where secrets are kept; the settings, which lead there,
// are a step back.
func (s *Shell) openSecrets() {
	if s.busy() {
		return
	}
	s.secrets = secrets.New(s.d, s.p.Desk)
	s.secrets.Closed = s.openSettings
	s.secrets.Show()
}

// zoom changes the size of everything: by a step, or to 100 % with 0.
func (s *Shell) zoom(step float32) {
	v := s.p.Settings.Values()
	v.Zoom = min(max(v.Zoom+step, 0.7), 2)
	if step == 0 {
		v.Zoom = 1
	}
	s.p.Settings.Set(v)
	s.settingsChanged()
}

// goOn is Ctrl+Enter, which the toolkit hands to the menu whatever has the
// keyboard: an import that is open reads its text, else submit.
func (s *Shell) goOn() {
	if s.house.importer.Visible() {
		s.house.importer.Submit()
		return
	}
	s.free(s.submit)()
}

// submit sends what the tab in front has to send.
func (s *Shell) submit() {
	if t := s.current(); t != nil {
		if f, ok := t.Tab.(Submitter); ok {
			f.Submit()
		}
	}
}

// saveAs is Ctrl+S: it keeps what the tab in front holds.
func (s *Shell) saveAs() {
	if t := s.current(); t != nil {
		if f, ok := t.Tab.(Saver); ok {
			f.SaveAs()
		}
	}
}

// focusEntry is Ctrl+L: the entry of the tab in front, else the one for a
// filter in Subscribe, else the filter of the connections.
func (s *Shell) focusEntry() {
	if s.current() != nil && s.focusTab() {
		return
	}
	if i := slices.Index(s.tabNames, TabSubscribe); s.current() != nil && i >= 0 {
		s.tabs.Select(i)
		if s.focusTab() {
			return
		}
	}
	s.list.FocusFilter()
}

// focusTab gives the entry of the tab in front the keyboard, and reports
// whether there is one.
func (s *Shell) focusTab() bool {
	t := s.current()
	if t == nil {
		return false
	}
	f, ok := t.Tab.(Focuser)
	if ok {
		f.Focus()
	}
	return ok
}

// typedKey takes the keys that no control had a use for.
func (s *Shell) typedKey(e *fyne.KeyEvent) {
	kit.HideTip(s.host)
	if e.Name == fyne.KeyF1 {
		s.free(s.help)()
	}
}
