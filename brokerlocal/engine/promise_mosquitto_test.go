package engine_test

import (
	"bufio"
	"cmp"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"tidings/brokerlocal/engine/enginetest"
)

// startMosquitto runs a real mosquitto on a Unix socket until the test ends.
func startMosquitto(t *testing.T, o options) *broker {
	t.Helper()
	path, err := exec.LookPath("mosquitto")
	if err != nil {
		path, err = exec.LookPath("/usr/sbin/mosquitto")
	}
	if err != nil {
		t.Skip("mosquitto is not installed, and so cannot prove this test right")
	}
	// The path of a Unix socket has room for some hundred bytes only.
	dir, err := os.MkdirTemp("", "promise") //nolint:usetesting // t.TempDir is too long for a socket
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	socket := filepath.Join(dir, "s")
	conf := filepath.Join(dir, "conf")
	if err := os.WriteFile(conf, []byte(mosquittoConf(t, dir, socket, o)), 0o600); err != nil {
		t.Fatal(err)
	}
	stop := runMosquitto(t, path, conf)
	t.Cleanup(func() { stop() })
	return &broker{
		dial: func(t *testing.T) net.Conn {
			t.Helper()
			c, err := enginetest.DialConn("unix://" + socket)
			if err != nil {
				t.Fatal(err)
			}
			return c
		},
		restart: func(t *testing.T) {
			t.Helper()
			stop()
			stop = runMosquitto(t, path, conf)
		},
	}
}

func mosquittoConf(t *testing.T, dir, socket string, o options) string {
	t.Helper()
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	file := func(name, content string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	line("listener 0 %s", socket)
	// 0 would be no bound, but 2.0.11 hangs up on refused messages then.
	line("max_queued_messages %d", cmp.Or(o.queueMessages, 1_000_000))
	if os.Getuid() == 0 {
		line("user root") // else it gives up root, and cannot read its files
	}
	if o.users == "" {
		line("allow_anonymous true")
	} else {
		line("password_file %s", file("passwd", o.users))
	}
	if o.acl != "" {
		line("acl_file %s", file("acl", o.acl))
	}
	if o.maxPacket > 0 {
		line("max_packet_size %d", o.maxPacket)
	}
	if o.receiveMaximum > 0 {
		line("max_inflight_messages %d", o.receiveMaximum)
	}
	if o.serverKeepAlive > 0 {
		line("max_keepalive %d", o.serverKeepAlive)
	}
	if o.durable {
		line("persistence true")
		line("persistence_location %s/", dir)
	}
	if o.sysInterval > 0 {
		line("sys_interval %d", int(o.sysInterval.Seconds()))
	}
	return b.String()
}

// runMosquitto returns when it serves; stop ends it and waits.
func runMosquitto(t *testing.T, path, conf string) (stop func()) {
	t.Helper()
	cmd := exec.Command(path, "-v", "-c", conf)
	pipe, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(pipe)
	var said []string
	for running := false; !running; {
		if !lines.Scan() {
			t.Fatalf("mosquitto did not start: %s", strings.Join(said, "\n"))
		}
		said = append(said, lines.Text())
		running = strings.HasSuffix(lines.Text(), "running")
	}
	drained := make(chan struct{})
	go func() {
		defer close(drained)
		for lines.Scan() {
			_ = lines.Text() // its log only has to be taken from it
		}
	}()
	ended := false
	return func() {
		if !ended {
			ended = true
			_ = cmd.Process.Signal(syscall.SIGTERM)
			kill := time.AfterFunc(time.Minute, func() { _ = cmd.Process.Kill() })
			<-drained
			kill.Stop()
			_ = cmd.Wait()
		}
	}
}
