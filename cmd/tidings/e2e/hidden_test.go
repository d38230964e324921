//go:build e2e && linux

package e2e

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"
)

// hidden are the secrets of a test by their names. They must stand nowhere.
type hidden map[string]string

// hide makes secrets out of beginnings with characters that escapes change.
// They are others in every run: the search looks at all processes of the
// machine.
func hide(beginnings map[string]string) hidden {
	h := hidden{}
	for name, text := range beginnings {
		h[name] = text + rand.Text()[:8]
	}
	return h
}

// nowhere looks at what the running program shows to others, and at every
// file below root.
func (h hidden) nowhere(p *program, root string) {
	p.t.Helper()
	environ, err := os.ReadFile(fmt.Sprintf("/proc/%d/environ", p.cmd.Process.Pid))
	if err != nil {
		p.t.Error(err)
	}
	h.inText(p.t, "the environment of the process", environ)
	lists, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	for _, path := range lists {
		if line, err := os.ReadFile(path); err == nil { // or it has ended
			h.inText(p.t, "the process list", line)
		}
	}
	if len(lists) < 3 { // the program, its display and this test
		p.t.Errorf("%d processes looked at", len(lists))
	}
	title, err := p.tool("xdotool", "getwindowname", p.window)
	if err != nil || title == "" {
		p.t.Errorf("the title of the window is %q: %v", title, err)
	}
	h.inText(p.t, "the title of the window", []byte(title))
	h.inFiles(p.t, root)
}

// inFiles reads every file below root: homes, logs, state, exports, caches.
func (h hidden) inFiles(t *testing.T, root string) {
	t.Helper()
	read, logs := 0, 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return nil // a file that was renamed meanwhile, or no file
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return nil
		}
		if read++; strings.HasSuffix(path, ".log") && len(data) > 0 {
			logs++
		}
		h.inText(t, strings.TrimPrefix(path, root), data)
		h.inText(t, "the name of a file", []byte(path))
		return nil
	})
	if err != nil || read < 5 || logs == 0 {
		t.Errorf("%d files read, %d of them logs: %v", read, logs, err)
	}
	t.Logf("%d files looked through", read)
}

func (h hidden) inText(t *testing.T, where string, data []byte) {
	t.Helper()
	for name, secret := range h {
		for form, needle := range forms(secret) {
			if bytes.Contains(data, needle) {
				t.Errorf("%s holds the %s in the form %s", where, name, form)
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
