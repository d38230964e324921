package shell_test

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"tidings/app"
	"tidings/ui/kit/parts"
)

func TestOnlyTheButtonCopies(t *testing.T) {
	d := twoOpen(t)
	d.conns[0].Profile.User = "ana"
	w := open(t, d)
	clip := fyne.CurrentApp().Clipboard()
	clip.SetContent("before")
	w.menuItem(t, "menu.copy_as").Action() // Ctrl+Shift+C
	w.tap(t, "copyas.password")
	if clip.Content() != "before" {
		t.Fatalf("the clipboard holds %q", clip.Content())
	}
	w.tap(t, "copyas.copy")
	if !strings.Contains(clip.Content(), "hunter2") {
		t.Errorf("the clipboard holds %q", clip.Content())
	}
	w.tap(t, "copyas.password")
	w.tap(t, "copyas.copy")
	if strings.Contains(clip.Content(), "hunter2") {
		t.Error("the password is copied though nobody wants it any more")
	}
	w.key(fyne.KeyEscape)
	if w.shows("copyas.copy") {
		t.Error("Escape does not close the dialog")
	}
}

// What can be copied of a connection's secrets is offered, and nothing else.
func TestTheSecretsThatACopyCanHoldAreOffered(t *testing.T) {
	for _, c := range []struct{ user, query, offers string }{
		{"", "", ""},
		{"ana", "", "Include the password"},
		{"", "yes", "Include the query string"},
		{"ana", "yes", "Include password and query string"},
	} {
		d := twoOpen(t)
		p := &d.conns[0].Profile
		if p.User = c.user; c.query != "" {
			p.Link = app.LinkOptions{Transport: app.TransportWS, Path: "/mqtt", SecretQuery: true}
		}
		w := open(t, d)
		w.menuItem(t, "menu.copy_as").Action()
		check, ok := w.object("copyas.password").(*parts.Check)
		if !ok || check.Disabled() != (c.offers == "") || c.offers != "" && check.Text != c.offers {
			t.Errorf("%+v: offers %q, disabled %t", c, check.Text, check.Disabled())
		}
	}
}
