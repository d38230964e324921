package bolt

import (
	"errors"
	"fmt"
	"os"

	"tidings/brokerlocal/engine/store"
	"tidings/brokerlocal/engine/store/wal"
)

// OpenOrSetAside opens the store in the file at path as Open does. When it is
// damaged, file and log are renamed to <name>.damaged-<n>, with the first n that
// is free, and an empty store is opened in their place. When it is the log
// alone, only that is renamed, and the store that is opened has all from before
// the damage. aside is the new name of what is damaged and damage what was
// found, both to be reported.
func OpenOrSetAside(path string) (s store.Store, aside string, damage, err error) {
	s, err = Open(path)
	if !errors.Is(err, store.ErrDamaged) {
		return s, "", nil, err
	}
	damage = err
	suffix, err := free(path)
	if err == nil {
		aside, err = setAside(path, suffix, damage)
	}
	if err != nil {
		return nil, "", damage, errors.Join(fmt.Errorf("keeping the damaged file aside: %w", err), damage)
	}
	s, err = Open(path)
	return s, aside, damage, err
}

// setAside renames what is damaged.
func setAside(path, suffix string, damage error) (aside string, err error) {
	if errors.Is(damage, wal.ErrDamaged) {
		f, err := openFile(path)
		if err != nil {
			return "", err
		}
		if _, err = wal.Salvage(f, path, suffix, Options{}); err == nil || !errors.Is(err, store.ErrDamaged) {
			return wal.Names(path)[0] + suffix, err
		}
	}
	for _, name := range append(wal.Names(path), path) { // so that no log is ever without its file
		if err := os.Rename(name, name+suffix); err != nil && !errors.Is(err, os.ErrNotExist) {
			return "", err
		}
	}
	return path + suffix, nil
}

// free returns a suffix with which nothing is overwritten.
func free(path string) (suffix string, err error) {
	for n := 1; ; n++ {
		suffix = fmt.Sprintf(".damaged-%d", n)
		taken := false
		for _, name := range append(wal.Names(path), path) {
			if _, err := os.Lstat(name + suffix); err == nil {
				taken = true
			} else if !errors.Is(err, os.ErrNotExist) {
				return "", err
			}
		}
		if !taken {
			return suffix, nil
		}
	}
}
