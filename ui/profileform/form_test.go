package profileform_test

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"tidings/app"
	"tidings/app/desk"
	"tidings/app/i18n"
	"tidings/ui/kit"
	"tidings/ui/profileform"
	"tidings/ui/theme"
)

func TestEmptyFormComplainsOnlyWhenAsked(t *testing.T) {
	b := open(t, app.DefaultProfile(), keyring(true))
	if e := b.errors(); len(e) > 0 {
		t.Errorf("a form nobody has touched complains: %v", e)
	}
	b.tap("connect")
	if b.saves != 0 || !b.Visible() || len(b.errors()) != 1 {
		t.Errorf("saved %d times without a host; complaints %v", b.saves, b.errors())
	}
	if b.win.Canvas().Focused() != fyne.Focusable(b.field("host")) {
		t.Error("the wrong field has not got the keyboard")
	}
}

func TestReasonComesAndGoesWhileTyping(t *testing.T) {
	b := open(t, app.DefaultProfile(), keyring(true))
	test.Type(b.field("host"), "broker.example")
	b.field("port").SetText("")
	test.Type(b.field("port"), "many")
	if e := b.errors(); len(e) != 1 || e[0] != b.d.Tr.S("form.number", "Min", 1, "Max", 65535) {
		t.Errorf("complaints about a port in words: %v", e)
	}
	b.field("port").SetText("1884")
	if e := b.errors(); len(e) != 0 {
		t.Errorf("complaints about a good form: %v", e)
	}
}

// Fields that share a row each say what is wrong.
func TestHostAndPortBothComplain(t *testing.T) {
	b := open(t, app.DefaultProfile(), keyring(true))
	test.Type(b.field("host"), "a b")
	test.Type(b.field("port"), "99999")
	if got := b.field("port").Text; got != "99999" {
		t.Errorf("typing over a port leaves %q", got)
	}
	e := b.errors()
	if len(e) != 1 || !strings.Contains(e[0], b.d.Tr.S("form.number", "Min", 1, "Max", 65535)) || strings.HasPrefix(e[0], b.d.Tr.S("form.number", "Min", 1, "Max", 65535)) {
		t.Errorf("complaints: %q", e)
	}
	b.field("host").SetText("broker.example")
	if e := b.errors(); len(e) != 1 || e[0] != b.d.Tr.S("form.number", "Min", 1, "Max", 65535) {
		t.Errorf("complaints about the port alone: %q", e)
	}
}

func TestSaveHandsOverWhatWasTyped(t *testing.T) {
	b := open(t, app.DefaultProfile(), keyring(true))
	test.Type(b.field("host"), "broker.example")
	test.Type(b.field("user"), "ana")
	test.Type(b.field("password"), "secret")
	test.Tap(b.check("tls"))
	b.field("keep_alive").SetText("15")
	b.tap("save")
	if b.saves != 1 || b.connected || b.Visible() {
		t.Fatalf("saved %d times, connected %v, open %v", b.saves, b.connected, b.Visible())
	}
	p := b.profile
	if p.Name != "broker.example" || p.Port != 8883 || !p.TLS || p.User != "ana" || p.KeepAlive.Seconds() != 15 || p.Version != app.V5 || !p.Clean {
		t.Errorf("profile %+v", p)
	}
	if want := ([]desk.SecretChange{{Kind: app.SecretPassword, Value: "secret", Remember: true}}); !slices.Equal(b.changes, want) {
		t.Errorf("password %+v", b.changes)
	}
}

func TestEnterSavesAndConnectsAndEscapeDoesNeither(t *testing.T) {
	b := open(t, saved(), keyring(true))
	b.field("host").TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if b.saves != 1 || !b.connected || b.Visible() {
		t.Errorf("Enter: saved %d times, connected %v, open %v", b.saves, b.connected, b.Visible())
	}
	b = open(t, saved(), keyring(true))
	b.check("tls").TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if b.saves != 0 || b.Visible() {
		t.Errorf("Escape: saved %d times, open %v", b.saves, b.Visible())
	}
}

