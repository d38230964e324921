//go:build e2e && linux

package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// How long the program may take for one step. Generous: machines that run
// tests are slow and share their cores.
const patience = 2 * time.Minute

// program is the running program and the display it stands on.
type program struct {
	t       *testing.T
	cmd     *exec.Cmd
	display string
	window  string // xdotool's number for it
	state   string // path of the state file
	outside string // a home folder of the system's kind, to stay empty
	output  *bytes.Buffer
	exited  chan error
}

// start opens the program with its home folder on a display of its own, and
// with variables besides the usual ones, waits until it is ready and takes
// care of its end.
func start(t *testing.T, home string, variables ...string) *program {
	t.Helper()
	binary := os.Getenv("TIDINGS_BIN")
	if binary == "" {
		t.Fatal("TIDINGS_BIN does not name the program: run make e2e")
	}
	p := &program{
		t:       t,
		display: startDisplay(t),
		state:   filepath.Join(t.TempDir(), "state.json"),
		outside: t.TempDir(),
		output:  &bytes.Buffer{},
		exited:  make(chan error, 1),
	}
	p.cmd = exec.Command(binary, "--home", home, "--state", p.state)
	p.cmd.Env = append(p.environment(),
		"LIBGL_ALWAYS_SOFTWARE=1", "MESA_SHADER_CACHE_DISABLE=true", "FYNE_SCALE=1",
		"LANG=en_US.UTF-8", "LANGUAGE=", "LC_ALL=",
		"HOME="+p.outside, "XDG_CONFIG_HOME=", "XDG_DATA_HOME=", "XDG_CACHE_HOME=", "XDG_STATE_HOME=",
		"DBUS_SESSION_BUS_ADDRESS=disabled:") // the keyring of whoever runs the test is not ours
	p.cmd.Env = append(p.cmd.Env, variables...)
	p.cmd.Stdout, p.cmd.Stderr = p.output, p.output
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { p.exited <- p.cmd.Wait() }()
	t.Cleanup(p.end)
	p.wait("the first frame", func(s State) bool { return s.Ready })
	p.findWindow()
	return p
}

func (p *program) environment() []string {
	return append(os.Environ(), "DISPLAY="+p.display, "WAYLAND_DISPLAY=")
}

// findWindow notes the window and gives it the keyboard: no window manager
// does that here.
func (p *program) findWindow() {
	p.t.Helper()
	p.until("the window", func() bool {
		out, err := p.tool("xdotool", "search", "--onlyvisible", "--name", "Tidings")
		ids := strings.Fields(out)
		if err != nil || len(ids) == 0 {
			return false
		}
		p.window = ids[0]
		return true
	})
	p.must("xdotool", "windowmove", p.window, "0", "0")
	p.must("xdotool", "windowfocus", p.window)
}

// end asks the program to stop and reports a program that does not, that
// fails, or that broke the toolkit's thread rules.
func (p *program) end() {
	p.t.Helper()
	if p.cmd == nil {
		return
	}
	cmd := p.cmd
	p.cmd = nil
	if p.t.Failed() {
		p.picture("failed-" + strings.ReplaceAll(p.t.Name(), "/", "-"))
	}
	_ = cmd.Process.Signal(syscall.SIGTERM)
	select {
	case err := <-p.exited:
		if err != nil {
			p.t.Errorf("the program ended with %v", err)
		}
	case <-time.After(patience):
		_ = cmd.Process.Signal(syscall.SIGQUIT) // leaves the stacks in the output
		p.t.Errorf("the program did not end when asked to: %v", <-p.exited)
	}
	p.checkOutside()
	said := p.output.String()
	for _, bad := range []string{"Error in Fyne call thread", "panic:", "fatal error:"} {
		if strings.Contains(said, bad) {
			p.t.Errorf("the program said %q", bad)
		}
	}
	if p.t.Failed() {
		p.t.Logf("the program said:\n%s", said)
	}
}

// checkOutside finds what the program wrote outside the folder that --home
// gave it. Caches of the toolkit do not count.
func (p *program) checkOutside() {
	p.t.Helper()
	err := filepath.WalkDir(p.outside, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && d.Name() == ".cache" {
			return filepath.SkipDir
		}
		if err == nil && !d.IsDir() {
			p.t.Errorf("the program wrote %s outside of --home", strings.TrimPrefix(path, p.outside))
		}
		return err
	})
	if err != nil {
		p.t.Error(err)
	}
}

// now reads the state as it is.
func (p *program) now() (State, error) {
	var s State
	data, err := os.ReadFile(p.state)
	if err != nil {
		return s, err
	}
	return s, json.Unmarshal(data, &s)
}

