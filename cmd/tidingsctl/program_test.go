package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"tidings/app/session/sessiontest"
)

// program is the finished binary, built once for all tests.
var program string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "tidingsctl")
	if err != nil {
		panic(err)
	}
	program = filepath.Join(dir, "tidingsctl")
	build := exec.Command("go", "build", "-o", program, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "build: %v\n%s", err, out)
		os.Exit(1)
	}
	goleak.VerifyTestMain(m, goleak.Cleanup(func(code int) {
		_ = os.RemoveAll(dir)
		os.Exit(code)
	}))
}

// patience bounds every wait: a busy machine is no failure.
const patience = 3 * time.Minute

// process is a program that a test runs.
type process struct {
	t      *testing.T
	cmd    *exec.Cmd
	ended  chan struct{}
	mu     sync.Mutex
	news   sync.Cond
	out    bytes.Buffer
	err    bytes.Buffer
	closed int // of its two outputs
}

// start runs a program with an environment of its own; it is killed when the
// test ends before it does.
func start(t *testing.T, in string, env []string, name string, args ...string) *process {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	p := &process{t: t, cmd: exec.CommandContext(ctx, name, args...), ended: make(chan struct{})}
	p.news.L = &p.mu
	p.cmd.Stdin = strings.NewReader(in)
	p.cmd.Env = append([]string{"HOME=" + t.TempDir(), "PATH=" + os.Getenv("PATH")}, env...)
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	errs, err := p.cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var reading sync.WaitGroup
	for from, to := range map[*bufio.Reader]*bytes.Buffer{bufio.NewReader(out): &p.out, bufio.NewReader(errs): &p.err} {
		reading.Go(func() { p.read(from, to) })
	}
	go func() {
		reading.Wait()
		_ = p.cmd.Wait()
		cancel()
		close(p.ended)
	}()
	t.Cleanup(func() {
		cancel()
		<-p.ended
	})
	return p
}

func (p *process) read(from *bufio.Reader, to *bytes.Buffer) {
	b := make([]byte, 4096)
	for {
		n, err := from.Read(b)
		p.mu.Lock()
		to.Write(b[:n])
		if err != nil {
			p.closed++
		}
		p.news.Broadcast()
		p.mu.Unlock()
		if err != nil {
			return
		}
	}
}

// sees waits until the program has written text to either output.
func (p *process) sees(text string) {
	p.t.Helper()
	p.seesTimes(text, 1)
}

func (p *process) seesTimes(text string, n int) {
	p.t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	for strings.Count(p.out.String(), text)+strings.Count(p.err.String(), text) < n {
		if p.closed == 2 {
			p.t.Fatalf("it ended without %q:\n%s\n%s", text, p.out.String(), p.err.String())
		}
		p.news.Wait()
	}
}

// end waits for the end and returns what there was.
func (p *process) end() (code int, out, errs string) {
	<-p.ended
	return p.cmd.ProcessState.ExitCode(), p.out.String(), p.err.String()
}

// want waits for the end and checks exit code and standard output.
func (p *process) want(code int, out string) {
	p.t.Helper()
	gotCode, gotOut, errs := p.end()
	if gotCode != code || gotOut != out {
		p.t.Errorf("exit %d, want %d; output %q, want %q; it says\n%s", gotCode, code, gotOut, out, errs)
	}
}

func (p *process) signal(s syscall.Signal) {
	p.t.Helper()
	if err := p.cmd.Process.Signal(s); err != nil {
		p.t.Fatal(err)
	}
}

// ctl runs tidingsctl to its end.
func ctl(t *testing.T, args ...string) (code int, out, errs string) {
	t.Helper()
	return start(t, "", nil, program, args...).end()
}

// subscribed starts tidingsctl sub and returns when it has its SUBACK.
func subscribed(t *testing.T, args ...string) *process {
	t.Helper()
	p := start(t, "", nil, program, append([]string{"sub", "-d"}, args...)...)
	p.sees("SUBACK")
	return p
}

// need skips the test when a program is not installed.
func need(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		if path, err = exec.LookPath("/usr/sbin/" + name); err != nil {
			t.Skip(name + " is not installed")
		}
	}
	return path
}

// mosquitto starts a mosquitto and returns its port.
func mosquitto(t *testing.T) int {
	t.Helper()
	path := need(t, "mosquitto")
	port := sessiontest.FreePort(t)
	conf := filepath.Join(t.TempDir(), "mosquitto.conf")
	if err := os.WriteFile(conf, []byte("listener "+strconv.Itoa(port)+" 127.0.0.1\nallow_anonymous true\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	start(t, "", nil, path, "-c", conf, "-v").sees("running")
	return port
}

func at(port int) string { return fmt.Sprintf("mqtt://127.0.0.1:%d", port) }
