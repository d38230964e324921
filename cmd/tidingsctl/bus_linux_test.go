package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Where no session bus runs, a keyring that is asked starts none: it would
// outlive the program.
func TestNoBusIsStarted(t *testing.T) {
	dir, _ := window(t, "127.0.0.1", 1)
	tools := t.TempDir()
	called := filepath.Join(tools, "called")
	script := "#!/bin/sh\necho \"$@\" >>'" + called + "'\nexit 1\n"
	for _, name := range []string{"dbus-launch", "dbus-daemon"} {
		if err := os.WriteFile(filepath.Join(tools, name), []byte(script), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	env := []string{"PATH=" + tools + ":" + os.Getenv("PATH"), "DBUS_SESSION_BUS_ADDRESS=", "XDG_RUNTIME_DIR="}
	if _, _, errs := start(t, "", env, program, "pub", "--home", dir, "--profile", "lab1", "-t", "x", "-m", "x").end(); !strings.Contains(errs, "saved password is not used") {
		t.Errorf("the keyring was not asked: %s", errs)
	}
	if with, err := os.ReadFile(called); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a bus was started with %q (%v)", with, err)
	}
}
