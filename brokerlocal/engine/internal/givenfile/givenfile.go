// Package givenfile reads the files that a broker is given by name: users,
// rules, certificates. They are read again while it runs, so that a name that
// never ends, or never begins, must not be waited for.
package givenfile

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"strings"
)

var (
	// ErrTooLarge says that a file has more than what was asked for.
	ErrTooLarge   = errors.New("the file is too large")
	errNotRegular = errors.New("not a regular file")
)

// Read returns the content of the file at path, at most limit bytes of it:
// more is ErrTooLarge. Errors are *fs.PathError. A pipe or a device is refused
// before it is opened, because opening a named pipe waits for its other end,
// perhaps for ever; what a shell hands over as a file (/dev/fd/63) has its
// other end. Safe for concurrent use.
func Read(path string, limit int64) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() && !info.IsDir() && !handedOver(path) {
		return nil, &fs.PathError{Op: "read", Path: path, Err: errNotRegular}
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // nothing was written
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err == nil && int64(len(data)) > limit {
		err = &fs.PathError{Op: "read", Path: path, Err: ErrTooLarge}
	}
	if err != nil {
		return nil, err
	}
	return data, nil
}

func handedOver(path string) bool {
	return strings.HasPrefix(path, "/dev/fd/") || strings.HasPrefix(path, "/proc/self/fd/")
}
