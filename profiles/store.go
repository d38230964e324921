package profiles

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"tidings/app"
	"tidings/profiles/internal/keep"
)

// ErrNotFound says that no profile has the given ID.
var ErrNotFound = errors.New("no such profile")

const ext = ".toml"

// Store reads and writes the profiles of one folder. It keeps no copy in
// memory: every call works on the files. All methods block on the disk and
// are safe for concurrent use; that one program at a time uses the folder is
// the business of package home.
type Store struct {
	dir string
	log *slog.Logger
	mu  sync.Mutex
}

// Open returns the store over dir, which it makes (0700) when there is none.
// The error is an *app.Error.
func Open(dir string, log *slog.Logger) (*Store, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, &app.Error{What: app.Say("profile.folder", "Folder", dir), Do: app.Say("profile.folder.do"), Cause: err}
	}
	if err := keep.Sweep(dir); err != nil {
		log.Warn("could not remove unfinished files", "folder", dir, "err", err)
	}
	return &Store{dir: dir, log: log}, nil
}

// List returns all profiles, sorted by name and then by ID, and one error for
// each file that could not be used. A file that cannot be understood has been
// renamed to "<id>.toml.broken-<n>" by then: it costs nothing else, and the
// next List does not tell of it again.
func (s *Store) List() ([]app.Profile, []*app.Error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	entries, err := os.ReadDir(s.dir)
	if err != nil {
		return nil, []*app.Error{{What: app.Say("profile.folder", "Folder", s.dir), Do: app.Say("profile.folder.do"), Cause: err}}
	}
	var list []app.Profile
	var failed []*app.Error
	for _, e := range entries {
		id, isToml := strings.CutSuffix(e.Name(), ext)
		if !isToml || e.IsDir() {
			continue
		}
		p, err := s.load(id)
		if err != nil {
			s.log.Warn("profile left out", "file", e.Name(), "err", err)
			failed = append(failed, err)
			continue
		}
		list = append(list, p)
	}
	sortByName(list)
	return list, failed
}

// Read returns the profiles of the folder dir, sorted by name and then by ID,
// and changes nothing in it, so that another program may have it open. A file
// that is no profile is left out and left alone; a folder that is not there
// holds none. The error is the system's. Safe for concurrent use.
func Read(dir string) ([]app.Profile, error) {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var list []app.Profile
	for _, e := range entries {
		id, isToml := strings.CutSuffix(e.Name(), ext)
		if !isToml || e.IsDir() || !ValidID(id) {
			continue
		}
		data, err := keep.Read(filepath.Join(dir, e.Name()))
		if err != nil {
			continue
		}
		if p, _, err := decode(id, data); err == nil {
			list = append(list, p)
		}
	}
	sortByName(list)
	return list, nil
}

func sortByName(list []app.Profile) {
	slices.SortFunc(list, func(a, b app.Profile) int {
		return cmp.Or(
			strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)),
			strings.Compare(a.Name, b.Name),
			strings.Compare(a.ID, b.ID))
	})
}

// Get returns the profile with the given ID. The error is an *app.Error; it
// wraps ErrNotFound when there is no such file.
func (s *Store) Get(id string) (app.Profile, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, err := s.load(id)
	if err != nil {
		return app.Profile{}, err // not err itself: a nil *app.Error is no nil error
	}
	return p, nil
}

// Save writes p under p.ID, replacing what was there; keys of a newer
// version in the old file are kept. A profile with questionable values
// (see app/profilecheck) is saved all the same: only what the file cannot
// hold is refused. The error is an *app.Error.
func (s *Store) Save(p app.Profile) error {
	return s.save(p, func(old map[string]any) map[string]any { return old })
}

// save writes p. keys makes what encode starts from out of the old file.
func (s *Store) save(p app.Profile, keys func(old map[string]any) map[string]any) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := storable(p); err != nil {
		return notSaved(p, err)
	}
	old, err := s.previous(p.ID)
	if err != nil {
		return notSaved(p, err)
	}
	data, err := encode(p, keys(old))
	if err != nil {
		return notSaved(p, err)
	}
	if err := keep.Write(s.path(p.ID), data); err != nil {
		return notSaved(p, err)
	}
	return nil
}

