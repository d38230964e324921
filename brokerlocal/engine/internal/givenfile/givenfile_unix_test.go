//go:build linux || darwin

package givenfile

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
)

// A broker that waits at a pipe can neither be told to read another file nor
// be ended.
func TestReadWaitsForNobody(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{pipe, "/dev/zero"} {
		if _, err := Read(path, 5); !errors.Is(err, errNotRegular) {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// broker --users <(make-users)
func TestReadTakesWhatAShellHandsOver(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	if _, err := w.WriteString("ana"); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if data, err := Read("/dev/fd/"+strconv.Itoa(int(r.Fd())), 5); err != nil || string(data) != "ana" {
		t.Errorf("%q, %v", data, err)
	}
}
