//go:build unix

package secrets

import (
	"net"
	"os"
	"path/filepath"
	"testing"
)

// The bus that there is is used; none is started where there is none.
func TestBusIsTheOneThatRuns(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "a b")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("unix", filepath.Join(folder, "bus"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	notOne := t.TempDir()
	if err := os.WriteFile(filepath.Join(notOne, "bus"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	running := "unix:path=" + filepath.Dir(folder) + "/a%20b/bus"
	for _, c := range []struct {
		name, given string
		folders     []string
		want        string
	}{
		{"given", "unix:path=/tmp/x", []string{folder}, "unix:path=/tmp/x"},
		{"told that there is none", "disabled:", []string{folder}, "disabled:"},
		{"running", "", []string{"", notOne, folder}, running},
		{"to be started, but running", "autolaunch:", []string{folder}, running},
		{"none", "", []string{notOne, filepath.Join(notOne, "missing"), ""}, noBus},
		{"to be started", "autolaunch:", nil, noBus},
	} {
		if got := busAddress(c.given, c.folders...); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
