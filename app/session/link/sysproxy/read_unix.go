//go:build unix && !darwin

package sysproxy

import (
	"context"
	"errors"
	"os/exec"
	"strings"
)

// read asks GNOME, whose settings other desktops share. A system without them
// names no proxy.
func read(ctx context.Context) (settings, error) {
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
	return fromGSettings(out), nil
}
