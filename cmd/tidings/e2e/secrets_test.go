//go:build e2e && linux

package e2e

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"tidings/brokerlocal/brokertest"
)

// A person saves a password where there is no keyring: it goes into a vault
// that is made on the way, opens it again after the next start, and mistypes
// its passphrase once. After that no file that was written, no process, no
// title and no output holds what was typed.
func TestSecretsLeaveNoTrace(t *testing.T) {
	h := hide(map[string]string{"password": "lemon&pie/4711+", "passphrase": "harbour%fog=9 kettle "})
	server := brokertest.Run(t, brokertest.WithUser("ana", h["password"]))
	home := t.TempDir()
	root := filepath.Dir(home)
	p := start(t, home)
	p.click("connections.new")
	p.fill("form.name", "Vaulted")
	p.fill("form.host", server.Host)
	p.fill("form.port", strconv.Itoa(server.Port))
	p.fill("form.user", "ana")
	p.fill("form.password", h["password"])
	p.click("form.connect")
	p.wait("a connection", connected("Vaulted"))
	p.insist("the vault", func() {
		p.fill("passphrase.entry", h["passphrase"])
		p.fill("passphrase.again", h["passphrase"])
		p.shot("secrets-create")
		p.key("Return")
	}, vaultOf(home))
	h.nowhere(p, root)
	p.end()

	p = start(t, home)
	p.connect("Vaulted")
	p.fill("passphrase.entry", h["passphrase"]+"x")
	p.key("Return")
	p.place("passphrase.error") // until it has been tried, nothing can be typed
	p.shot("secrets-wrong")
	p.fill("passphrase.entry", h["passphrase"])
	p.key("Return")
	p.wait("a connection", connected("Vaulted"))
	h.nowhere(p, root)
	p.end()
	h.inFiles(t, root)
	h.inText(t, "the program's output", p.output.Bytes())
}

func connected(name string) func(State) bool {
	return func(s State) bool {
		c := s.Connection(name)
		return c != nil && c.Status == "connected"
	}
}

// vaultOf reports whether a home has a vault.
func vaultOf(home string) func() bool {
	return func() bool { _, err := os.Stat(filepath.Join(home, "vault.toml")); return err == nil }
}

// shows reports whether a control is in sight.
func (s State) shows(control string) bool { return s.Controls[control].W > 0 }

// connect connects the saved connection, unless that happens by itself.
func (p *program) connect(name string) {
	p.t.Helper()
	p.wait("the saved profile", func(s State) bool { return slices.Contains(s.Profiles, name) })
	p.key("ctrl+Return")
	if s := p.wait("a way to connect", func(s State) bool {
		return s.shows("page.connect") || s.shows("passphrase.entry") || s.Question != ""
	}); s.shows("page.connect") {
		p.click("page.connect")
	}
}

// The search itself finds each form.
func TestTheSearchFindsEveryForm(t *testing.T) {
	const secret = "lemon&pie/4711+x"
	for form, text := range map[string]string{
		"as it is": "x" + secret + "x", "query": "?p=" + url.QueryEscape(secret), "hex": hex.EncodeToString([]byte("ab" + secret)),
		"Base64 0": base64.StdEncoding.EncodeToString([]byte("ana" + secret + "x")), "Base64 1": base64.StdEncoding.EncodeToString([]byte("a" + secret + "xy")),
		"Base64 2": base64.RawURLEncoding.EncodeToString([]byte("ab" + secret)),
	} {
		found := false
		for _, needle := range forms(secret) {
			found = found || bytes.Contains([]byte(text), needle)
		}
		if !found {
			t.Errorf("%s is not found", form)
		}
	}
}
