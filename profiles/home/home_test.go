package home

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"tidings/app"
)

func closeHome(t *testing.T, h *Home) {
	t.Helper()
	if err := h.Close(); err != nil {
		t.Error(err)
	}
}

func TestPortableHomeIsOneFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "deep", "home")
	h, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer closeHome(t, h)
	for name, path := range map[string]string{
		"profiles": h.Profiles(), "settings": h.Settings(), "logs": h.Logs(), "crash": h.Crash(),
	} {
		if !strings.HasPrefix(path, dir+string(filepath.Separator)) {
			t.Errorf("%s is outside: %s", name, path)
		}
	}
	for _, folder := range []string{dir, h.Profiles(), h.Logs()} {
		info, err := os.Stat(folder)
		if err != nil || !info.IsDir() {
			t.Errorf("%s: %v", folder, err)
			continue
		}
		if runtime.GOOS != "windows" && info.Mode().Perm() != 0o700 {
			t.Errorf("%s: mode %v, want 0700", folder, info.Mode().Perm())
		}
	}
	if !h.Portable() || h.Dir() != dir {
		t.Errorf("portable %v in %s", h.Portable(), h.Dir())
	}
}

func TestOneProgramUsesAHome(t *testing.T) {
	dir := t.TempDir()
	first, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	_, err = Open(dir)
	var known *app.Error
	if !errors.Is(err, ErrInUse) || !errors.As(err, &known) || known.What.Key != "home.in_use" {
		t.Fatalf("second open: %v", err)
	}
	for range 2 {
		if err := first.Close(); err != nil {
			t.Fatal(err)
		}
	}
	again, err := Open(dir)
	if err != nil {
		t.Fatalf("open after close: %v", err)
	}
	defer closeHome(t, again)
}

func TestTheIDMovesWithTheHome(t *testing.T) {
	base := t.TempDir()
	ids := map[string]bool{}
	for _, name := range []string{"a", "b"} {
		h, err := Open(filepath.Join(base, name))
		if err != nil {
			t.Fatal(err)
		}
		ids[h.ID()] = true
		if err := h.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if len(ids) != 2 {
		t.Errorf("two homes share an ID: %v", ids)
	}
	if err := os.Rename(filepath.Join(base, "a"), filepath.Join(base, "moved")); err != nil {
		t.Fatal(err)
	}
	h, err := Open(filepath.Join(base, "moved"))
	if err != nil {
		t.Fatal(err)
	}
	defer closeHome(t, h)
	if !ids[h.ID()] {
		t.Error("the ID changed with the place")
	}
}

func TestADamagedIDIsReplaced(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "home-id"), []byte("../../x y\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	h, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer closeHome(t, h)
	if !validID(h.ID()) {
		t.Errorf("id %q", h.ID())
	}
}

func TestPlatformFolders(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the folders are looked up in variables that only this system has")
	}
	base := t.TempDir()
	t.Setenv("HOME", filepath.Join(base, "user"))
	t.Setenv("XDG_CONFIG_HOME", filepath.Join(base, "config"))
	t.Setenv("XDG_STATE_HOME", "relative/is/ignored")
	h, err := Open("")
	if err != nil {
		t.Fatal(err)
	}
	defer closeHome(t, h)
	for _, tc := range []struct{ name, got, want string }{
		{"profiles", h.Profiles(), "config/tidings/profiles"},
		{"settings", h.Settings(), "config/tidings/settings.toml"},
		{"logs", h.Logs(), "user/.local/state/tidings/logs"},
		{"crash", h.Crash(), "user/.local/state/tidings/logs/crash.txt"},
	} {
		if tc.got != filepath.Join(base, tc.want) {
			t.Errorf("%s: %s, want %s", tc.name, tc.got, tc.want)
		}
	}
	if h.Portable() || h.ID() != "default" {
		t.Errorf("portable %v, id %q", h.Portable(), h.ID())
	}
}

func TestAFolderThatCannotBeUsed(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Open(filepath.Join(file, "home"))
	var known *app.Error
	if !errors.As(err, &known) || known.What.Key != "home.unusable" {
		t.Errorf("%v", err)
	}
}

func TestFindReadsAHomeThatIsOpen(t *testing.T) {
	dir := t.TempDir()
	if h, err := Find(filepath.Join(dir, "none")); err != nil || h.ID() != "" {
		t.Errorf("Find of nothing = %v, %v", h, err)
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 0 {
		t.Errorf("Find made %v", entries)
	}
	open, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer closeHome(t, open)
	found, err := Find(dir)
	if err != nil {
		t.Fatal(err)
	}
	if found.ID() != open.ID() || found.Profiles() != open.Profiles() {
		t.Errorf("Find = %s, %s; Open = %s, %s", found.ID(), found.Profiles(), open.ID(), open.Profiles())
	}
	if err := found.Close(); err != nil {
		t.Error(err)
	}
}
