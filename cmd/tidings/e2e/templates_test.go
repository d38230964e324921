//go:build e2e && linux

package e2e

import (
	"crypto/rand"
	"testing"
)

// A message that was kept as a template is there after a restart, and Enter
// sends it as it was.
func TestTemplateOutlivesARestart(t *testing.T) {
	home := t.TempDir()
	payload := "kept " + rand.Text()
	connected := func(s State) bool {
		c := s.Connection(localBroker)
		return s.Broker.Running && c != nil && c.Status == "connected"
	}
	p := start(t, home)
	p.wait("the invitation", func(s State) bool { return s.Screen == "welcome" })
	p.click("welcome.start")
	p.wait("a connection to the local broker", connected)
	p.click("tab.publish")
	p.fill("publish.topic", "e2e/template")
	p.fill("publish.payload", payload)
	shown := func(control string) func() bool {
		return func() bool { s, err := p.now(); return err == nil && s.Controls[control].W > 0 }
	}
	p.insist("the question for a name", func() { p.key("ctrl+s") }, shown("template.name"))
	p.shot("template-name")
	p.key("Return") // the topic is its name
	p.wait("the template as the chosen one", func(s State) bool { return s.Controls["publish.template.menu"].W > 0 })
	p.end()

	p = start(t, home)
	p.wait("the saved profile", func(s State) bool { return len(s.Profiles) == 1 })
	p.click("broker.connect")
	broker := p.wait("a connection to the local broker", connected).Broker.Address
	received := mosquittoSub(t, broker, "e2e/template")
	p.click("tab.publish")
	p.click("publish.templates") // below the only row
	p.insist("the template as the chosen one", func() { p.key("Down") }, shown("publish.template.menu"))
	p.shot("template-chosen")
	p.key("Return")
	expect(t, received, "e2e/template|0|"+payload)
	p.wait("the outcome of the publish", func(s State) bool {
		o := s.Connection(localBroker).Published
		return o != nil && o.Topic == "e2e/template" && o.Reason == 0 && o.Error == ""
	})
}
