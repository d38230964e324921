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
	for _, folder := range []string{f.config, f.logs, f.profiles()} {
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

// Find returns the home that Open would, without taking it: for a program that
// only reads what another one may have open. It makes and writes nothing; the
// folders may not be there. Of a portable home without a name of its own ID is
// "". The error is an *app.Error.
func Find(dir string) (*Home, error) {
	f, err := choose(dir)
	if err != nil {
		return nil, unusable(dir, err)
	}
	h := &Home{folders: f, portable: dir != ""}
	if h.id, err = h.named(); err != nil {
		return nil, unusable(f.config, err)
	}
	return h, nil
}

// Close gives the home back. Calling it again does nothing.
func (h *Home) Close() error {
	var err error
	h.close.Do(func() {
		if h.lock != nil {
			err = h.lock.Close()
		}
	})
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

// LastRun returns the path of the file that says what was open.
func (h *Home) LastRun() string { return filepath.Join(h.config, "last-run.toml") }

// Vault returns the path of the vault file, which may not exist yet.
func (h *Home) Vault() string { return filepath.Join(h.config, "vault.toml") }

// Secrets returns the path of the list of what secret is kept where, which may
// not exist yet. It holds no secret.
func (h *Home) Secrets() string { return filepath.Join(h.config, "secrets.toml") }

// Logs returns the folder of the log files.
func (h *Home) Logs() string { return h.logs }

// Crash returns the path of the file that takes the report of a crash, which
// may not exist yet.
func (h *Home) Crash() string { return filepath.Join(h.logs, "crash.txt") }

// identify reads the home's name, or makes one.
func (h *Home) identify() (string, error) {
	if id, err := h.named(); err != nil || id != "" {
		return id, err
	}
	id := app.NewID()
	return id, keep.Write(h.idFile(), []byte(id+"\n"))
}

// named reads the home's name; "" says that it has none yet.
func (h *Home) named() (string, error) {
	if !h.portable {
		return "default", nil
	}
	data, err := keep.Read(h.idFile())
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if id := strings.TrimSpace(string(data)); err == nil && validID(id) {
		return id, nil
	}
	return "", err
}

func (h *Home) idFile() string { return filepath.Join(h.config, "home-id") }

func validID(id string) bool {
	return id != "" && len(id) <= 64 && strings.Trim(id, "abcdefghijklmnopqrstuvwxyz0123456789") == ""
}

func unusable(folder string, cause error) *app.Error {
	return &app.Error{
		What: app.Say("home.unusable", "Folder", folder), Do: app.Say("home.unusable.do"),
		Cause: fmt.Errorf("home: %w", cause),
	}
}
