package givenfile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestReadIsBounded(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte("12345"), 0o600); err != nil {
		t.Fatal(err)
	}
	if data, err := Read(path, 5); err != nil || string(data) != "12345" {
		t.Errorf("all of it: %q, %v", data, err)
	}
	if _, err := Read(path, 4); !errors.Is(err, ErrTooLarge) || !strings.Contains(err.Error(), path) {
		t.Errorf("more than asked for: %v", err)
	}
}

func TestReadNamesWhatIsMissing(t *testing.T) {
	for name, path := range map[string]string{"nothing": filepath.Join(t.TempDir(), "none"), "a folder": t.TempDir()} {
		var at *fs.PathError
		if _, err := Read(path, 5); !errors.As(err, &at) || at.Path != path {
			t.Errorf("%s: %v", name, err)
		}
	}
}
