package clientstest

import (
	"bufio"
	"bytes"
	"io"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// patience is how long a program may take for all it has to do: more than any
// needs on a busy machine.
const patience = 60 * time.Second

// find returns the path of a program, or skips the test.
func find(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("%s is not installed; `scripts/setup.sh test` installs what the tests need", name)
	}
	return path
}

// tool is one of mosquitto's clients, aimed at b.
func (b *broker) tool(t *testing.T, name string, args ...string) *exec.Cmd {
	t.Helper()
	at := []string{"-h", b.url.Hostname(), "-p", b.url.Port()}
	if b.url.Scheme == "unix" {
		at = []string{"--unix", b.url.Path}
	}
	return exec.CommandContext(t.Context(), find(t, name), append(at, args...)...)
}

// does runs a program to its good end and returns what it printed.
func does(t *testing.T, c *exec.Cmd) string {
	t.Helper()
	out, err := run(t, c)
	if err != nil {
		t.Fatalf("%s: %v\n%s", strings.Join(c.Args, " "), err, out)
	}
	return strings.TrimSpace(out)
}

// fails runs a program that has to fail and returns what it printed.
func fails(t *testing.T, c *exec.Cmd) string {
	t.Helper()
	out, err := run(t, c)
	if err == nil {
		t.Fatalf("%s: it succeeded, and printed\n%s", strings.Join(c.Args, " "), out)
	}
	return out
}

func run(t *testing.T, c *exec.Cmd) (string, error) {
	t.Helper()
	kill := time.AfterFunc(patience, func() { _ = c.Process.Kill() })
	defer kill.Stop()
	out, err := c.CombinedOutput()
	return string(out), err
}

// reader is a running mosquitto_sub.
type reader struct {
	t     *testing.T
	cmd   *exec.Cmd
	lines *bufio.Scanner
	said  *bytes.Buffer // on standard error
	kill  *time.Timer
}

// read starts mosquitto_sub, which prints a line for each message.
func (b *broker) read(t *testing.T, args ...string) *reader {
	t.Helper()
	args = append([]string{"-F", "%t %q %r %p"}, args...)
	r := &reader{t: t, cmd: b.tool(t, "mosquitto_sub", args...), said: &bytes.Buffer{}}
	r.cmd.Stderr = r.said
	out, err := r.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	r.lines = bufio.NewScanner(out)
	if err := r.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	r.kill = time.AfterFunc(patience, r.die)
	t.Cleanup(r.end)
	return r
}

// subscribed is read that returns when the client is subscribed: the word for
// that has come, which it takes. Nothing else may be waiting for the client.
func (b *broker) subscribed(t *testing.T, args ...string) *reader {
	t.Helper()
	r := b.read(t, append([]string{"-t", readyTopic}, args...)...)
	if got := r.line(); !strings.HasPrefix(got, readyTopic+" ") {
		t.Fatalf("the first line is %q\n%s", got, r.said)
	}
	return r
}

// line returns the next message, "" at the end.
func (r *reader) line() string {
	if !r.lines.Scan() {
		return ""
	}
	return r.lines.Text()
}

// want takes as many messages as there are lines and compares.
func (r *reader) want(lines ...string) {
	r.t.Helper()
	for i, want := range lines {
		if got := r.line(); got != want {
			r.t.Fatalf("message %d of %d: got %q, want %q\n%s", i+1, len(lines), got, want, r.said)
		}
	}
}

// die is kill -9.
func (r *reader) die() { _ = r.cmd.Process.Kill() }

// end kills the program and waits for it.
func (r *reader) end() {
	r.kill.Stop()
	r.die()
	_, _ = io.Copy(io.Discard, strings.NewReader(r.rest()))
	_ = r.cmd.Wait()
}

// rest returns the lines that are left when the program has ended by itself.
func (r *reader) rest() string {
	var b strings.Builder
	for r.lines.Scan() {
		b.WriteString(r.lines.Text() + "\n")
	}
	return b.String()
}

// program is a program that ends with the test.
func program(t *testing.T, path string, args ...string) *exec.Cmd {
	t.Helper()
	return exec.CommandContext(t.Context(), path, args...)
}

// await returns when the broker has come to where a client, which cannot say
// so, must have brought it.
func await(t *testing.T, reached func() bool) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	over := time.NewTimer(patience)
	defer over.Stop()
	for !reached() {
		select {
		case <-tick.C:
		case <-over.C:
			t.Fatal("the broker does not come to where it should be")
		}
	}
}
