package question_test

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"tidings/app"
	"tidings/app/desk"
	"tidings/app/i18n"
	"tidings/ui/kit"
	"tidings/ui/kit/parts"
	"tidings/ui/question"
	"tidings/ui/theme"
)

type fake struct {
	asks  []desk.Question
	calls []string
}

func (f *fake) Question() *desk.Question {
	if len(f.asks) == 0 {
		return nil
	}
	q := f.asks[0]
	return &q
}

func (f *fake) Answer(id string, s app.Secret, remember bool) {
	call := "answer " + id + " " + s.Reveal()
	if remember {
		call += " remember"
	}
	f.calls = append(f.calls, call)
	f.asks = f.asks[1:]
}

func (f *fake) Destination(_ app.SecretKind, s app.Secret) desk.Destination {
	if len(s) > 10 {
		return desk.ToLockedVault
	}
	return desk.ToKeyring
}

func (f *fake) CancelQuestion(id string) {
	f.calls = append(f.calls, "cancel "+id)
	f.asks = f.asks[1:]
}

func ask(id string, keep bool) desk.Question {
	q := desk.Question{ProfileID: id, Name: "Greenhouse", User: "ana", Why: app.Say("password.not_kept")}
	if keep {
		q.Place = app.PlaceKeyring
	}
	return q
}

func open(t *testing.T, f *fake) (*question.Asker, kit.Deps) {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(theme.New(theme.Dark, 1))
	w := test.NewTempWindow(t, widget.NewLabel(""))
	w.Resize(fyne.NewSize(800, 500))
	d := kit.Deps{Tr: i18n.New("en"), Names: &kit.Names{}, Window: w}
	a := question.New(d, f)
	a.Sync()
	return a, d
}

func TestEnterAnswersAndEscapeCancels(t *testing.T) {
	for _, c := range []struct {
		key  fyne.KeyName
		want string
	}{{fyne.KeyReturn, "answer a secret"}, {fyne.KeyEnter, "answer a secret"}, {fyne.KeyEscape, "cancel a"}} {
		t.Run(string(c.key), func(t *testing.T) {
			f := &fake{asks: []desk.Question{ask("a", true)}}
			a, d := open(t, f)
			entry, ok := d.Window.Canvas().Focused().(*parts.Field)
			if !ok || !entry.Password {
				t.Fatalf("the keyboard is with %T, not with a hidden entry", d.Window.Canvas().Focused())
			}
			test.Type(entry, "secret")
			entry.TypedKey(&fyne.KeyEvent{Name: c.key})
			if !slices.Equal(f.calls, []string{c.want}) || a.Visible() {
				t.Errorf("calls %v, open %v", f.calls, a.Visible())
			}
			if entry.Text != "" {
				t.Error("the password stays in the widget")
			}
		})
	}
}

func TestRememberIsOfferedOnlyWhereItCanBeKept(t *testing.T) {
	check := func(d kit.Deps) *parts.Check {
		for _, o := range test.LaidOutObjects(d.Window.Canvas().Overlays().Top()) {
			if c, ok := o.(*parts.Check); ok {
				return c
			}
		}
		return nil
	}
	f := &fake{asks: []desk.Question{ask("a", false)}}
	if _, d := open(t, f); check(d) != nil {
		t.Error("offered without a keyring")
	}
	f = &fake{asks: []desk.Question{ask("a", true)}}
	_, d := open(t, f)
	c := check(d)
	if c == nil {
		t.Fatal("not offered with a keyring")
	}
	test.Tap(c)
	ok, _ := d.Names.Get("question.ok").(*kit.Button)
	test.Tap(ok)
	if !slices.Equal(f.calls, []string{"answer a  remember"}) {
		t.Errorf("calls %v", f.calls)
	}
}

// says reports whether the open question has a line of text.
func says(d kit.Deps, want string) bool {
	return slices.ContainsFunc(test.LaidOutObjects(d.Window.Canvas().Overlays().Top()), func(o fyne.CanvasObject) bool {
		r, ok := o.(*widget.RichText)
		return ok && r.Visible() && r.String() == want
	})
}

// What nothing can keep is in memory nevertheless, and that is no secret.
func TestItSaysHowLongAnAnswerServesThatNothingKeeps(t *testing.T) {
	_, d := open(t, &fake{asks: []desk.Question{ask("a", false)}})
	if !says(d, "It stays in memory until you close the connection.") {
		t.Error("not said")
	}
}

// A password for a proxy is given to that proxy, so it is named.
func TestTheProxyIsNamedThatWantsAPassword(t *testing.T) {
	q := ask("a", true)
	q.Kind, q.User, q.Proxy = app.SecretProxyPassword, "bob", "socks5://proxy.example:1080"
	_, d := open(t, &fake{asks: []desk.Question{q}})
	for _, want := range []string{"socks5://proxy.example:1080", "bob"} {
		if !slices.ContainsFunc(test.LaidOutObjects(d.Window.Canvas().Overlays().Top()), func(o fyne.CanvasObject) bool {
			x, ok := o.(*kit.Text)
			return ok && x.Text() == want
		}) {
			t.Errorf("%s is not named", want)
		}
	}
}

func TestItSaysWhereAnAnswerIsKept(t *testing.T) {
	f := &fake{asks: []desk.Question{ask("a", true)}}
	_, d := open(t, f)
	says := func(to desk.Destination) bool { return says(d, d.Tr.S("question.where", "Place", to.Text())) }
	if !says(desk.ToKeyring) {
		t.Error("not said that it goes to the keyring")
	}
	entry, _ := d.Names.Get("question.password").(*parts.Field)
	test.Type(entry, "a long token of somebody")
	if !says(desk.ToLockedVault) {
		t.Error("not said that what is long goes to the vault")
	}
}

func TestTypedTextSurvivesASync(t *testing.T) {
	f := &fake{asks: []desk.Question{ask("a", true)}}
	a, d := open(t, f)
	entry, _ := d.Names.Get("question.password").(*parts.Field)
	test.Type(entry, "half")
	a.Sync()
	if d.Names.Get("question.password") != fyne.CanvasObject(entry) || entry.Text != "half" {
		t.Error("the question was opened anew")
	}
}

func TestNextQuestionFollowsAndAGoneOneCloses(t *testing.T) {
	f := &fake{asks: []desk.Question{ask("a", true), ask("b", true)}}
	a, d := open(t, f)
	entry, _ := d.Names.Get("question.password").(*parts.Field)
	entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	a.Sync()
	if !a.Visible() {
		t.Fatal("the second question is not asked")
	}
	f.asks = nil // the connection was closed elsewhere
	a.Sync()
	if a.Visible() || d.Window.Canvas().Overlays().Top() != nil || !slices.Equal(f.calls, []string{"cancel a"}) {
		t.Errorf("open %v, calls %v", a.Visible(), f.calls)
	}
}
