package app_test

import (
	"path/filepath"
	"testing"

	"tidings/app"
)

func TestExpandHome(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("USERPROFILE", home)
	for path, want := range map[string]string{
		"~/certs/ca.pem": filepath.Join(home, "certs", "ca.pem"),
		"~ana/ca.pem":    "~ana/ca.pem",
		"/a/~/ca.pem":    "/a/~/ca.pem",
		"~":              "~",
		"":               "",
	} {
		if got := app.ExpandHome(path); got != want {
			t.Errorf("%q: %q, want %q", path, got, want)
		}
	}
}