func TestEscapeAsksOnlyWhenSomethingWasChanged(t *testing.T) {
	escape := &fyne.KeyEvent{Name: fyne.KeyEscape}
	b := open(t, saved(), keyring(true))
	b.field("host").SetText("other.example")
	b.field("host").TypedKey(escape)
	if !b.Visible() || !b.seen("discard") {
		t.Fatal("Escape threw away what was changed, or asked nothing")
	}
	b.tap("keep")
	if !b.Visible() || b.seen("discard") || b.win.Canvas().Focused() != fyne.Focusable(b.field("host")) {
		t.Error("the form is not as it was before the question")
	}
	b.field("host").SetText("broker.example")
	b.field("host").TypedKey(escape)
	if b.Visible() || b.saves != 0 {
		t.Error("asked although everything is as it was")
	}
	b = open(t, saved(), keyring(true))
	b.page(notesPage)
	test.Type(b.field("notes"), "x")
	b.tap("cancel")
	b.tap("discard")
	if b.Visible() || b.saves != 0 {
		t.Errorf("discarded: open %v, saved %d times", b.Visible(), b.saves)
	}
}

func TestPastedURLFillsTheForm(t *testing.T) {
	b := open(t, app.DefaultProfile(), keyring(true))
	b.field("host").TypedShortcut(&fyne.ShortcutPaste{Clipboard: clipboard("mqtts://ana:pw@broker.example:8884")})
	b.tap("save")
	p := b.profile
	if p.Host != "broker.example" || p.Port != 8884 || !p.TLS || p.User != "ana" || len(b.changes) != 1 || b.changes[0].Value != "pw" {
		t.Errorf("profile %+v, password %v", p, b.changes)
	}
}

func TestTypedURLIsTakenApartWhenTheFieldIsLeft(t *testing.T) {
	b := open(t, app.DefaultProfile(), keyring(true))
	test.Type(b.field("host"), "mqtt://broker.example:1884")
	if got := b.field("host").Text; got != "mqtt://broker.example:1884" {
		t.Errorf("taken apart while it was being typed: %q", got)
	}
	if e := b.errors(); len(e) != 0 {
		t.Errorf("a whole URL is complained about: %v", e)
	}
	b.win.Canvas().FocusNext()
	if b.field("host").Text != "broker.example" || b.field("port").Text != "1884" {
		t.Errorf("host %q, port %q", b.field("host").Text, b.field("port").Text)
	}
}

func TestSessionIsNamedAsTheVersionNamesIt(t *testing.T) {
	b := open(t, app.DefaultProfile(), keyring(true))
	version, _ := b.d.Names.Get("form.version").(*kit.Segmented)
	if got := b.check("clean").Text; got != b.d.Tr.S("form.clean_start") {
		t.Errorf("MQTT 5: %q", got)
	}
	version.TypedKey(&fyne.KeyEvent{Name: fyne.KeyLeft})
	if got := b.check("clean").Text; got != b.d.Tr.S("form.clean_session") {
		t.Errorf("MQTT 3.1.1: %q", got)
	}
	test.Type(b.field("host"), "h")
	b.tap("save")
	if b.profile.Version != app.V311 {
		t.Errorf("version %v", b.profile.Version)
	}
}

func TestClientIDIsRandomAndCanBeEmpty(t *testing.T) {
	b := open(t, app.DefaultProfile(), keyring(true))
	first := b.field("client_id").Text
	b.tap("client_id.random")
	if second := b.field("client_id").Text; first == "" || second == "" || first == second {
		t.Errorf("client ids %q and %q", first, second)
	}
	b.field("client_id").SetText("")
	test.Type(b.field("host"), "h")
	b.tap("save")
	if b.saves != 1 || b.profile.ClientID != "" {
		t.Errorf("saved %d times, client id %q", b.saves, b.profile.ClientID)
	}
}

