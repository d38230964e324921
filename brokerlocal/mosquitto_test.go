package brokerlocal

import (
	"bufio"
	"bytes"
	"os/exec"
	"strconv"
	"strings"
	"testing"
)

// tool is one of mosquitto's clients, aimed at a broker.
func tool(t *testing.T, b *Broker, name string, args ...string) *exec.Cmd {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("%s is not installed", name)
	}
	s := b.Snapshot()
	args = append([]string{"-h", s.Host, "-p", strconv.Itoa(s.Port)}, args...)
	return exec.CommandContext(t.Context(), path, args...)
}

func output(t *testing.T, c *exec.Cmd) string {
	t.Helper()
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %v\n%s", c.Args, err, out)
	}
	return strings.TrimSpace(string(out))
}

func TestMosquittoClients(t *testing.T) {
	for _, version := range []string{"31", "311", "5"} {
		t.Run(version, func(t *testing.T) {
			b, address := running(t, nil)
			t.Run("retained", func(t *testing.T) {
				output(t, tool(t, b, "mosquitto_pub", "-V", version, "-t", "r/1", "-m", "kept", "-r", "-q", "1"))
				got := output(t, tool(t, b, "mosquitto_sub", "-V", version, "-t", "r/+", "-C", "1", "-W", "60", "-F", "%t %r %p"))
				if got != "r/1 1 kept" {
					t.Errorf("got %q", got)
				}
				if n := b.Snapshot().Retained; n != 1 {
					t.Errorf("%d retained", n)
				}
				output(t, tool(t, b, "mosquitto_pub", "-V", version, "-t", "r/1", "-n", "-r", "-q", "1"))
				if n := b.Snapshot().Retained; n != 0 {
					t.Errorf("%d retained after clearing", n)
				}
			})
			t.Run("live QoS 2", func(t *testing.T) { liveQoS2(t, b, version) })
			t.Run("queued for an absent client", func(t *testing.T) {
				args := []string{"-V", version, "-i", "away" + version, "-c", "-t", "q/#", "-q", "2", "-W", "60"}
				if version == "5" {
					args = append(args, "-x", "60")
				}
				output(t, tool(t, b, "mosquitto_sub", append(args, "-E")...))
				output(t, tool(t, b, "mosquitto_pub", "-V", version, "-t", "q/1", "-m", "waited", "-q", "2"))
				got := output(t, tool(t, b, "mosquitto_sub", append(args, "-C", "1", "-F", "%t %q %p")...))
				if got != "q/1 2 waited" {
					t.Errorf("got %q", got)
				}
			})
			t.Run("will", func(t *testing.T) { will(t, b, address, version) })
			if n := b.Snapshot().Faults; n != 0 {
				t.Errorf("%d faults", n)
			}
		})
	}
}

// liveQoS2 subscribes, is sure of it by a retained message, and publishes.
func liveQoS2(t *testing.T, b *Broker, version string) {
	output(t, tool(t, b, "mosquitto_pub", "-V", version, "-t", "live/ready", "-m", "ready", "-r"))
	sub := tool(t, b, "mosquitto_sub", "-V", version, "-t", "live/#", "-q", "2", "-C", "51", "-W", "60", "-F", "%q %p")
	pipe, err := sub.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := sub.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(pipe)
	if !lines.Scan() || lines.Text() != "0 ready" {
		t.Fatalf("first line %q", lines.Text())
	}
	var in bytes.Buffer
	for i := range 50 {
		in.WriteString("message " + strconv.Itoa(i) + "\n")
	}
	pub := tool(t, b, "mosquitto_pub", "-V", version, "-t", "live/x", "-q", "2", "-l")
	pub.Stdin = &in
	output(t, pub)
	for i := range 50 {
		if !lines.Scan() || lines.Text() != "2 message "+strconv.Itoa(i) {
			t.Fatalf("line %d: %q", i, lines.Text())
		}
	}
	if err := sub.Wait(); err != nil {
		t.Fatal(err)
	}
}

// will kills a client and waits for its last words, with and without bytes.
func will(t *testing.T, b *Broker, address, version string) {
	watcher := dialMQTT(t, address, 4, "watcher")
	watcher.send(subscribeOf(4, 1, "will/#", 0))
	watcher.read()
	for _, payload := range [][]string{{"--will-payload", "gone"}, nil} {
		output(t, tool(t, b, "mosquitto_pub", "-V", version, "-t", "up", "-m", "up", "-r"))
		args := append([]string{"-V", version, "-t", "up", "--will-topic", "will/x", "--will-qos", "1"}, payload...)
		victim := tool(t, b, "mosquitto_sub", args...)
		pipe, err := victim.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := victim.Start(); err != nil {
			t.Fatal(err)
		}
		if up := bufio.NewScanner(pipe); !up.Scan() {
			t.Fatal("the client did not come up")
		}
		_ = victim.Process.Kill()
		_ = victim.Wait()
		want := join(text("will/x"))
		if payload != nil {
			want = append(want, payload[1]...)
		}
		if first, body := watcher.read(); first != 0x30 || !bytes.Equal(body, want) {
			t.Errorf("will: %#x %q, want %q", first, body, want)
		}
	}
}

func TestMosquittoWrongPassword(t *testing.T) {
	b, _ := running(t, func(c *Config) { c.Users = usersForTest() })
	for _, version := range []string{"31", "311", "5"} {
		output(t, tool(t, b, "mosquitto_pub", "-V", version, "-u", "ana", "-P", "right", "-t", "a", "-m", "x"))
		out, err := tool(t, b, "mosquitto_pub", "-V", version, "-u", "ana", "-P", "wrong", "-t", "a", "-m", "x").CombinedOutput()
		if err == nil || !strings.Contains(strings.ToLower(string(out)), "bad user") {
			t.Errorf("version %s: %v %s", version, err, out)
		}
	}
}
