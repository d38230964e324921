package publish

import "tidings/app"

// kept is what outlives the screen: the editor, and which message its result
// line is about.
type kept struct {
	message app.Publish
	last    uint64
}

// Kept returns what a person typed, for the screen that takes this one's
// place.
func (s *Screen) Kept() any { return kept{s.message(), s.last} }

// Keep takes over what Kept of another screen returned.
func (s *Screen) Keep(from any) {
	if k, ok := from.(kept); ok {
		s.last = k.last
		s.load(k.message)
	}
}
