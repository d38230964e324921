package home

import (
	"os"
	"path/filepath"
	"runtime"
)

const name = "tidings"

// folders are the kinds of place that platforms keep apart: what a person
// chose, and what the program logged.
type folders struct{ config, logs string }

func (f folders) profiles() string { return filepath.Join(f.config, "profiles") }

// choose returns the folders under dir, or the platform's when dir is empty.
func choose(dir string) (folders, error) {
	if dir != "" {
		abs, err := filepath.Abs(dir)
		return folders{config: abs, logs: filepath.Join(abs, "logs")}, err
	}
	config, err := os.UserConfigDir()
	if err != nil {
		return folders{}, err
	}
	config = filepath.Join(config, name)
	switch runtime.GOOS {
	case "windows":
		// Roaming profiles copy %AppData% over the network: logs, which grow,
		// stay on this machine.
		local, localErr := os.UserCacheDir() // %LocalAppData%
		return folders{config: config, logs: filepath.Join(local, name, "logs")}, localErr
	case "darwin", "ios":
		user, userErr := os.UserHomeDir()
		return folders{config: config, logs: filepath.Join(user, "Library", "Logs", name)}, userErr
	}
	state, err := xdg("XDG_STATE_HOME", ".local", "state")
	return folders{config: config, logs: filepath.Join(state, "logs")}, err
}

// xdg returns our folder under the one that the environment names, or under
// its default below the user's home (XDG Base Directory Specification, which
// has relative values ignored).
func xdg(variable string, fallback ...string) (string, error) {
	if base := os.Getenv(variable); filepath.IsAbs(base) {
		return filepath.Join(base, name), nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(home, filepath.Join(fallback...), name), nil
}
