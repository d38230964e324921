package shell

import (
	"slices"

	"fyne.io/fyne/v2"

	"tidings/app/desk"
	"tidings/ui/kit"
)

// Bring shows a connection and a tab, as they were in front before. What there
// is no more is left alone.
func (s *Shell) Bring(id, tab string) {
	if _, ok := s.p.Desk.Profile(id); ok {
		s.chosen = id
	}
	if i := slices.Index(s.tabNames, tab); i >= 0 {
		s.tab = i
		s.tabs.Select(i)
	}
	s.Sync()
}

// launchBanner says what was restored at launch, and what connects.
func (n *notices) launchBanner(l desk.Launched) fyne.CanvasObject {
	b := kit.NewBanner(n.labels())
	b.Say(kit.Notice{Kind: kit.Info, Text: n.d.Tr.S("shell.launched", "N", l.Restored, "Connecting", l.Connecting), OnClose: func() {
		n.desk.ForgetLaunch()
		n.sync()
	}})
	return b
}
