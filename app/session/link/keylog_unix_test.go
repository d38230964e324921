//go:build unix

package link

import (
	"path/filepath"
	"syscall"
	"testing"
)

func TestAKeyLogThatIsAPipeWithoutReaderIsNoWait(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("SSLKEYLOGFILE", path)
	if named, err := KeyLog(); named != path || err == nil {
		t.Errorf("%q, %v", named, err)
	}
}