// wait returns the first state that satisfies the condition.
func (p *program) wait(what string, condition func(State) bool) State {
	p.t.Helper()
	var last State
	p.until(what, func() bool {
		s, err := p.now()
		if err != nil {
			return false
		}
		last = s
		return condition(s)
	})
	return last
}

// until looks again and again until the condition holds; the program's end
// and the end of patience fail the test.
func (p *program) until(what string, condition func() bool) {
	p.t.Helper()
	if !p.soon(what, patience, condition) {
		s, err := p.now()
		text, _ := json.MarshalIndent(s, "", " ")
		p.t.Fatalf("no %s within %v; the state (%v) is\n%s", what, patience, err, text)
	}
}

// soon reports whether the condition comes to hold within a limit; the
// program's end fails the test.
func (p *program) soon(what string, limit time.Duration, condition func() bool) bool {
	p.t.Helper()
	deadline := time.NewTimer(limit)
	defer deadline.Stop()
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for !condition() {
		select {
		case err := <-p.exited:
			p.exited <- err
			p.t.Fatalf("the program ended (%v) before %s:\n%s", err, what, p.output)
		case <-deadline.C:
			return false
		case <-again.C:
		}
	}
	return true
}

// insist does once more what had no effect, as a person would: on a busy
// machine the display loses keys on their way to the program.
func (p *program) insist(what string, do func(), condition func() bool) {
	p.t.Helper()
	do()
	for range 2 {
		if p.soon(what, patience/4, condition) {
			return
		}
		do()
	}
	p.until(what, condition)
}

// click waits until the control is in sight and rests, and clicks on its
// middle.
func (p *program) click(control string) {
	p.t.Helper()
	r := p.place(control)
	p.must("xdotool", "mousemove", "--window", p.window,
		fmt.Sprintf("%.0f", r.X+r.W/2), fmt.Sprintf("%.0f", r.Y+r.H/2))
	p.must("xdotool", "click", "1")
}

// place returns where a control stands once two reports agree: while a screen
// comes in sight its parts still move. Both were read after the call, and the
// second one after a frame after that, so that it shows what the keys and
// clicks before the call did, however far a busy program is behind.
func (p *program) place(control string) Rect {
	p.t.Helper()
	asked := time.Now().UnixNano()
	var seen State
	s := p.wait("control "+control, func(s State) bool {
		if s.Read <= asked || s.Painted == seen.Painted {
			return false
		}
		before := seen.Controls[control]
		seen = s
		return before.W > 0 && s.Controls[control] == before
	})
	return s.Controls[control]
}

// write replaces what stands in the entry that has the focus by text, ASCII
// only, and goes on when that has come whole.
func (p *program) write(text string) {
	p.t.Helper()
	var asked int64
	p.insist("entry with what was typed", func() {
		p.key("ctrl+a")
		p.must("xdotool", "type", "--delay", "12", "--", text)
		asked = time.Now().UnixNano()
	}, func() bool {
		s, err := p.now()
		return err == nil && s.Read > asked && s.Typed == len(text)
	})
}

// fill clicks into a field and replaces what stands there.
func (p *program) fill(control, text string) {
	p.t.Helper()
	p.click(control)
	p.write(text)
}

// key presses one key with its modifiers, as xdotool names them: "ctrl+Return".
func (p *program) key(name string) {
	p.t.Helper()
	p.must("xdotool", "key", "--delay", "12", name)
}

// shot keeps a picture of the window as it is when the program has shown all
// that it knows now.
func (p *program) shot(name string) {
	p.t.Helper()
	now, err := p.now()
	if err != nil {
		p.t.Fatal(err)
	}
	p.wait("a frame", func(s State) bool { return s.Revision >= now.Revision+3 })
	p.picture(name)
}

// picture keeps a picture of the window, whatever it shows.
func (p *program) picture(name string) {
	p.t.Helper()
	folder := os.Getenv("TIDINGS_SHOTS")
	if folder == "" {
		folder = p.t.TempDir()
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		p.t.Fatal(err)
	}
	file := filepath.Join(folder, name+".png")
	if out, err := p.tool("import", "-silent", "-window", "root", file); err != nil {
		p.t.Errorf("no picture %s: %v %s", file, err, out)
	}
}

// must runs a tool on the program's display.
func (p *program) must(name string, args ...string) {
	p.t.Helper()
	if out, err := p.tool(name, args...); err != nil {
		p.t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
}

func (p *program) tool(name string, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = p.environment()
	out, err := cmd.Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return string(out) + string(exit.Stderr), err
	}
	return string(out), err
}
