package settings

import (
	"errors"
	"io/fs"
	"path/filepath"
	"strings"
	"sync"

	"tidings/app"
	"tidings/profiles/internal/keep"
)

const formatVersion = 1

const about = `The settings of Tidings. Edit them while Tidings is closed; keys that
Tidings does not know are kept, comments are not.`

// Store keeps the settings in memory and in one file. All methods are safe
// for concurrent use; Update blocks on the disk, Get does not.
type Store struct {
	path string
	mu   sync.Mutex
	now  Settings
	all  map[string]any // the file's keys, known or not
	lock error          // why Update must not replace the file
}

// fileSettings is the file, version 1. Pointers tell a missing key, which
// takes its default, from a zero.
type fileSettings struct {
	Language       string   `toml:"language"`
	Theme          string   `toml:"theme"`
	MemoryBudgetMB int      `toml:"memory_budget_mb"`
	Zoom           *float64 `toml:"zoom"`
	Folded         []string `toml:"folded_folders"`
	Restore        bool     `toml:"restore_workspaces"`
	Window         struct {
		Width  int `toml:"width"`
		Height int `toml:"height"`
	} `toml:"window"`
}

// Open reads the settings at path. The store is always usable: without a
// file it holds the defaults, and so it does when the file cannot be
// understood; that file is then set aside, and the error says so.
func Open(path string) (*Store, *app.Error) {
	s := &Store{path: path, now: Default()}
	data, err := keep.Read(path)
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err != nil && !errors.Is(err, keep.ErrTooLarge) {
		s.lock = err // the file may be good: never replace what could not be read
		return s, &app.Error{What: app.Say("settings.unreadable", "File", path), Do: app.Say("settings.unreadable.do"), Cause: err}
	}
	if err == nil {
		f := fileSettings{}
		if s.all, err = keep.Decode(data, &f); err == nil {
			s.now = f.settings()
			return s, nil
		}
	}
	s.all = nil
	aside, asideErr := keep.SetAside(path)
	if asideErr != nil {
		s.lock = errors.Join(err, asideErr)
		return s, &app.Error{What: app.Say("settings.unreadable", "File", path), Do: app.Say("settings.unreadable.do"), Cause: s.lock}
	}
	return s, &app.Error{
		What: app.Say("settings.broken", "File", path, "Aside", filepath.Base(aside)),
		Do:   app.Say("settings.broken.do"), Cause: err,
	}
}

// Get returns the settings as they are now.
func (s *Store) Get() Settings {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

// Update changes the settings and writes the file when anything changed.
// Values out of range are brought into it. change runs under the store's
// lock: it must not call the store. When the file cannot be written the
// error is an *app.Error, and the change holds until the program ends.
func (s *Store) Update(change func(*Settings)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	next := s.now
	change(&next)
	next = next.normal()
	if next == s.now {
		return nil
	}
	s.now = next
	err := s.lock
	var data []byte
	if err == nil {
		data, err = encode(next, s.all)
	}
	if err == nil {
		err = keep.Write(s.path, data)
	}
	if err != nil {
		return &app.Error{What: app.Say("settings.not_saved", "File", s.path), Do: app.Say("settings.unreadable.do"), Cause: err}
	}
	return nil
}

func (f fileSettings) settings() Settings {
	s := Default()
	s.Language, s.Theme, s.MemoryBudgetMB = f.Language, f.Theme, f.MemoryBudgetMB
	if f.Zoom != nil {
		s.Zoom = *f.Zoom
	}
	s.WindowWidth, s.WindowHeight, s.Restore = f.Window.Width, f.Window.Height, f.Restore
	s.Folded = strings.Join(f.Folded, "\n")
	return s.normal()
}

func encode(s Settings, old map[string]any) ([]byte, error) {
	version := int64(formatVersion)
	if v, ok := old["version"].(int64); ok && v > version {
		version = v
	}
	window, _ := old["window"].(map[string]any)
	folded := []string{} // an empty list, so that the file shows the key
	if s.Folded != "" {
		folded = strings.Split(s.Folded, "\n")
	}
	d := keep.Document{About: about, Keys: []keep.Key{
		{Name: "version", Value: version},
		{Name: "language", Value: s.Language},
		{Name: "theme", Value: s.Theme},
		{Name: "memory_budget_mb", Value: s.MemoryBudgetMB},
		{Name: "zoom", Value: s.Zoom},
		{Name: "folded_folders", Value: folded},
		{Name: "restore_workspaces", Value: s.Restore},
		{Name: "window", Value: keep.Merge(map[string]any{"width": s.WindowWidth, "height": s.WindowHeight}, window)},
	}}
	return d.Encode(old)
}
