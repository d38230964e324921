//go:build unix && !darwin

package sysproxy

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// read reads the settings of KDE when that is the desktop, else it asks GNOME,
// whose settings other desktops share. A system without them names no proxy.
func read(ctx context.Context) (settings, error) {
	if slices.Contains(strings.Split(os.Getenv("XDG_CURRENT_DESKTOP"), ":"), "KDE") {
		return readKDE()
	}
	return readGNOME(ctx)
}

// readKDE reads the files of the system and of the person, which wins.
func readKDE() (settings, error) {
	dirs := filepath.SplitList(cmp.Or(os.Getenv("XDG_CONFIG_DIRS"), "/etc/xdg"))
	slices.Reverse(dirs) // the first one counts most
	own, err := os.UserConfigDir()
	if err != nil {
		return settings{source: kde}, err
	}
	var files []string
	for _, dir := range append(dirs, own) {
		text, err := os.ReadFile(filepath.Join(dir, "kioslaverc")) //nolint:gosec // G304: the desktop names the folder
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return settings{source: kde}, err
		}
		files = append(files, string(text))
	}
	return fromKioslaverc(files...)
}

func readGNOME(ctx context.Context) (settings, error) {
	out, err := output(ctx, "gsettings", "list-recursively", "org.gnome.system.proxy")
	var failed *exec.ExitError
	switch {
	case errors.Is(err, exec.ErrNotFound):
		return settings{source: gnome}, nil
	case errors.As(err, &failed) && strings.Contains(string(failed.Stderr), "No such schema"),
		errors.As(err, &failed) && strings.Contains(string(failed.Stderr), "No schemas installed"):
		return settings{source: gnome}, nil
	case err != nil:
		return settings{source: gnome}, err
	}
	return fromGSettings(out)
}
