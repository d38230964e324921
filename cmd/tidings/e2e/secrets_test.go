//go:build e2e && linux

package e2e

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"tidings/brokerlocal/brokertest"
)

// What a person types here must stand in no file. Both have characters that
// escapes change.
const (
	typedPassword   = "lemon&pie/4711+x"
	typedPassphrase = "harbour%fog=9 kettle"
)

// A person saves a password where there is no keyring: it goes into a vault
// that is made on the way, opens it again after the next start, and mistypes
// its passphrase once. After that no file that was written, no argument or
// variable of the process, no title and no output holds what was typed.
func TestSecretsLeaveNoTrace(t *testing.T) {
	server := brokertest.Run(t, brokertest.WithUser("ana", typedPassword))
	home := t.TempDir()
	p := start(t, home)
	p.click("connections.new")
	p.fill("form.name", "Vaulted")
	p.fill("form.host", server.Host)
	p.fill("form.port", strconv.Itoa(server.Port))
	p.fill("form.user", "ana")
	p.fill("form.password", typedPassword)
	p.click("form.connect")
	p.wait("a connection", connected)
	p.insist("the vault", func() {
		p.fill("passphrase.entry", typedPassphrase)
		p.fill("passphrase.again", typedPassphrase)
		p.shot("secrets-create")
		p.key("Return")
	}, func() bool { _, err := os.Stat(filepath.Join(home, "vault.toml")); return err == nil })
	traces(t, p, home)
	p.end()

	p = start(t, home)
	p.wait("the saved profile", func(s State) bool { return slices.Contains(s.Profiles, "Vaulted") })
	p.key("ctrl+Return")
	if _, there := p.wait("a way to connect", func(s State) bool {
		_, page := s.Controls["page.connect"]
		_, prompt := s.Controls["passphrase.entry"]
		return page || prompt
	}).Controls["passphrase.entry"]; !there {
		p.click("page.connect")
	}
	p.fill("passphrase.entry", typedPassphrase+"x")
	p.key("Return")
	p.shot("secrets-wrong")
	p.insist("a connection", func() {
		p.fill("passphrase.entry", typedPassphrase)
		p.key("Return")
	}, func() bool { s, err := p.now(); return err == nil && connected(s) })
	traces(t, p, home)
	p.end()
	inFiles(t, filepath.Dir(home))
	inText(t, "the program's output", p.output.Bytes())
}

func connected(s State) bool {
	c := s.Connection("Vaulted")
	return c != nil && c.Status == "connected"
}

// traces looks at what the running program shows to others.
func traces(t *testing.T, p *program, home string) {
	t.Helper()
	for _, name := range []string{"cmdline", "environ"} {
		data, err := os.ReadFile(fmt.Sprintf("/proc/%d/%s", p.cmd.Process.Pid, name))
		if err != nil {
			t.Error(err)
		}
		inText(t, name+" of the process", data)
	}
	title, err := p.tool("xdotool", "getwindowname", p.window)
	if err != nil {
		t.Error(err)
	}
	inText(t, "the title of the window", []byte(title))
	inFiles(t, filepath.Dir(home))
}

// inFiles reads every file below root: homes, logs, state, caches.
func inFiles(t *testing.T, root string) {
	t.Helper()
	read := 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return nil // a file that was renamed meanwhile, or no file
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return nil
		}
		read++
		inText(t, strings.TrimPrefix(path, root), data)
		inText(t, "the name of a file", []byte(path))
		return nil
	})
	if err != nil || read < 5 {
		t.Errorf("%d files read, %v", read, err)
	}
	t.Logf("%d files looked through", read)
}

func inText(t *testing.T, where string, data []byte) {
	t.Helper()
	for _, secret := range []string{typedPassword, typedPassphrase} {
		for form, needle := range forms(secret) {
			if bytes.Contains(data, needle) {
				t.Errorf("%s holds a secret in the form %s", where, form)
			}
		}
	}
}

// forms returns what a secret looks like when it is written in the usual ways.
func forms(secret string) map[string][]byte {
	raw := []byte(secret)
	quoted, _ := json.Marshal(secret)
	wide := utf16.Encode([]rune(secret))
	var utf16le []byte
	for _, u := range wide {
		utf16le = append(utf16le, byte(u), byte(u>>8))
	}
	all := map[string][]byte{
		"as it is": raw, "JSON": bytes.Trim(quoted, `"`), "URL query": []byte(url.QueryEscape(secret)), "URL path": []byte(url.PathEscape(secret)),
		"hex": []byte(hex.EncodeToString(raw)), "HEX": []byte(strings.ToUpper(hex.EncodeToString(raw))), "UTF-16": utf16le,
	}
	for shift := range 3 { // Base64 of a text that has the secret in its middle
		padded := append(make([]byte, shift), raw...)
		padded = padded[:len(padded)/3*3]
		cut := (shift*4 + 2) / 3
		for name, e := range map[string]*base64.Encoding{"Base64": base64.StdEncoding, "Base64 for URLs": base64.URLEncoding} {
			all[name+strconv.Itoa(shift)] = []byte(e.EncodeToString(padded)[cut:])
		}
	}
	return all
}

// The search itself finds each form.
func TestTheSearchFindsEveryForm(t *testing.T) {
	for form, text := range map[string]string{
		"as it is": "x" + typedPassword + "x", "query": "?p=" + url.QueryEscape(typedPassword), "hex": hex.EncodeToString([]byte("ab" + typedPassword)),
		"Base64 0": base64.StdEncoding.EncodeToString([]byte("ana" + typedPassword + "x")), "Base64 1": base64.StdEncoding.EncodeToString([]byte("a" + typedPassword + "xy")),
		"Base64 2": base64.RawURLEncoding.EncodeToString([]byte("ab" + typedPassword)),
	} {
		found := false
		for _, needle := range forms(typedPassword) {
			found = found || bytes.Contains([]byte(text), needle)
		}
		if !found {
			t.Errorf("%s is not found", form)
		}
	}
}
