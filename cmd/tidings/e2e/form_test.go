//go:build e2e && linux

package e2e

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"tidings/app/session/sessiontest"
)

// written is a profile as another, newer program may have left it.
const written = `version = 9
name = "Greenhouse"
host = "127.0.0.1"
port = 1
mqtt = "3.1.1"
client_id = "before"
invented_later = "keep me"

[will]
topic = "e2e/old"
payload = "old"
invented_later = "keep me, too"

[will.properties]
response_topic = "e2e/answers"
`

// What a person writes into the form of a connection is what a broker gets:
// a WebSocket, the session, and a will with properties, which fires when the
// program is killed. What the form has no field for stays in the file.
func TestFormIsWhatTheBrokerGets(t *testing.T) {
	home := t.TempDir()
	tcp, ws, log := mosquittoBroker(t)
	file := filepath.Join(home, "profiles", "greenhouse.toml")
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(written), 0o600); err != nil {
		t.Fatal(err)
	}
	p := start(t, home)
	p.wait("the profile", func(s State) bool { return slices.Contains(s.Profiles, "Greenhouse") })
	p.click("connections.list")
	p.key("ctrl+e")
	p.fill("form.host", "ws://ana@"+ws+"/mqtt")
	p.key("Tab")
	p.shot("form-general")

	p.click("form.pages") // into its middle; Up and Down choose
	p.keys("Up", 5)
	p.keys("Down", 1)
	p.key("Tab")
	p.key("Right") // from 3.1.1 to 5
	p.fill("form.client_id", "e2e-form")
	p.fill("form.keep_alive", "47")
	p.shot("form-session")
	p.click("form.pages")
	p.keys("Up", 5)
	p.keys("Down", 3)
	p.fill("form.will.topic", "e2e/will")
	p.fill("form.will.payload", "gone")
	p.click("form.will.retain")
	p.fill("form.will.delay", "1")
	p.key("Tab") // the fold, which is open: something is set in it
	p.key("Tab")
	p.write("text/plain")
	p.key("Tab")
	p.key("space")
	p.key("Tab")
	p.write("600")
	p.keys("Tab", 3) // past the response topic and the segments
	p.write("c-1")
	p.shot("form-will")
	p.keys("Tab", 1)
	p.key("space") // adds a property and goes to its name
	p.write("site")
	p.key("Tab")
	p.write("north")
	p.shot("form-will-properties")
	p.key("Return")
	p.click("question.ok") // nothing keeps a password here, and there is none
	p.wait("a connection", func(s State) bool {
		c := s.Connection("Greenhouse")
		return c != nil && c.Status == "connected" && c.Version == "5"
	})
	for _, want := range []string{`as e2e-form \(p5, c1, k47, u'ana'\)`, `Will message specified \(4 bytes\) \(r1, q0\)`, `e2e/will`} {
		p.until("“"+want+"” in the broker's log", func() bool { return log.has(want) })
	}
	for _, want := range []string{`invented_later = ['"]keep me['"]`, `invented_later = ['"]keep me, too['"]`, `version = 9`, `content_type = ['"]text/plain['"]`} {
		p.until("“"+want+"” in the file", func() bool {
			text, err := os.ReadFile(file)
			return err == nil && regexp.MustCompile(want).Match(text)
		})
	}

	wills := mosquittoSubAs(t, tcp, "e2e/will", "%t|%p|%C|%F|%R|%D|%P", "-V", "5")
	p.kill()
	expect(t, wills, "e2e/will|gone|text/plain|1|e2e/answers|c-1|site:north")
}

// keys presses one key several times.
func (p *program) keys(name string, times int) {
	p.t.Helper()
	for range times {
		p.key(name)
	}
}

// kill ends the program as a crash does.
func (p *program) kill() {
	cmd := p.cmd
	p.cmd = nil
	_ = cmd.Process.Kill()
	if err := <-p.exited; err == nil {
		p.t.Error("the program ended by itself")
	}
}

// brokerLog is what mosquitto said.
type brokerLog struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *brokerLog) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *brokerLog) has(pattern string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return regexp.MustCompile(pattern).MatchString(l.text.String())
}

// mosquittoBroker runs a mosquitto with TCP and WebSocket until the test ends.
func mosquittoBroker(t *testing.T) (tcp, ws string, log *brokerLog) {
	t.Helper()
	tcp, ws, log = freeAddress(t), freeAddress(t), &brokerLog{}
	var conf strings.Builder
	for _, l := range []struct{ address, protocol string }{{tcp, "mqtt"}, {ws, "websockets"}} {
		host, port, _ := net.SplitHostPort(l.address)
		fmt.Fprintf(&conf, "listener %s %s\nprotocol %s\n", port, host, l.protocol)
	}
	conf.WriteString("allow_anonymous true\nlog_type all\nlog_dest stderr\npersistence false\n")
	file := filepath.Join(t.TempDir(), "conf")
	if err := os.WriteFile(file, []byte(conf.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	path, err := exec.LookPath("mosquitto")
	if err != nil {
		path = "/usr/sbin/mosquitto"
	}
	cmd := exec.CommandContext(t.Context(), path, "-c", file)
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		if t.Failed() {
			t.Logf("mosquitto said:\n%s", log.text.String())
		}
	})
	return tcp, ws, log
}

// freeAddress returns an address on this machine that nobody listens on.
func freeAddress(t *testing.T) string {
	t.Helper()
	return net.JoinHostPort("127.0.0.1", strconv.Itoa(sessiontest.FreePort(t)))
}
