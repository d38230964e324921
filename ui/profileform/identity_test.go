package profileform_test

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"tidings/app"
	"tidings/ui/kit"
	"tidings/ui/profileform"
	"tidings/ui/theme"
)

func TestConnectionWithoutANameIsCalledAsItsHost(t *testing.T) {
	p := saved()
	p.Name = p.Host // as an empty name was saved before
	b := open(t, p, keyring(true))
	if got := b.field("name"); got.Text != "" || got.PlaceHolder != "broker.example" {
		t.Errorf("name %q in place of %q", got.Text, got.PlaceHolder)
	}
	b.field("host").SetText("other.example")
	if got := b.save().Name; got != "other.example" {
		t.Errorf("the name did not follow the host: %q", got)
	}
	p.Link.Transport, p.Link.Path, p.Name = app.TransportUnix, "/run/a.sock", ""
	if got := open(t, p, keyring(true)).save().Name; got != "/run/a.sock" {
		t.Errorf("the name of a socket is %q", got)
	}
}

func TestFolderIsCompletedFromThoseInUse(t *testing.T) {
	b := openWith(t, saved(), keyring(true), func(p *profileform.FormParams) { p.Folders = []string{"", "Home", "Lab/Room 3"} })
	for _, c := range []struct{ typed, want string }{
		{"la", "Lab"}, {"LAB/", "Lab/Room 3"}, {"lab/r", "Lab/Room 3"}, {"x", "x"}, {"Home", "Home"}, {"", ""},
	} {
		b.field("folder").SetText("")
		test.Type(b.field("folder"), c.typed)
		for _, o := range test.LaidOutObjects(b.win.Canvas().Overlays().Top()) { // the font of the arrow has no space
			if text, ok := o.(*kit.Text); ok && strings.HasPrefix(text.Text(), "↓ ") {
				t.Errorf("%q shows a box", text.Text())
			}
		}
		b.field("folder").TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
		if got := b.field("folder").Text; got != c.want {
			t.Errorf("%q and Down is %q, want %q", c.typed, got, c.want)
		}
	}
	b.field("folder").SetText(" Lab / / Room 4 ")
	if got := b.save().Folder; got != "Lab/Room 4" {
		t.Errorf("folder %q", got)
	}
}

// Form and sidebar offer the same colours.
func TestColoursAreThoseOfTheSidebar(t *testing.T) {
	for _, tag := range theme.Tags() {
		p := saved()
		p.Color = strings.ToUpper(tag.Hex)
		b := open(t, p, keyring(true))
		test.Tap(b.check("auto"))
		if got := b.save().Color; got != tag.Hex {
			t.Errorf("%s is saved as %q: it is not on offer", tag.Key, got)
		}
	}
}

func TestColourNotesAndLaunchAreSaved(t *testing.T) {
	p := saved()
	p.Color, p.Notes = "#123456", "old" // a colour from a file, which is not on offer
	b := open(t, p, keyring(true))
	test.Tap(b.check("auto"))
	b.page(notesPage)
	b.field("notes").SetText("Ana looks after it.\nRoom 3.")
	if got := b.note(notesPage).Note; got != "Ana looks after it." {
		t.Errorf("the list of pages says %q", got)
	}
	got := b.save()
	if got.Color != "#123456" || got.Notes != "Ana looks after it.\nRoom 3." || !got.AutoConnect {
		t.Errorf("profile %+v", got)
	}
	b = open(t, p, keyring(true))
	o, _ := b.d.Names.Get("form.color").(fyne.Focusable)
	for range 20 {
		o.TypedKey(&fyne.KeyEvent{Name: fyne.KeyLeft})
	}
	if got := b.save(); got.Color != "" {
		t.Errorf("colour %q, want none", got.Color)
	}
}

func TestColourThatIsNoneIsSaidAndCanBeChanged(t *testing.T) {
	p := saved()
	p.Color = "blue"
	b := open(t, p, keyring(true))
	b.tap("save")
	if b.saves != 0 || len(b.errors()) != 1 {
		t.Errorf("saved %d times, complaints %v", b.saves, b.errors())
	}
	o, _ := b.d.Names.Get("form.color").(fyne.Focusable)
	if b.win.Canvas().Focused() != o {
		t.Error("the colours have not got the keyboard")
	}
	o.TypedKey(&fyne.KeyEvent{Name: fyne.KeyLeft})
	if got := b.save().Color; len(got) != 7 {
		t.Errorf("colour %q", got)
	}
}

func TestPasswordOfATypedURLIsNotRepeatedAsTheName(t *testing.T) {
	b := open(t, app.Profile{Port: 1883}, keyring(true))
	b.field("host").SetText("mqtt://ann:s3cret@lab")
	if got := b.field("name").PlaceHolder; got != b.d.Tr.S("form.name.placeholder") {
		t.Errorf("the name would be %q", got)
	}
}
