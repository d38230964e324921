//go:build e2e && linux

package e2e

import "testing"

// What was open and connected is so again after a restart, when a person
// wants that.
func TestRestoreAtLaunch(t *testing.T) {
	home := t.TempDir()
	p := start(t, home)
	connected := func(s State) bool {
		c := s.Connection(localBroker)
		return s.Broker.Running && c != nil && c.Status == "connected"
	}
	p.wait("the invitation", func(s State) bool { return s.Screen == "welcome" })
	p.click("welcome.start")
	p.wait("a connection to the local broker", connected)
	p.click("shell.settings")
	p.click("settings.restore")
	p.click("settings.close")
	p.click("tab.packets")
	p.wait("the packets", func(s State) bool { return s.Tab == "packets" })
	p.end()

	p = start(t, home)
	p.wait("the connection as before", func(s State) bool { return connected(s) && s.Tab == "packets" && s.Screen == "workspace" })
	p.shot("restored")
}
