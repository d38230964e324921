package secrets

import (
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
)

// Where programs find the address of the session bus of D-Bus, and what
// stands there when there is none.
const (
	busVariable = "DBUS_SESSION_BUS_ADDRESS"
	noBus       = "disabled:"
)

// UseBus tells this process which session bus its keyring, and the toolkit, are
// to use. Where there is none, their library would start one of our own: nobody
// else is on it, so it shows no notification and unlocks no keyring, and it
// outlives us. Call it first of all in a program; the error is that of os.Setenv.
func UseBus() error {
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" {
		return nil
	}
	return os.Setenv(busVariable, busAddress(os.Getenv(busVariable),
		os.Getenv("XDG_RUNTIME_DIR"), filepath.Join("/run/user", strconv.Itoa(os.Getuid()))))
}

// busAddress returns the address of the session bus: the one given, or else
// that of the bus that runs in one of the folders.
func busAddress(given string, folders ...string) string {
	if given != "" && given != "autolaunch:" {
		return given
	}
	for _, folder := range folders {
		if folder == "" {
			continue
		}
		socket := filepath.Join(folder, "bus")
		info, err := os.Stat(socket) //nolint:gosec // the environment is that of whoever runs the program
		if err == nil && info.Mode().Type() == os.ModeSocket {
			return "unix:path=" + strings.ReplaceAll(url.PathEscape(socket), "%2F", "/")
		}
	}
	return noBus
}
