package publish

import "tidings/app"

// kept is what outlives the screen: the editor with what was put aside, the
// list beside it, and which message its result line is about.
type kept struct {
	draft   draft
	settled app.Publish
	aside   *draft
	pane    int
	last    uint64
}

// Kept returns what a person typed, for the screen that takes this one's
// place.
func (s *Screen) Kept() any {
	return kept{s.draft(), s.settled, s.aside, s.panes.Selected(), s.last}
}

// Keep takes over what Kept of another screen returned.
func (s *Screen) Keep(from any) {
	if k, ok := from.(kept); ok {
		s.last, s.settled, s.aside = k.last, k.settled, k.aside
		s.showPane(k.pane)
		s.put(k.draft)
	}
}
