package passphrase_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"tidings/app"
	"tidings/app/desk"
	"tidings/app/i18n"
	"tidings/ui/kit"
	"tidings/ui/kit/parts"
	"tidings/ui/passphrase"
	"tidings/ui/theme"
)

// fake is a desk that a test moves by hand.
type fake struct {
	prompt *desk.VaultPrompt
	calls  []string
}

func (f *fake) VaultPrompt() *desk.VaultPrompt {
	if f.prompt == nil {
		return nil
	}
	p := *f.prompt
	return &p
}

func (f *fake) GivePassphrase(old, passphrase app.Secret) {
	f.calls = append(f.calls, "give "+old.Reveal()+"/"+passphrase.Reveal())
	if f.prompt.Task == desk.VaultRetire {
		f.prompt = &desk.VaultPrompt{Number: f.prompt.Number + 1, Task: desk.VaultReplace, Why: f.prompt.Why, Back: f.prompt.Back}
		return
	}
	f.prompt.Busy, f.prompt.Err = true, nil
}
func (f *fake) StopPassphrase() { f.calls = append(f.calls, "stop") }
func (f *fake) DeclineVault()   { f.calls, f.prompt = append(f.calls, "decline"), nil }
func (f *fake) AskVault(t desk.VaultTask) {
	f.calls = append(f.calls, fmt.Sprint("ask ", t))
	f.prompt = &desk.VaultPrompt{Number: 2, Task: t, Why: f.prompt.Why, Back: true, Lost: []desk.Lost{
		{Name: "Greenhouse", Kinds: []app.SecretKind{app.SecretPassword, app.SecretKey}}, {Kinds: []app.SecretKind{app.SecretKey}},
	}}
}
func (f *fake) Strength(s app.Secret) (int, app.Text) {
	return min(len(s.Reveal()), 4), app.Say("secrets.strength.fair")
}

type bench struct {
	*passphrase.Asker
	t    *testing.T
	d    kit.Deps
	desk *fake
}

func open(t *testing.T, task desk.VaultTask, why app.Text) *bench {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(theme.New(theme.Dark, 1))
	w := test.NewTempWindow(t, widget.NewLabel(""))
	w.Resize(fyne.NewSize(800, 500))
	b := &bench{t: t, desk: &fake{prompt: &desk.VaultPrompt{Number: 1, Task: task, Why: why}}}
	b.d = kit.Deps{Tr: i18n.New("en"), Names: &kit.Names{}, Window: w}
	b.Asker = passphrase.New(b.d, b.desk)
	b.Sync()
	return b
}

func (b *bench) field(name string) *parts.Field {
	b.t.Helper()
	f, ok := b.d.Names.Get("passphrase." + name).(*parts.Field)
	if !ok {
		b.t.Fatalf("no field %s", name)
	}
	return f
}

func (b *bench) press(key fyne.KeyName) { b.d.Window.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: key}) }

func (b *bench) called(want ...string) {
	b.t.Helper()
	if !slices.Equal(b.desk.calls, want) {
		b.t.Errorf("called %q, want %q", b.desk.calls, want)
	}
}

func (b *bench) says(key string) bool { return b.shows(b.d.Tr.S(key)) }

func (b *bench) shows(text string) bool {
	return says(b.d.Window.Canvas().Overlays().Top(), text)
}

// says reports whether text is seen in o.
func says(o fyne.CanvasObject, text string) bool {
	if !o.Visible() {
		return false
	}
	var inside []fyne.CanvasObject
	switch o := o.(type) {
	case *widget.RichText:
		return strings.Contains(o.String(), text)
	case *canvas.Text:
		return strings.Contains(o.Text, text)
	case *fyne.Container:
		inside = o.Objects
	case fyne.Widget:
		inside = test.WidgetRenderer(o).Objects()
	}
	return slices.ContainsFunc(inside, func(o fyne.CanvasObject) bool { return says(o, text) })
}

func TestUnlockWithTheKeyboardAlone(t *testing.T) {
	b := open(t, desk.VaultUnlock, app.Text{})
	if b.d.Window.Canvas().Focused() != b.field("entry") {
		t.Error("the field has not the keyboard")
	}
	b.press(fyne.KeyReturn)
	b.called() // nothing typed
	test.Type(b.field("entry"), "sesame")
	b.press(fyne.KeyReturn)
	b.press(fyne.KeyReturn) // while it is tried
	b.called("give /sesame")
	b.desk.prompt = nil
	b.Sync()
	if b.Visible() {
		t.Error("the dialog stays when the vault is open")
	}
}

func TestAWrongPassphraseIsSaidAndNothingIsLost(t *testing.T) {
	b := open(t, desk.VaultUnlock, app.Text{})
	test.Type(b.field("entry"), "sesam")
	b.press(fyne.KeyReturn)
	b.desk.prompt.Busy, b.desk.prompt.Err = false, &app.Error{What: app.Say("secrets.passphrase.wrong")}
	b.Sync()
	f := b.field("entry")
	if !b.says("secrets.passphrase.wrong") || f.Text != "sesam" || f.Disabled() || b.d.Window.Canvas().Focused() != f || f.SelectedText() == "" {
		t.Errorf("text %q, disabled %t, selected %q", f.Text, f.Disabled(), f.SelectedText())
	}
	test.Type(f, "e")
	b.Sync()
	if b.says("secrets.passphrase.wrong") {
		t.Error("the error stands after an edit")
	}
}