// Delete removes the profile with the given ID. undo puts the very same file
// back, and fails when the ID is in use again by then. The error of both is
// an *app.Error.
func (s *Store) Delete(id string) (undo func() error, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !ValidID(id) {
		return nil, notFound(id, ErrNotFound)
	}
	data, err := keep.Read(s.path(id))
	if err == nil {
		err = keep.Remove(s.path(id))
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil, notFound(id, ErrNotFound)
	}
	if err != nil {
		return nil, &app.Error{What: app.Say("profile.not_deleted", "File", s.path(id)), Do: app.Say("profile.folder.do"), Cause: err}
	}
	return func() error { return s.restore(id, data) }, nil
}

func (s *Store) restore(id string, data []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, err := os.Lstat(s.path(id))
	if err == nil {
		err = fs.ErrExist
	}
	if errors.Is(err, fs.ErrNotExist) {
		err = keep.Write(s.path(id), data)
	}
	if err != nil {
		return &app.Error{What: app.Say("profile.not_restored", "File", s.path(id)), Do: app.Say("profile.folder.do"), Cause: err}
	}
	return nil
}

// load reads one file and sets it aside when its content is not a profile.
// What the system refuses to read (permissions, a failing disk) stays where
// it is: moving it would not help, and it may be readable again tomorrow.
func (s *Store) load(id string) (app.Profile, *app.Error) {
	if !ValidID(id) {
		return app.Profile{}, &app.Error{
			What: app.Say("profile.file_name", "File", filepath.Join(s.dir, id+ext)),
			Do:   app.Say("profile.file_name.do"), Cause: fmt.Errorf("%w: invalid id %q", ErrNotFound, id),
		}
	}
	data, err := keep.Read(s.path(id))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return app.Profile{}, notFound(id, ErrNotFound)
	case err != nil && !errors.Is(err, keep.ErrTooLarge):
		return app.Profile{}, &app.Error{
			What: app.Say("profile.unreadable", "File", s.path(id)),
			Do:   app.Say("profile.folder.do"), Cause: err,
		}
	case err == nil:
		var p app.Profile
		if p, _, err = decode(id, data); err == nil {
			return p, nil
		}
	}
	return app.Profile{}, s.setAside(id, err)
}

// setAside moves a file that is no profile out of the way. A file of a newer
// version is left alone: the newer Tidings can read it.
func (s *Store) setAside(id string, cause error) *app.Error {
	if errors.Is(cause, errNewer) {
		return &app.Error{What: app.Say("profile.newer", "File", s.path(id)), Do: app.Say("profile.newer.do"), Cause: cause}
	}
	aside, err := keep.SetAside(s.path(id))
	if err != nil {
		return &app.Error{
			What: app.Say("profile.broken_in_place", "File", s.path(id)),
			Do:   app.Say("profile.broken_in_place.do"), Cause: errors.Join(cause, err),
		}
	}
	s.log.Warn("profile set aside", "file", s.path(id), "as", aside, "err", cause)
	return &app.Error{
		What: app.Say("profile.broken", "File", s.path(id), "Aside", filepath.Base(aside)),
		Do:   app.Say("profile.broken.do"), Cause: cause,
	}
}

// previous returns the keys of the file that a save is about to replace. A
// file that cannot be understood is set aside first, so that no save destroys
// it.
func (s *Store) previous(id string) (map[string]any, error) {
	data, err := keep.Read(s.path(id))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err == nil {
		_, all, decodeErr := decode(id, data)
		if decodeErr == nil {
			return all, nil
		}
		err = decodeErr
	}
	aside, asideErr := keep.SetAside(s.path(id))
	if asideErr != nil {
		return nil, errors.Join(err, asideErr)
	}
	s.log.Warn("profile set aside before a save", "file", s.path(id), "as", aside, "err", err)
	return nil, nil
}

func (s *Store) path(id string) string { return filepath.Join(s.dir, id+ext) }

func notFound(id string, cause error) *app.Error {
	return &app.Error{What: app.Say("profile.not_found", "ID", id), Cause: cause}
}

func notSaved(p app.Profile, cause error) *app.Error {
	return &app.Error{
		What: app.Say("profile.not_saved", "Name", strings.ToValidUTF8(p.Name, "�")),
		Do:   app.Say("profile.folder.do"), Cause: cause,
	}
}
