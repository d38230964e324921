package auth

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// replaceFile writes a file as a whole or not at all; a link stays one. The
// file is for its owner alone, or has the permissions and the owner of was: a
// broker that runs as somebody else than who sets passwords must go on to read
// it.
func replaceFile(path string, data []byte, was fs.FileInfo) error {
	if behind, err := filepath.EvalSymlinks(path); err == nil {
		path = behind
	}
	err := writeAndRename(path, data, was)
	var at *fs.PathError // which names the temporary file
	if errors.As(err, &at) {
		return fmt.Errorf("write %s: %w", path, at.Err)
	}
	return err
}

func writeAndRename(path string, data []byte, was fs.FileInfo) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*") // 0600
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = f.Close()
			_ = os.Remove(f.Name())
		}
	}()
	if was != nil {
		if err = errors.Join(keepOwner(f, was), f.Chmod(was.Mode().Perm())); err != nil {
			return err
		}
	}
	if _, err = f.Write(data); err != nil {
		return err
	}
	if err = f.Sync(); err != nil {
		return err
	}
	if err = f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