func TestANewPassphraseIsTypedTwice(t *testing.T) {
	b := open(t, desk.VaultCreate, app.Say("secrets.vault.why_keep", "Name", "x", "Secret", "y"))
	test.Type(b.field("entry"), "sesame")
	b.press(fyne.KeyReturn)
	b.d.Window.Canvas().Focus(b.field("again"))
	test.Type(b.field("again"), "sesa")
	if b.says("passphrase.differ") {
		t.Error("what is right so far is called wrong")
	}
	b.d.Window.Canvas().Focus(b.field("entry"))
	if !b.says("passphrase.differ") {
		t.Error("the second one was left unlike the first, and nothing says so")
	}
	b.d.Window.Canvas().Focus(b.field("again"))
	b.field("again").SetText("sesa")
	b.press(fyne.KeyReturn)
	if !b.says("passphrase.differ") {
		t.Error("Enter does nothing and says nothing")
	}
	test.Type(b.field("again"), "mo")
	b.press(fyne.KeyReturn)
	b.called()
	if !b.says("passphrase.differ") || !b.says("secrets.strength.fair") {
		t.Error("not said that the two differ, or how strong the first is")
	}
	b.field("again").SetText("sesame")
	b.press(fyne.KeyReturn)
	b.called("give /sesame")
}

func TestChangingAsksForTheOldOne(t *testing.T) {
	b := open(t, desk.VaultChange, app.Text{})
	test.Type(b.field("entry"), "new")
	test.Type(b.field("again"), "new")
	b.press(fyne.KeyReturn)
	b.called()
	test.Type(b.field("old"), "old")
	b.press(fyne.KeyReturn)
	b.called("give old/new")
	b.desk.prompt.Busy, b.desk.prompt.Err = false, &app.Error{What: app.Say("secrets.passphrase.wrong")}
	b.Sync()
	if b.d.Window.Canvas().Focused() != b.field("old") {
		t.Error("the keyboard is not at the passphrase that was wrong")
	}
}

func TestATryCanBeStoppedAndThePromptDeclined(t *testing.T) {
	b := open(t, desk.VaultUnlock, app.Say("secrets.vault.why_connect", "Name", "x", "Secret", "y"))
	entry := b.field("entry")
	test.Type(entry, "sesame")
	b.press(fyne.KeyReturn)
	if !b.says("passphrase.busy") || !entry.Disabled() {
		t.Error("not said that it is tried")
	}
	b.press(fyne.KeyEscape)
	b.called("give /sesame", "stop")
	b.desk.prompt.Busy = false
	b.Sync()
	if b.says("passphrase.busy") || entry.Disabled() || entry.Text != "sesame" {
		t.Error("the stopped try left something behind")
	}
	b.press(fyne.KeyEscape)
	b.called("give /sesame", "stop", "decline")
	if b.Visible() || entry.Text != "" {
		t.Error("the passphrase outlives the dialog")
	}
	if b.d.Names.Get("passphrase.entry") != nil {
		t.Error("the names outlive the dialog")
	}
}

// What is lost is said, and only the button itself says yes.
func TestAForgottenPassphrase(t *testing.T) {
	b := open(t, desk.VaultUnlock, app.Text{})
	tap := func(name string) {
		t.Helper()
		button, ok := b.d.Names.Get("passphrase." + name).(*kit.Button)
		if !ok || button.Disabled() {
			t.Fatalf("no button %s", name)
		}
		button.Tapped(nil)
	}
	asked := fmt.Sprint("ask ", desk.VaultRetire)
	tap("forgot")
	if !b.says("passphrase.about.retire") || !b.shows("Greenhouse") || !b.shows("password, private key") || !b.shows("(deleted connection)") {
		t.Error("not said what is lost")
	}
	cancel, _ := b.d.Names.Get("passphrase.cancel").(fyne.Focusable)
	if b.d.Window.Canvas().Focused() != cancel {
		t.Error("the keyboard is not at the button that changes nothing")
	}
	b.press(fyne.KeyReturn)
	b.called(asked, "decline")
	b.desk.prompt = &desk.VaultPrompt{Number: 3, Task: desk.VaultUnlock}
	b.Sync()
	tap("forgot")
	tap("ok")
	b.called(asked, "decline", asked, "give /")
	if !b.says("passphrase.about.replace") || !b.says("passphrase.back") || b.d.Names.Get("passphrase.forgot") != nil {
		t.Error("not said that the old vault is still there, or a passphrase that nobody has chosen can be forgotten")
	}
	if b.d.Window.Canvas().Focused() != b.field("entry") {
		t.Error("the keyboard is not at the new passphrase")
	}
}

func TestTheWordsFitInEveryLanguage(t *testing.T) {
	for _, l := range i18n.Languages() {
		for _, task := range []desk.VaultTask{desk.VaultCreate, desk.VaultUnlock, desk.VaultChange, desk.VaultRetire, desk.VaultReplace} {
			b := open(t, task, app.Text{})
			b.desk.prompt = nil
			b.Sync()
			b.d.Tr = i18n.New(l.Tag)
			b.desk.prompt = &desk.VaultPrompt{Number: 2, Task: task, Why: app.Say("secrets.vault.why_keep", "Name", "Greenhouse", "Secret", app.SecretKey.Text())}
			b.Asker = passphrase.New(b.d, b.desk)
			b.Sync()
			if width := b.d.Window.Canvas().Overlays().Top().MinSize().Width; width > 560 {
				t.Errorf("%s, task %d: %v wide", l.Tag, task, width)
			}
		}
	}
}
