package app

import (
	"os"
	"path/filepath"
	"strings"
)

// ExpandHome returns a path with the person's home folder in place of a
// leading "~/", as shells read it (on Windows "~\" too). Any other path, one
// of another person ("~ana/") included, stays as it is.
func ExpandHome(path string) string {
	rest, ok := strings.CutPrefix(path, "~/")
	if !ok && filepath.Separator != '/' {
		rest, ok = strings.CutPrefix(path, "~"+string(filepath.Separator))
	}
	home, err := os.UserHomeDir()
	if !ok || err != nil {
		return path
	}
	return filepath.Join(home, rest)
}
