package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tidings/app"
)

// What somebody wrote into the file of a connection by hand, and is secret, is
// in the vault when the program has started, and in no file.
func TestSecretsWrittenByHandLeaveTheFile(t *testing.T) {
	const text = `name = 'By hand'
host = 'h.test'
tls = true
later = 'kept'
[link]
transport = 'ws'
path = '/mqtt?token=geheim-1'
headers = [{name = 'Authorization', value = 'geheim-2', secret = true}]
[security]
key = """-----BEGIN PRIVATE KEY-----
geheim-3
-----END PRIVATE KEY-----
"""
`
	var file string
	h := newHomeDesk(t, func(folder string) {
		file = filepath.Join(folder, "own.toml")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	})
	read := func() string {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	h.until("a file without secrets", func() bool { return !strings.Contains(read(), "geheim") })
	if now := read(); !strings.Contains(now, "later = 'kept'") || !strings.Contains(now, "/mqtt") {
		t.Errorf("more than the secrets has gone:\n%s", now)
	}
	for kind, want := range map[app.SecretKind]string{app.SecretQuery: "token=geheim-1", app.SecretHeaders: "geheim-2", app.SecretKey: "geheim-3"} {
		got, found, err := h.router.Get(t.Context(), app.SecretRef{Profile: "own", Kind: kind})
		if err != nil || !found || !strings.Contains(got.Reveal(), want) {
			t.Errorf("secret %d is lost: %v", kind, err)
		}
	}
	h.nowhere("geheim-1", "geheim-2", "geheim-3")
}
