package main

import (
	"bytes"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"tidings/app"
	"tidings/app/session/sessiontest"
	"tidings/brokerlocal/engine/auth"
)

// broker starts tidingsctl broker on a port and returns when it listens.
func startBroker(t *testing.T, port int, args ...string) *process {
	t.Helper()
	url := "tcp://127.0.0.1:" + strconv.Itoa(port)
	p := start(t, "", nil, program, append([]string{"broker", "--listen", url}, args...)...)
	p.sees("listening on " + url + "\n")
	return p
}

func write(t *testing.T, path, text string) string {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestBrokerKeepsItsDataAndEndsCleanly(t *testing.T) {
	port, dir := sessiontest.FreePort(t), t.TempDir()
	log := filepath.Join(dir, "log")
	b := startBroker(t, port, "--data", filepath.Join(dir, "data"), "--log-file", log)
	start(t, "", nil, program, "pub", at(port), "-t", "a", "-m", "kept", "-r", "-q", "1").want(0, "")
	b.signal(syscall.SIGTERM)
	b.want(0, "listening on tcp://127.0.0.1:"+strconv.Itoa(port)+"\n")
	if info, err := os.Stat(log); err != nil || info.Size() == 0 || info.Mode().Perm() != 0o600 {
		t.Errorf("the log: %v, %v", info, err)
	}
	startBroker(t, port, "--data", filepath.Join(dir, "data"))
	start(t, "", nil, program, "sub", at(port), "-t", "a", "-C", "1").want(0, "kept\n")
}

// What a limit turns away stands in the log in mosquitto's words.
func TestBrokerLogsWhoIsOneTooMany(t *testing.T) {
	port := sessiontest.FreePort(t)
	b := startBroker(t, port, "--max-connections", "1")
	for range 2 {
		nc, err := net.Dial("tcp", "127.0.0.1:"+strconv.Itoa(port))
		if err != nil {
			t.Fatal(err)
		}
		defer nc.Close()
	}
	b.sees("denied: max_connections exceeded.")
}

func TestBrokerReadsUsersAndRulesAgain(t *testing.T) {
	dir, port := t.TempDir(), sessiontest.FreePort(t)
	users, err := auth.NewUsers().With("ana", app.Secret("sesame"), 1000)
	if err != nil {
		t.Fatal(err)
	}
	if err := users.Save(filepath.Join(dir, "users")); err != nil {
		t.Fatal(err)
	}
	acl := write(t, filepath.Join(dir, "acl"), "user ana\ntopic readwrite lab/#\n")
	b := startBroker(t, port, "--users", filepath.Join(dir, "users"), "--acl", acl)
	pub := func(topic string) int {
		code, _, _ := start(t, "", []string{"TIDINGS_PASSWORD=sesame"}, program, "pub", at(port), "-u", "ana", "-t", topic, "-m", "x", "-q", "1").end()
		return code
	}
	if code, _, errs := ctl(t, "pub", at(port), "-t", "lab/1", "-m", "x"); code != 1 {
		t.Errorf("an anonymous client came in: %d, %s", code, errs)
	}
	if pub("lab/1") != 0 || pub("other") != 1 {
		t.Error("the rules are not in force")
	}
	write(t, acl, "user ana\ntopic readwrite other\n")
	b.signal(syscall.SIGHUP)
	b.sees("were read again")
	if pub("lab/1") != 1 || pub("other") != 0 {
		t.Error("the new rules are not in force")
	}
	write(t, acl, "nonsense\n")
	b.signal(syscall.SIGHUP)
	b.sees("stay as they are")
	if pub("other") != 0 {
		t.Error("a bad file changed the rules")
	}
}

func TestBrokerCutsWhoseUserIsGone(t *testing.T) {
	dir, port := t.TempDir(), sessiontest.FreePort(t)
	save := func(name string) {
		users, err := auth.NewUsers().With(name, app.Secret("sesame"), 1000)
		if err != nil {
			t.Fatal(err)
		}
		if err := users.Save(filepath.Join(dir, "users")); err != nil {
			t.Fatal(err)
		}
	}
	save("ana")
	b := startBroker(t, port, "--users", filepath.Join(dir, "users"))
	sub := start(t, "", []string{"TIDINGS_PASSWORD=sesame"}, program, "sub", at(port), "-u", "ana", "-t", "a", "-d")
	sub.sees("SUBACK")
	save("bob")
	b.signal(syscall.SIGHUP)
	b.sees("the user is not known any more")
	if code, _, _ := sub.end(); code != 1 {
		t.Errorf("the subscriber ended with %d", code)
	}
}

func TestBrokerSaysInOneLineWhyItCannotStart(t *testing.T) {
	dir := t.TempDir()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	free := "tcp://127.0.0.1:0"
	for name, args := range map[string][]string{
		"port in use":    {"--listen", free, "--listen", "tcp://" + l.Addr().String()},
		"bad users":      {"--listen", free, "--users", write(t, filepath.Join(dir, "users"), "no hash\n")},
		"bad rules":      {"--listen", free, "--acl", write(t, filepath.Join(dir, "acl"), "nonsense\n")},
		"no users":       {"--listen", free, "--users", filepath.Join(dir, "none")},
		"no certificate": {"--listen", "tls://127.0.0.1:0", "--cert", filepath.Join(dir, "none"), "--key", filepath.Join(dir, "none")},
		"no log":         {"--listen", free, "--log-file", filepath.Join(dir, "none", "log")},
		"no data folder": {"--listen", free, "--data", filepath.Join(dir, "users")},
	} {
		t.Run(name, func(t *testing.T) {
			code, out, errs := ctl(t, append([]string{"broker", "--log-level", "error"}, args...)...)
			if code != 1 || out != "" || strings.Count(errs, "\n") != 1 {
				t.Errorf("exit %d, %q, %q", code, out, errs)
			}
		})
	}
}

// blocked is a reader that does not read.
type blocked chan struct{}

func (b blocked) Write(p []byte) (int, error) { <-b; return len(p), nil }

func TestWhatStandardOutputCannotTakeIsCounted(t *testing.T) {
	w := make(blocked)
	o := newOutput(w, show{})
	o.mu.Lock()
	o.limit = 1000
	o.mu.Unlock()
	const all = 50
	for range all {
		o.Deliver([]app.Message{{Topic: "t", Payload: bytes.Repeat([]byte("x"), 100)}})
	}
	close(w)
	if err := o.close(); err != nil {
		t.Error(err)
	}
	if n := o.lost(); n < all-21 || n >= all {
		t.Errorf("%d of %d were counted as dropped", n, all)
	}
}
