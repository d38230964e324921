package bolt

import (
	"errors"
	"fmt"
	"os"

	"tidings/brokerlocal/engine/store"
)

// OpenOrSetAside opens the store in the file at path as Open does. A damaged
// file is renamed to <path>.damaged-<n>, with the first n that is free, and an
// empty store is opened in its place; aside is then the new name of the
// damaged one and damage what was found, both to be reported.
func OpenOrSetAside(path string) (s store.Store, aside string, damage, err error) {
	s, err = Open(path)
	if !errors.Is(err, store.ErrDamaged) {
		return s, "", nil, err
	}
	damage = err
	if aside, err = setAside(path); err != nil {
		return nil, "", damage, errors.Join(fmt.Errorf("keeping the damaged file aside: %w", err), damage)
	}
	s, err = Open(path)
	return s, aside, damage, err
}

// setAside renames the file at path so that nothing is overwritten.
func setAside(path string) (aside string, err error) {
	for n := 1; ; n++ {
		aside = fmt.Sprintf("%s.damaged-%d", path, n)
		if _, err := os.Lstat(aside); errors.Is(err, os.ErrNotExist) {
			return aside, os.Rename(path, aside)
		} else if err != nil {
			return "", err
		}
	}
}
