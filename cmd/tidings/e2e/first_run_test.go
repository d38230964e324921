//go:build e2e && linux

package e2e

import (
	"crypto/rand"
	"slices"
	"testing"
	"time"
)

// localBroker is the name of the profile that the first run adds.
const localBroker = "localhost"

// The path of somebody's first minutes: start the local broker, receive what
// another program publishes, publish what another program receives, and find
// it all again next time.
func TestFirstRun(t *testing.T) {
	home := t.TempDir()
	nonce := rand.Text()
	p := start(t, home)
	p.wait("the invitation", func(s State) bool { return s.Screen == "welcome" })
	p.shot("01-welcome")

	p.click("welcome.start")
	s := p.wait("a connection to the local broker", func(s State) bool {
		c := s.Connection(localBroker)
		return s.Broker.Running && c != nil && c.Status == "connected"
	})
	broker := s.Broker.Address
	p.shot("02-connected")

	p.click("tab.subscribe")
	p.fill("subscribe.filter", "e2e/in/#")
	p.key("Return")
	p.wait("a granted subscription", func(s State) bool {
		return s.Connection(localBroker).Granted("e2e/in/#") >= 0
	})
	p.shot("03-subscribed")

	mosquittoPub(t, broker, "e2e/in/a", "from outside "+nonce)
	p.wait("the message of mosquitto_pub", func(s State) bool {
		c := s.Connection(localBroker)
		return c.Messages >= 1 && c.Last != nil && c.Last.Topic == "e2e/in/a" && c.Last.Payload == "from outside "+nonce
	})
	p.shot("04-received")

	received := mosquittoSub(t, broker, "e2e/out/#")
	p.click("tab.publish")
	p.fill("publish.topic", "e2e/out/b")
	p.fill("publish.payload", "from the window "+nonce)
	p.key("ctrl+Return")
	expect(t, received, "e2e/out/b|0|from the window "+nonce)
	p.wait("the outcome of the publish", func(s State) bool {
		o := s.Connection(localBroker).Published
		return o != nil && o.Topic == "e2e/out/b" && o.Reason == 0 && o.Error == ""
	})
	p.shot("05-published")

	p.end()
	p = start(t, home)
	p.wait("the saved profile", func(s State) bool { return slices.Contains(s.Profiles, localBroker) })
	p.shot("06-second-start")
}

// expect reads the next line and compares it.
func expect(t *testing.T, lines <-chan string, want string) {
	t.Helper()
	select {
	case got, open := <-lines:
		if !open || got != want {
			t.Fatalf("mosquitto_sub printed %q, want %q", got, want)
		}
	case <-time.After(patience):
		t.Fatalf("mosquitto_sub printed nothing, want %q", want)
	}
}
