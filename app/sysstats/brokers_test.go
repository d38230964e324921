package sysstats_test

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"tidings/app"
	"tidings/app/session/sessiontest"
	"tidings/app/sysstats"
	"tidings/brokerlocal/brokertest"
)

func command(t *testing.T, name string, args ...string) *exec.Cmd {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		if path = "/usr/sbin/" + name; !exists(path) {
			t.Skipf("%s is not installed", name)
		}
	}
	return exec.CommandContext(t.Context(), path, args...)
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// realMosquitto starts one on a free port and returns that.
func realMosquitto(t *testing.T) int {
	t.Helper()
	port := sessiontest.FreePort(t)
	conf := filepath.Join(t.TempDir(), "mosquitto.conf")
	text := fmt.Sprintf("listener %d 127.0.0.1\nallow_anonymous true\nsys_interval 1\n", port)
	if err := os.WriteFile(conf, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := command(t, "mosquitto", "-v", "-c", conf)
	log, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	for lines := bufio.NewScanner(log); lines.Scan(); {
		if strings.Contains(lines.Text(), "running") {
			go func() {
				for lines.Scan() { // or it blocks on a full pipe
				}
			}()
			return port
		}
	}
	t.Fatal("mosquitto did not start")
	return 0
}

// follow feeds what the broker publishes to Stats until done is content.
func follow(t *testing.T, port int, s *sysstats.Stats, done func() bool) {
	t.Helper()
	sub := command(t, "mosquitto_sub", "-h", "127.0.0.1", "-p", strconv.Itoa(port), "-t", "$SYS/#", "-F", "%r|%t|%p", "-W", "120")
	pipe, err := sub.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := sub.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		_ = sub.Process.Kill()
		_ = sub.Wait()
	}()
	for lines := bufio.NewScanner(pipe); lines.Scan(); {
		parts := strings.SplitN(lines.Text(), "|", 3)
		now := time.Now()
		s.Update([]app.Message{{Topic: parts[1], Payload: []byte(parts[2]), Retained: parts[0] == "1", Received: now}})
		s.Tick(now)
		if done() {
			return
		}
	}
	t.Fatalf("the broker did not publish what was waited for: %+v", s.Snapshot())
}

func TestRealBrokers(t *testing.T) {
	for _, tc := range []struct {
		name    string
		port    func(t *testing.T) int
		version string
	}{
		{"mosquitto", realMosquitto, "mosquitto "},
		{"the local broker", func(t *testing.T) int {
			return brokertest.Run(t, brokertest.WithSysInterval(time.Second)).Port
		}, "Tidings"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			port, s := tc.port(t), sysstats.New()
			// Our broker does not count its own figures: something has to go on.
			pub := command(t, "mosquitto_pub", "-h", "127.0.0.1", "-p", strconv.Itoa(port), "-t", "a/b", "-q", "1", "-m", "hello",
				"--repeat", "1000", "--repeat-delay", "0.1")
			if err := pub.Start(); err != nil {
				t.Fatal(err)
			}
			defer func() {
				_ = pub.Process.Kill()
				_ = pub.Wait()
			}()
			wanted := func() map[string]sysstats.Card {
				m := make(map[string]sysstats.Card)
				for _, c := range s.Snapshot().Cards {
					m[c.Key] = c
				}
				return m
			}
			follow(t, port, s, func() bool { // until the publish shows, and a rate
				m := wanted()
				return m["sys.card.publish_in"].Value >= 1 && m["sys.card.clients_connected"].Value >= 1 &&
					m["sys.card.uptime"].Value >= 2 && m["sys.card.bytes_out"].HasRate && m["sys.card.bytes_out"].Rate > 0
			})
			if got := s.Version(); !strings.HasPrefix(got, tc.version) || got == "" {
				t.Errorf("version %q", got)
			}
			m := wanted()
			for key, c := range m {
				if !c.Published {
					t.Errorf("%s is not published", key)
				}
			}
		})
	}
}
