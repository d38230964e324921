package settings

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"tidings/app"
)

func file(t *testing.T) string { t.Helper(); return filepath.Join(t.TempDir(), "settings.toml") }

func TestUpdateSurvivesARestart(t *testing.T) {
	path := file(t)
	s, problem := Open(path)
	if problem != nil {
		t.Fatal(problem)
	}
	if s.Get() != Default() {
		t.Errorf("without a file: %+v", s.Get())
	}
	want := Settings{Language: "ru", Theme: ThemeDark, MemoryBudgetMB: 1024, Zoom: 1.25, WindowWidth: 1280, WindowHeight: 800, Folded: "Lab\nLab/Room 3", Restore: true}
	if err := s.Update(func(now *Settings) { *now = want }); err != nil {
		t.Fatal(err)
	}
	again, problem := Open(path)
	if problem != nil || again.Get() != want || s.Get() != want {
		t.Errorf("got %+v, %v; want %+v", again.Get(), problem, want)
	}
	got, _ := os.ReadFile(path)
	text := `# The settings of Tidings. Edit them while Tidings is closed; keys that
# Tidings does not know are kept, comments are not.

version = 1
language = 'ru'
theme = 'dark'
memory_budget_mb = 1024
zoom = 1.25
folded_folders = ['Lab', 'Lab/Room 3']
restore_workspaces = true

[window]
height = 800
width = 1280
`
	if string(got) != text {
		t.Errorf("got\n%s\nwant\n%s", got, text)
	}
	if info, _ := os.Stat(path); runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v", info.Mode())
	}
}

func TestUpdateOfNothingWritesNothing(t *testing.T) {
	path := file(t)
	s, _ := Open(path)
	if err := s.Update(func(*Settings) {}); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("a file was written")
	}
}

func TestValuesAreBroughtIntoRange(t *testing.T) {
	for _, tc := range []struct {
		name, text string
		want       func(*Settings)
	}{
		{"empty file", "", func(*Settings) {}},
		{"unknown theme", "theme = 'purple'", func(*Settings) {}},
		{"whole zoom", "zoom = 2", func(s *Settings) { s.Zoom = 2 }},
		{"zoom nan", "zoom = nan", func(*Settings) {}},
		{"zoom far", "zoom = 1e300", func(s *Settings) { s.Zoom = MaxZoom }},
		{"zoom tiny", "zoom = 0.001", func(s *Settings) { s.Zoom = MinZoom }},
		{"negative budget", "memory_budget_mb = -5", func(*Settings) {}},
		{"small budget", "memory_budget_mb = 1", func(s *Settings) { s.MemoryBudgetMB = MinMemoryBudgetMB }},
		{"large budget", "memory_budget_mb = 999999999", func(s *Settings) { s.MemoryBudgetMB = MaxMemoryBudgetMB }},
		{"window", "[window]\nwidth = -3\nheight = 999999", func(s *Settings) { s.WindowHeight = maxWindow }},
		{"long language", "language = '" + strings.Repeat("x", 65) + "'", func(*Settings) {}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			path := file(t)
			if err := os.WriteFile(path, []byte(tc.text), 0o600); err != nil {
				t.Fatal(err)
			}
			want := Default()
			tc.want(&want)
			if s, problem := Open(path); problem != nil || s.Get() != want {
				t.Errorf("got %+v, %v; want %+v", s.Get(), problem, want)
			}
		})
	}
}

func TestNewerKeysSurvive(t *testing.T) {
	path := file(t)
	text := "version = 9\nfont = 'mono'\nTheme = 'dark'\n[window]\nx = 5\n[future]\na = 1\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	s, _ := Open(path)
	for _, zoom := range []float64{2, 3} {
		if err := s.Update(func(now *Settings) { now.Zoom, now.Theme = zoom, ThemeLight }); err != nil {
			t.Fatal(err)
		}
	}
	data, _ := os.ReadFile(path)
	for _, want := range []string{"version = 9\n", "font = 'mono'\n", "theme = 'light'\n", "zoom = 3.0\n", "x = 5\n", "[future]\na = 1\n"} {
		if !strings.Contains(string(data), want) {
			t.Errorf("%q is lost from\n%s", want, data)
		}
	}
	if strings.Contains(string(data), "Theme") {
		t.Errorf("the key stands twice in\n%s", data)
	}
}

func TestABrokenFileIsSetAside(t *testing.T) {
	for _, text := range []string{"language = ", "memory_budget_mb = 'much'", "\x00", strings.Repeat("#\n", 4<<20)} {
		path := file(t)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		s, problem := Open(path)
		if problem == nil || problem.What.Key != "settings.broken" || s.Get() != Default() {
			t.Fatalf("%.20q: %v, %+v", text, problem, s.Get())
		}
		if data, _ := os.ReadFile(path + ".broken-1"); string(data) != text {
			t.Errorf("%.20q: content changed", text)
		}
		if err := s.Update(func(now *Settings) { now.Theme = ThemeDark }); err != nil {
			t.Errorf("%.20q: update: %v", text, err)
		}
		if _, problem = Open(path); problem != nil {
			t.Errorf("%.20q: told again: %v", text, problem)
		}
	}
}

func TestWhatCannotBeReadIsNotReplaced(t *testing.T) {
	path := file(t)
	if err := os.Symlink(t.TempDir(), path); err != nil { // a folder cannot be read, its link could be replaced
		path = t.TempDir() // no right to make links, as on Windows
	}
	s, problem := Open(path)
	if problem == nil || problem.What.Key != "settings.unreadable" || s.Get() != Default() {
		t.Fatalf("%v, %+v", problem, s.Get())
	}
	err := s.Update(func(now *Settings) { now.Zoom = 2 })
	var known *app.Error
	if !errors.As(err, &known) || known.What.Key != "settings.not_saved" {
		t.Errorf("update: %v", err)
	}
	if info, err := os.Stat(path); err != nil || !info.IsDir() {
		t.Errorf("it was replaced: %v", err)
	}
	if s.Get().Zoom != 2 {
		t.Error("the change does not hold until the program ends")
	}
}