func TestKeptPasswordIsNeverShown(t *testing.T) {
	b := open(t, saved(), keyring(true))
	if b.seen("password") || !b.says("form.password.kept", "Place", app.PlaceKeyring) {
		t.Error("the form does not say that the password is kept, or has an entry for it")
	}
	b.tap("save")
	if len(b.changes) != 0 {
		t.Error("a password that nobody touched is changed")
	}
	b = open(t, saved(), keyring(true))
	b.tap("password.change")
	if !b.seen("password") || b.field("password").Text != "" {
		t.Error("no empty entry for another password")
	}
	test.Type(b.field("password"), "other")
	b.tap("save")
	if want := ([]desk.SecretChange{{Kind: app.SecretPassword, Value: "other", Remember: true}}); !slices.Equal(b.changes, want) {
		t.Errorf("password %+v", b.changes)
	}
}

// Who wants to change the password has a field to type in, whether it is to be
// remembered or not.
func TestChangeAlwaysHasAFieldToTypeIn(t *testing.T) {
	p := saved()
	p.AskPassword = true
	for _, tt := range []struct {
		name     string
		keyring  bool
		remember bool
		says     string
		want     desk.SecretChange
	}{
		{"for this run", true, false, "form.password.once", desk.SecretChange{Kind: app.SecretPassword, Value: "lime"}},
		{"nothing can keep it", false, false, "form.password.once", desk.SecretChange{Kind: app.SecretPassword, Value: "lime"}},
		{"to be remembered", true, true, "", desk.SecretChange{Kind: app.SecretPassword, Value: "lime", Remember: true}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := open(t, p, keyring(tt.keyring))
			b.tap("password.change")
			if !b.seen("password") || b.win.Canvas().Focused() != fyne.Focusable(b.field("password")) {
				t.Fatal("there is no field that has the keyboard")
			}
			test.Type(b.field("password"), "lime")
			if tt.remember {
				test.Tap(b.check("remember"))
			}
			if tt.says != "" && !b.says(tt.says) {
				t.Error("not said that it serves for this run")
			}
			b.tap("save")
			if !slices.Equal(b.changes, []desk.SecretChange{tt.want}) {
				t.Errorf("changes %+v, want %+v", b.changes, tt.want)
			}
		})
	}
}

// Who ticks that the password is to be remembered goes on to type it.
func TestRememberingGivesTheKeyboardToThePassword(t *testing.T) {
	p := saved()
	p.AskPassword = true
	b := openWith(t, p, keyring(true), func(p *profileform.FormParams) { p.Place = nil })
	if b.seen("password") {
		t.Fatal("a password that is asked for needs no entry")
	}
	test.Tap(b.check("remember"))
	if !b.seen("password") || b.win.Canvas().Focused() != fyne.Focusable(b.field("password")) {
		t.Error("there is no field that has the keyboard")
	}
}

func TestAKeptPasswordIsForgotten(t *testing.T) {
	b := open(t, saved(), keyring(true))
	b.tap("password.forget")
	if b.seen("password") || !b.says("form.password.asked") {
		t.Error("not said that it will be asked for")
	}
	b.tap("save")
	if want := ([]desk.SecretChange{{Kind: app.SecretPassword}}); !slices.Equal(b.changes, want) {
		t.Errorf("password %+v", b.changes)
	}
}

func TestWithoutAKeyringItSaysThatItWillAsk(t *testing.T) {
	b := open(t, app.DefaultProfile(), keyring(false))
	test.Type(b.field("host"), "h")
	test.Type(b.field("user"), "ana")
	if !b.says("form.password.no_keyring") || b.seen("password") || b.seen("remember") {
		t.Error("the form promises to keep a password without a keyring")
	}
	b.tap("save")
	if want := ([]desk.SecretChange{{Kind: app.SecretPassword}}); !slices.Equal(b.changes, want) {
		t.Errorf("password %+v, want to be asked", b.changes)
	}
}

