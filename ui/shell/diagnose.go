package shell

import (
	"fyne.io/fyne/v2"

	"tidings/app"
	"tidings/app/desk"
	"tidings/ui/doctor"
)

// diagnose finds out what keeps a saved connection from coming about.
func (s *Shell) diagnose(id string) {
	p, ok := s.p.Desk.Profile(id)
	if !ok || s.busy() {
		return
	}
	s.openDoctor(p, nil, func(what app.Text) { s.mend(id, what) })
}

// diagnoseDraft does the same for a connection that is being edited, with the
// secrets as they would be saved; the form stays open below.
func (s *Shell) diagnoseDraft(p app.Profile, changes []desk.SecretChange) {
	secrets := app.Secrets{}
	for _, c := range changes {
		if c.Kind == app.SecretPassword && !c.Remember {
			p.AskPassword = true // and nobody has told it yet
		}
		secrets[c.Kind] = c.Value
	}
	s.openDoctor(p, secrets, nil)
}

func (s *Shell) openDoctor(p app.Profile, secrets app.Secrets, edit func(app.Text)) {
	if s.doctor != nil && s.doctor.Visible() {
		return
	}
	s.doctor = doctor.Open(s.d, doctor.Params{
		Desk: s.p.Desk, Profile: p, Secrets: secrets, Edit: edit,
		Clipboard: func(text string) { fyne.CurrentApp().Clipboard().SetContent(text) },
	})
}
