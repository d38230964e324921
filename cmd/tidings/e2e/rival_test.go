//go:build e2e && linux

package e2e

import (
	"net"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"tidings/app"
	"tidings/profiles"
)

// A connection that connects at launch meets another client with its
// identifier, which reconnects for ever. The window understands, offers a new
// identifier, and with it both live.
func TestTwoClientsWithOneID(t *testing.T) {
	address, _, _ := mosquittoBroker(t)
	host, port, _ := net.SplitHostPort(address)
	home := t.TempDir()
	saved, err := profiles.Open(filepath.Join(home, "profiles"), nil)
	if err != nil {
		t.Fatal(err)
	}
	p := app.DefaultProfile()
	p.ID, p.Name, p.Host, p.ClientID, p.AutoConnect, p.Version = app.NewID(), "Shared", host, "shared", true, app.V311
	p.Port, _ = strconv.Atoi(port)
	p.Subscriptions = []app.Subscription{{Filter: "lab/#", QoS: app.QoS1}}
	if err := saved.Save(p); err != nil {
		t.Fatal(err)
	}
	w := start(t, home)
	connected := func(s State) bool {
		c := s.Connection("Shared")
		return c != nil && c.Status == "connected"
	}
	w.wait("the connection at launch", connected)

	rival := exec.CommandContext(t.Context(), "mosquitto_sub", append(endpoint(t, address), "-i", "shared", "-t", "x")...)
	if err := rival.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rival.Process.Kill(); _ = rival.Wait() }()
	w.place("header.newid")
	w.shot("rival")
	w.click("header.problem")
	w.click("header.log")
	w.place("log.copy")
	w.shot("rival-log")
	w.key("Escape")
	w.click("header.newid")
	w.shot("rival-newid")
	w.click("newid.ok")
	w.wait("a connection of its own, without the warning", func(s State) bool {
		return connected(s) && s.Connection("Shared").Granted("lab/#") == 1 && !s.shows("header.newid")
	})
	mosquittoPub(t, address, "lab/a", "hello")
	w.wait("a message", func(s State) bool { c := s.Connection("Shared"); return c.Last != nil && c.Last.Payload == "hello" })
	w.shot("rival-gone")
}
