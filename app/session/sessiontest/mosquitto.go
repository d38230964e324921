package sessiontest

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Mosquitto starts a real mosquitto on 127.0.0.1 that ends with the test: an
// open listener, and one with a password. Where mosquitto is not installed
// the test is skipped, but with CI set it fails: there it must be.
func Mosquitto(t testing.TB) *Broker {
	t.Helper()
	server, passwd := find(t, "mosquitto", "/usr/sbin/mosquitto", "/usr/local/sbin/mosquitto"), find(t, "mosquitto_passwd")
	dir := t.TempDir()
	b := &Broker{
		Host: "127.0.0.1", Port: FreePort(t), Protected: FreePort(t), User: "ana", Password: "pass word",
		DeniedTopic: "denied/topic",
	}
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	users := write("passwd", "")
	if out, err := exec.Command(passwd, "-b", users, b.User, b.Password).CombinedOutput(); err != nil {
		t.Fatalf("mosquitto_passwd: %v %s", err, out)
	}
	acl := write("acl", "topic readwrite #\ntopic deny denied/topic\n")
	lines := []string{
		"per_listener_settings true", "set_tcp_nodelay true", "log_type error", "log_type warning",
		fmt.Sprintf("listener %d 127.0.0.1", b.Port), "allow_anonymous true", "acl_file " + acl,
		fmt.Sprintf("listener %d 127.0.0.1", b.Protected), "allow_anonymous false", "password_file " + users,
	}
	if os.Geteuid() == 0 {
		lines = append(lines, "user root")
	}
	conf := write("mosquitto.conf", strings.Join(lines, "\n")+"\n")
	b.Kill = runUntilEnd(t, exec.Command(server, "-c", conf))
	waitFor(t, b.Port)
	waitFor(t, b.Protected)
	return b
}

func find(t testing.TB, name string, more ...string) string {
	t.Helper()
	for _, path := range append([]string{name}, more...) {
		if found, err := exec.LookPath(path); err == nil {
			return found
		}
	}
	if os.Getenv("CI") != "" {
		t.Fatalf("%s is not installed", name)
	}
	t.Skipf("%s is not installed", name)
	return ""
}

// runUntilEnd starts cmd and returns what kills it; the end of the test does.
func runUntilEnd(t testing.TB, cmd *exec.Cmd) (kill func()) {
	t.Helper()
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	kill = func() { _ = cmd.Process.Kill() }
	t.Cleanup(func() {
		kill()
		_ = cmd.Wait()
		if t.Failed() {
			t.Logf("mosquitto: %s", out.Bytes())
		}
	})
	return kill
}

// waitFor waits until something listens.
func waitFor(t testing.TB, port int) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for start := time.Now(); patienceLeft(start); <-tick.C {
		c, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err == nil {
			_ = c.Close()
			return
		}
	}
	t.Fatalf("nothing listens on port %d", port)
}
