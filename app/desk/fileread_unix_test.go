//go:build unix

package desk

import (
	"bytes"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

func TestFilesAreReadWhole(t *testing.T) {
	dir := t.TempDir()
	at := func(name string, size int) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, bytes.Repeat([]byte{'x'}, size), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	pipe := filepath.Join(dir, "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, path string
		size       int
		want       string // key of the error
	}{
		{"empty", at("a", 0), 0, ""},
		{"as large as may be", at("b", 100), 100, ""},
		{"a byte more", at("c", 101), 0, "file.too_large"},
		{"folder", dir, 0, "file.not_regular"},
		{"pipe that nobody writes", pipe, 0, "file.not_regular"},
		{"device without end", "/dev/zero", 0, "file.not_regular"},
		{"nothing there", filepath.Join(dir, "none"), 0, "file.missing"},
		{"part of a file's path", filepath.Join(dir, "a", "b"), 0, "file.unreadable"},
	} {
		t.Run(c.name, func(t *testing.T) {
			data, err := readFile(c.path, 100)
			key := ""
			if err != nil {
				key = err.What.Key
			}
			if len(data) != c.size || key != c.want {
				t.Errorf("%d bytes, %q; want %d, %q", len(data), key, c.size, c.want)
			}
		})
	}
}
