package main

import (
	"bytes"
	"errors"
	"flag"
	"log"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"tidings/app"
	"tidings/cmd/tidings/e2e"
	"tidings/profiles/home"
	"tidings/profiles/settings"
	"tidings/ui/theme"
)

// The toolkit starts goroutines of its own before any test.
// The readers of the D-Bus connection are left out: go-keyring keeps it open
// for the life of the process.
func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreCurrent(),
		goleak.IgnoreAnyFunction("github.com/godbus/dbus/v5.(*Conn).inWorker"),
		goleak.IgnoreAnyFunction("github.com/godbus/dbus/v5.newConn.func1"),
		goleak.IgnoreAnyFunction("github.com/godbus/dbus/v5.(*sequentialSignalChannelData).bufferSignals"))
}

func TestFlags(t *testing.T) {
	for _, c := range []struct {
		name string
		args []string
		want options
		bad  bool
	}{
		{name: "none"},
		{name: "home", args: []string{"--home", "x"}, want: options{home: "x"}},
		{name: "version", args: []string{"-version"}, want: options{showVersion: true}},
		{name: "state", args: []string{"--state=s"}, want: options{state: "s"}},
		{name: "safe start", args: []string{"--no-connect"}, want: options{noConnect: true}},
		{name: "unknown flag", args: []string{"--nonsense"}, bad: true},
		{name: "stray argument", args: []string{"broker"}, bad: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			var said bytes.Buffer
			got, err := parse(c.args, &said)
			if (err != nil) != c.bad {
				t.Fatalf("error %v", err)
			}
			if c.bad && said.Len() == 0 {
				t.Error("nothing was said about it")
			}
			if !c.bad && got != c.want {
				t.Errorf("got %+v, want %+v", got, c.want)
			}
		})
	}
	if _, err := parse([]string{"-h"}, &bytes.Buffer{}); !errors.Is(err, flag.ErrHelp) {
		t.Errorf("-h: %v", err)
	}
}

func TestVersionNamesProgramGoAndFyne(t *testing.T) {
	for _, want := range []string{"tidings ", version, runtime.Version(), "Fyne "} {
		if line := versionLine(); !strings.Contains(line, want) {
			t.Errorf("%q lacks %q", line, want)
		}
	}
}

func TestComplaintSaysWhatWhyAndWhatToDo(t *testing.T) {
	dir := t.TempDir()
	h, err := home.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = h.Close() }()
	_, err = home.Open(dir) // one program uses a home
	var e *app.Error
	if !errors.As(err, &e) {
		t.Fatalf("a second program got %v", err)
	}
	var said bytes.Buffer
	complain(&said, err)
	if lines := strings.Count(said.String(), "\n"); lines < 2 || strings.Contains(said.String(), e.What.Key) {
		t.Errorf("said %q", said.String())
	}
}

func TestLogIsForTheUserAloneAndSetAsideWhenLarge(t *testing.T) {
	out, flags := log.Writer(), log.Flags()
	t.Cleanup(func() { log.SetOutput(out); log.SetFlags(flags) })
	dir := t.TempDir()
	name := filepath.Join(dir, "tidings.log")
	if err := os.WriteFile(name, bytes.Repeat([]byte("x"), maxLog+1), 0o600); err != nil {
		t.Fatal(err)
	}
	logger, closeLog, err := openLog(dir, filepath.Join(dir, "crash.txt"))
	if err != nil {
		t.Fatal(err)
	}
	logger.Info("hello", "password", app.Secret("lemon"))
	closeLog()
	data, err := os.ReadFile(name)
	if err != nil || !strings.Contains(string(data), "hello") || strings.Contains(string(data), "lemon") {
		t.Errorf("the log holds %.80q, %v", data, err)
	}
	if old, err := os.Stat(name + ".1"); err != nil || old.Size() != maxLog+1 {
		t.Errorf("the older log: %v, %v", old, err)
	}
	if info, err := os.Stat(name); runtime.GOOS != "windows" && (err != nil || info.Mode().Perm() != 0o600) {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
}

func TestLogThatCannotBeOpenedIsExplained(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "tidings.log"), 0o700); err != nil {
		t.Fatal(err)
	}
	_, _, err := openLog(dir, filepath.Join(dir, "crash.txt"))
	var e *app.Error
	if !errors.As(err, &e) || e.Do.IsZero() {
		t.Errorf("got %v", err)
	}
}

func TestNoWindowIsExplained(t *testing.T) {
	var screen bytes.Buffer
	l := &toolkitLog{log: discard(), screen: &screen}
	for _, line := range []string{"Fyne error:  failed to initialise GLFW\n", "Fyne error:  window creation error\n"} {
		screen.Reset()
		if n, err := l.Write([]byte(line)); n != len(line) || err != nil {
			t.Fatal(n, err)
		}
		if !strings.Contains(screen.String(), "LIBGL_ALWAYS_SOFTWARE") {
			t.Errorf("%q is explained by %q", line, screen.String())
		}
	}
	screen.Reset()
	_, _ = l.Write([]byte("Fyne error:  something else\n"))
	if strings.Contains(screen.String(), "LIBGL") {
		t.Error("any error is explained as a missing window")
	}
}

func TestStateFileHoldsTheNewestState(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.json")
	f := newStateFile(path, discard())
	for i := range 100 {
		f.put(e2e.State{Ready: i == 99})
	}
	f.close()
	data, err := os.ReadFile(path)
	if err != nil || !strings.Contains(string(data), `"ready": true`) {
		t.Errorf("the file holds %s, %v", data, err)
	}
}

func TestLooksAndTheirNames(t *testing.T) {
	for name, v := range map[string]theme.Variant{
		settings.ThemeSystem: theme.System, settings.ThemeLight: theme.Light, settings.ThemeDark: theme.Dark,
	} {
		if look(name) != v || themeName(v) != name {
			t.Errorf("%s: %v, %v: %s", name, look(name), v, themeName(v))
		}
	}
}

func discard() *slog.Logger { return slog.New(slog.DiscardHandler) }
