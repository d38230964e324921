package home

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/gofrs/flock"

	"tidings/app"
	"tidings/profiles/internal/keep"
)

// ErrInUse says that another running Tidings uses the home.
var ErrInUse = errors.New("another Tidings uses this folder")

// Home is the set of folders that belongs to one running Tidings. The path
// methods are safe for concurrent use.
type Home struct {
	folders
	portable bool
	id       string
	lock     *flock.Flock
	close    sync.Once
}

// Open takes the home for this program: the folders of the platform when dir
// is empty, else dir for everything (portable mode). It makes what is missing,
// readable by its owner only, and takes a lock, which ends with Close or with
// the process. The error is an *app.Error; it wraps ErrInUse when another
// program holds the lock.
func Open(dir string) (*Home, error) {
	f, err := choose(dir)
	if err != nil {
		return nil, unusable(dir, err)
	}
	for _, folder := range []string{f.config, f.data, f.logs, f.profiles(), f.broker()} {
		if err = os.MkdirAll(folder, 0o700); err != nil {
			return nil, unusable(folder, err)
		}
	}
	h := &Home{folders: f, portable: dir != "", lock: flock.New(filepath.Join(f.config, "lock"), flock.SetPermissions(0o600))}
	held, err := h.lock.TryLock()
	if err != nil {
		return nil, unusable(f.config, err)
	}
	if !held {
		return nil, &app.Error{What: app.Say("home.in_use", "Folder", f.config), Do: app.Say("home.in_use.do"), Cause: ErrInUse}
	}
	if h.id, err = h.identify(); err != nil {
		return nil, errors.Join(unusable(f.config, err), h.Close())
	}
	return h, nil
}

// Close gives the home back. Calling it again does nothing.
func (h *Home) Close() error {
	var err error
	h.close.Do(func() { err = h.lock.Close() })
	return err
}

// Portable reports whether everything lies in one folder that was named.
func (h *Home) Portable() bool { return h.portable }

// ID tells homes apart where they share something, as they do the keyring:
// "default" for the platform's folders, else a random name that is kept in
// the home and so moves with it.
func (h *Home) ID() string { return h.id }

// Dir returns the folder of the configuration; in portable mode, the home.
func (h *Home) Dir() string { return h.config }

// Profiles returns the folder of the connection profiles.
func (h *Home) Profiles() string { return h.profiles() }

// Settings returns the path of the settings file, which may not exist yet.
func (h *Home) Settings() string { return filepath.Join(h.config, "settings.toml") }

// Logs returns the folder of the log files.
func (h *Home) Logs() string { return h.logs }

// BrokerData returns the folder of the local broker.
func (h *Home) BrokerData() string { return h.broker() }

// Crash returns the path of the file that takes the report of a crash, which
// may not exist yet.
func (h *Home) Crash() string { return filepath.Join(h.logs, "crash.txt") }

// identify reads the home's name, or makes one.
func (h *Home) identify() (string, error) {
	if !h.portable {
		return "default", nil
	}
	path := filepath.Join(h.config, "home-id")
	data, err := keep.Read(path)
	if err == nil {
		if id := strings.TrimSpace(string(data)); validID(id) {
			return id, nil
		}
	} else if !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	id := app.NewID()
	return id, keep.Write(path, []byte(id+"\n"))
}

func validID(id string) bool {
	return id != "" && len(id) <= 64 && strings.Trim(id, "abcdefghijklmnopqrstuvwxyz0123456789") == ""
}

func unusable(folder string, cause error) *app.Error {
	return &app.Error{
		What: app.Say("home.unusable", "Folder", folder), Do: app.Say("home.unusable.do"),
		Cause: fmt.Errorf("home: %w", cause),
	}
}