func TestKeyringFoundWhileTheFormIsOpen(t *testing.T) {
	b := open(t, app.DefaultProfile(), desk.SecretState{})
	test.Type(b.field("user"), "ana")
	if b.seen("password") || !b.says("form.password.checking") {
		t.Error("an entry for a password before it is known whether it can be kept")
	}
	b.SetKeyring(keyring(true))
	if !b.seen("password") || !b.seen("remember") {
		t.Error("no entry although a keyring was found")
	}
	test.Tap(b.check("remember"))
	if b.seen("password") || !b.says("form.password.asked") {
		t.Error("a password that is not to be kept needs no entry")
	}
}

func TestWillShowsItsFieldsWhenThereIsOne(t *testing.T) {
	b := open(t, app.DefaultProfile(), keyring(true))
	test.Type(b.field("host"), "h")
	b.page(willPage)
	if b.seen("will.topic") {
		t.Error("the will shows its fields though there is none")
	}
	test.Tap(b.check("will"))
	if !b.seen("will.topic") {
		t.Fatal("the will does not show its fields")
	}
	test.Type(b.field("will.topic"), "lab/+")
	if len(b.errors()) != 1 {
		t.Errorf("complaints about a wildcard: %v", b.errors())
	}
	b.tap("save")
	if b.saves != 0 {
		t.Error("saved with a will that no broker takes")
	}
	b.field("will.topic").SetText("lab/status")
	test.Type(b.field("will.payload"), "gone")
	b.tap("save")
	if w := b.profile.Will; w == nil || w.Topic != "lab/status" || string(w.Payload) != "gone" {
		t.Errorf("will %+v", w)
	}
}

func TestFormWithAWillShowsIt(t *testing.T) {
	p := saved()
	p.Will = &app.Will{Topic: "a", Payload: []byte("b"), QoS: app.QoS2, Retain: true}
	b := open(t, p, keyring(true))
	b.page(willPage)
	if b.field("will.topic").Text != "a" || b.field("will.payload").Text != "b" {
		t.Error("the will of the profile is not in the form")
	}
	b.tap("save")
	if w := b.profile.Will; w == nil || w.QoS != app.QoS2 || !w.Retain {
		t.Errorf("will %+v", w)
	}
}

func TestEditedConnectionCanBeDeleted(t *testing.T) {
	b := open(t, saved(), keyring(true))
	b.tap("delete")
	if b.deleted != 1 || b.Visible() || b.saves != 0 {
		t.Errorf("deleted %d times, open %v, saved %d times", b.deleted, b.Visible(), b.saves)
	}
}

func TestTabReachesEveryControlInOrder(t *testing.T) {
	p := app.DefaultProfile()
	p.User = "ana"
	b := open(t, p, keyring(true))
	for _, c := range []struct {
		page int
		want []string
	}{
		{generalPage, []string{"name", "transport", "tls", "host", "port", "user", "password", "remember", "folder", "color", "auto"}},
		{sessionPage, []string{"version", "client_id.mode", "client_id", "client_id.random", "clean", "expires", "keep_alive", "more"}},
		{tlsPage, []string{"tls.on"}},
		{willPage, []string{"will"}},
		{networkPage, []string{"proxy", "family", "timeout"}},
		{notesPage, []string{"notes"}},
	} {
		b.page(c.page)
		want := append(append([]string{"pages"}, c.want...), "cancel", "save", "connect")
		if got := b.tabs(); !slices.Equal(got, want) {
			t.Errorf("on page %d Tab goes\n%v, want\n%v", c.page, got, want)
		}
	}
}

func TestWordsAboutThePasswordFitInEveryLanguage(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(theme.New(theme.Dark, 1))
	const room = 412 // what labels and margins leave of the form
	for _, language := range i18n.Languages() {
		tr := i18n.New(language.Tag)
		for _, text := range []string{
			tr.S("form.password.no_keyring"), tr.S("form.password.asked"), tr.S("form.password.once"), tr.S("form.password.checking"), tr.S("form.password.no_user"),
		} {
			if w := kit.NewText(text, kit.TextLook{}).MinSize().Width; w > room {
				t.Errorf("%s: %q takes %.0f of %d", language.Tag, text, w, room)
			}
		}
	}
}
