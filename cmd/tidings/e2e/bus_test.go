//go:build e2e && linux

package e2e

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// Where no session bus runs, none is started: it would outlive the program.
func TestNoBusIsStarted(t *testing.T) {
	tools := t.TempDir()
	called := filepath.Join(tools, "called")
	script := "#!/bin/sh\necho \"$@\" >>'" + called + "'\nexit 1\n"
	for _, name := range []string{"dbus-launch", "dbus-daemon"} {
		if err := os.WriteFile(filepath.Join(tools, name), []byte(script), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	p := start(t, t.TempDir(), "DBUS_SESSION_BUS_ADDRESS=", "XDG_RUNTIME_DIR=", "PATH="+tools+":"+os.Getenv("PATH"))
	p.end()
	if with, err := os.ReadFile(called); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a bus was started with %q (%v)", with, err)
	}
}
