//go:build e2e && linux

package e2e

import (
	"slices"
	"testing"
)

// The first Tab leads a newcomer to the main action. What was deleted comes
// back with Ctrl+Z from wherever no text is typed: the toolkit hands that key
// to the window then.
func TestFromTheKeyboard(t *testing.T) {
	p := start(t, t.TempDir())
	p.wait("the invitation", func(s State) bool { return s.Screen == "welcome" })
	p.key("Tab")
	p.key("Return")
	saved := func(s State) bool { return slices.Contains(s.Profiles, localBroker) }
	p.wait("a connection to the local broker", func(s State) bool {
		c := s.Connection(localBroker)
		return saved(s) && c != nil && c.Status == "connected"
	})
	p.click("connections.list")
	p.key("Delete")
	p.wait("the deletion", func(s State) bool { return len(s.Profiles) == 0 && s.Screen == "welcome" })
	p.shot("deleted")
	p.key("Tab") // from the list to a button
	p.key("ctrl+z")
	p.wait("what was deleted, in front", func(s State) bool { return saved(s) && s.Screen != "welcome" })
	p.shot("undeleted")
}
