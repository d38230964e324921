package shell_test

import (
	"slices"
	"testing"

	"tidings/app/desk"
	"tidings/ui/kit"
	"tidings/ui/shell"
)

// What a launch restored is said in a banner that goes by itself or by a
// click; what failed there steals nothing.
func TestLaunchIsTold(t *testing.T) {
	w := open(t, twoOpen(t))
	w.desk.launched = desk.Launched{Restored: 3, Connecting: 2}
	w.Sync()
	list := w.banners()
	if len(list) != 1 || list[0].Kind != kit.Info || list[0].Text != "3 connections are open as before. Connecting again: 2." {
		t.Fatalf("banners %+v", list)
	}
	list[0].OnClose()
	if len(w.banners()) != 0 || w.desk.launched != (desk.Launched{}) {
		t.Error("the banner stays")
	}
	w.desk.launched = desk.Launched{Connecting: 1}
	w.Sync()
	if len(w.banners()) != 0 {
		t.Error("what connects by its own wish is told as restored")
	}
}

func TestBringShowsWhatWasInFront(t *testing.T) {
	w := open(t, twoOpen(t))
	first, tab := w.Selected(), w.Tab()
	w.Bring("gone", "no such tab")
	if w.Selected() != first || w.Tab() != tab {
		t.Errorf("shows %s, %s", w.Selected(), w.Tab())
	}
	w.Bring("b", shell.TabPublish)
	if w.Selected() != "b" || w.Tab() != shell.TabPublish || w.desk.attended != "b" {
		t.Errorf("shows %s, %s; attends %s", w.Selected(), w.Tab(), w.desk.attended)
	}
	if slices.Contains(w.desk.calls, "connect b") {
		t.Error("showing connects")
	}
}
