package profileform

import (
	"fyne.io/fyne/v2"

	"tidings/app"
	"tidings/app/desk"
	"tidings/app/profilecheck"
	"tidings/ui/kit"
	"tidings/ui/kit/parts"
)

// login is user and password.
type login struct {
	*keptSecret
	keyring desk.SecretState
	asks    bool // the profile asks for the password at each connect

	user      *parts.Field
	remember  *parts.Check
	asked     *kit.Text // says that it will be asked each time
	askedLine fyne.CanvasObject
	row       *kit.FormRow
	root      []fyne.CanvasObject
}

func newLogin(f *fields, p FormParams) *login {
	s := &login{keyring: p.Keyring, asks: p.Profile.AskPassword}
	s.user = f.text("user", profilecheck.FieldUser)
	s.user.SetPlaceHolder(f.S("form.user.placeholder"))
	s.keptSecret = newKeptSecret(f, "password", fieldPassword, app.SecretPassword, p)
	s.remember = f.check("remember", f.S("form.password.remember"), func(on bool) {
		if f.change(); on { // shows the entry
			f.d.Window.Canvas().Focus(s.entry)
		}
	})
	s.remember.Checked = !s.asks
	s.forgot = func() { s.remember.Put(false) }
	s.asked = kit.NewMuted("")
	s.askedLine = parts.Fact(s.asked)
	s.row = f.row("form.password", parts.Column(4, s.keptSecret.root(), s.remember, s.askedLine), "", fieldPassword)
	s.root = []fyne.CanvasObject{f.row("form.user", s.user, "", profilecheck.FieldUser), s.row}
	return s
}

// fieldPassword is the field of what is no part of a profile.
const fieldPassword = "Password"

func (s *login) fill(p app.Profile) { s.user.Put(p.User) }

func (s *login) read(r *reading) { r.User = s.f.get(s.user) }

// put fills in what came with a pasted URL.
func (s *login) put(user, secret string) {
	before := s.f.filling
	s.f.filling = true
	if user != "" {
		s.f.put(s.user, user)
	}
	if secret != "" {
		s.keptSecret.put(secret)
		s.remember.Put(true)
	}
	s.f.filling = before
}

// show shows the controls that make sense now.
func (s *login) show(p app.Profile) {
	s.now = p
	user, canKeep := p.User != "", s.keyring.Available
	kept := user && s.kept()
	asked := ""
	switch {
	case !user:
		asked = "form.password.no_user"
	case kept:
	case s.once():
		asked = "form.password.once"
	case !s.keyring.Checked:
		asked = "form.password.checking"
	case !canKeep:
		asked = "form.password.no_keyring"
	case !s.remember.Checked, s.strays() && s.entry.Text == "":
		asked = "form.password.asked"
	}
	where := "form.password.remember"
	if s.keyring.Place == app.PlaceVault {
		where = "form.password.remember_vault"
	}
	if where = s.f.S(where); s.remember.Text != where {
		s.remember.SetText(where)
	}
	s.keptSecret.show(user, s.typing || s.keeps())
	s.f.show(s.remember, user && !kept && canKeep)
	if asked != "" {
		asked = s.f.S(asked)
	}
	s.asked.SetText(asked)
	s.f.show(s.askedLine, asked != "")
	s.row.SetHint(s.sent(p))
}

// keeps reports whether what is typed is to be kept.
func (s *login) keeps() bool { return s.keyring.Available && s.remember.Checked }

// once reports whether what is typed serves for this run and is not kept.
func (s *login) once() bool { return s.typing && s.entry.Text != "" && !s.keeps() }

// sent says how the password travels, where that is worth a word.
func (s *login) sent(p app.Profile) string {
	local := p.Link.Transport == app.TransportUnix || p.Host == "localhost" || p.Host == "127.0.0.1" || p.Host == "::1"
	switch {
	case p.User == "":
	case p.Version == app.V5 && p.Session.AuthenticationMethod != "":
		return s.f.S("form.password.scram")
	case !p.TLS && !local:
		return s.f.S("form.password.clear")
	}
	return ""
}

// changes says what becomes of the password when the form is saved.
func (s *login) changes() []desk.SecretChange {
	switch {
	case s.f.get(s.user) == "", s.kept():
		return nil
	case s.once():
		return []desk.SecretChange{{Kind: app.SecretPassword, Value: app.Secret(s.entry.Text)}}
	case !s.keeps(), s.strays() && s.entry.Text == "": // it is asked for from now on
		return []desk.SecretChange{{Kind: app.SecretPassword}}
	case s.asks && s.entry.Text == "" && !s.changing: // none from now on
		return []desk.SecretChange{{Kind: app.SecretPassword, Remember: true}}
	}
	return s.change()
}
