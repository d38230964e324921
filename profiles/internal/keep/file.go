package keep

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
)

// MaxSize is the largest file that Read takes, in bytes. What a person types
// into a profile stays far below it.
const MaxSize = 4 << 20

// ErrTooLarge says that a file is larger than MaxSize.
var ErrTooLarge = errors.New("file is larger than 4 MiB")

// errNotRegular says that the name belongs to a folder, a pipe or a device.
var errNotRegular = errors.New("not a regular file")

// Read returns the content of the regular file at path. It fails with
// fs.ErrNotExist, ErrTooLarge or the system's error, and never blocks on a
// pipe or a device.
func Read(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, &fs.PathError{Op: "read", Path: path, Err: errNotRegular}
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // nothing was written
	data, err := io.ReadAll(io.LimitReader(f, MaxSize+1))
	if err != nil {
		return nil, err
	}
	if len(data) > MaxSize {
		return nil, &fs.PathError{Op: "read", Path: path, Err: ErrTooLarge}
	}
	return data, nil
}

// Write replaces the file at path by data in one step: a reader, or the next
// start after a power cut, sees the old content or the new, never a part. The
// file is readable and writable by its owner only (0600).
func Write(path string, data []byte) (err error) {
	if len(data) > MaxSize {
		return &fs.PathError{Op: "write", Path: path, Err: ErrTooLarge}
	}
	dir := filepath.Dir(path)
	f, err := os.CreateTemp(dir, tempPattern) // 0600 by itself
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	if _, err = f.Write(data); err == nil {
		err = f.Sync()
	}
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return err
	}
	if err = os.Rename(f.Name(), path); err != nil {
		return err
	}
	syncDir(dir)
	return nil
}

// tempPattern names the files that Write fills before the rename. Sweep must
// not take anything else for one of them.
const tempPattern = ".tidings-*.tmp"

// Sweep removes what an interrupted Write left in dir.
func Sweep(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if ok, _ := filepath.Match(tempPattern, e.Name()); ok {
			err = errors.Join(err, os.Remove(filepath.Join(dir, e.Name())))
		}
	}
	return err
}

// Remove deletes the file at path and makes the deletion last.
func Remove(path string) error {
	if err := os.Remove(path); err != nil {
		return err
	}
	syncDir(filepath.Dir(path))
	return nil
}

// SetAside renames the file at path to the first free "<path>.broken-<n>" and
// returns the new path, so that its content can be looked at and its name is
// free again.
func SetAside(path string) (string, error) { return freely(path, ".broken-", os.Rename) }

// Replace is Write, and what stood at path stays as the first free
// "<path>.old-<n>", which it returns; "" when nothing stood there. With an
// error all is as it was.
func Replace(path string, data []byte) (aside string, err error) {
	if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
		return "", Write(path, data)
	}
	// By a second name first, so that a kill at any moment leaves a file at
	// path. A folder takes none, nor do some file systems.
	aside, err = freely(path, oldInfix, os.Link)
	back := func() error { return os.Remove(aside) }
	if err != nil {
		aside, err = freely(path, oldInfix, os.Rename)
		back = func() error { return os.Rename(aside, path) }
	}
	if err != nil {
		return "", err
	}
	if err = Write(path, data); err != nil {
		return "", errors.Join(err, back())
	}
	return aside, nil
}

const oldInfix = ".old-"

// freely gives the file at path, by os.Rename or os.Link, the first free name
// of path, infix and a number.
func freely(path, infix string, by func(from, to string) error) (string, error) {
	const most = 10_000
	for n := 1; n <= most; n++ {
		aside := path + infix + strconv.Itoa(n)
		if _, err := os.Lstat(aside); err == nil {
			continue
		} else if !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
		if err := by(path, aside); err != nil {
			return "", err
		}
		syncDir(filepath.Dir(path))
		return aside, nil
	}
	return "", fmt.Errorf("more than %d files beside %s", most, path+infix)
}

// syncDir makes a rename or removal in dir last. Windows cannot sync a
// folder, and some file systems refuse: the file itself is safe by then, so a
// failure here is no failure of the write.
func syncDir(dir string) {
	if runtime.GOOS == "windows" {
		return
	}
	d, err := os.Open(dir)
	if err != nil {
		return
	}
	_ = d.Sync()
	_ = d.Close()
}
