//go:build e2e && linux

package e2e

import (
	"bufio"
	"context"
	"net"
	"os/exec"
	"strings"
	"testing"
)

// endpoint splits the address of the broker into arguments for mosquitto's
// clients.
func endpoint(t *testing.T, address string) []string {
	t.Helper()
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		t.Fatal(err)
	}
	return []string{"-h", host, "-p", port}
}

// mosquittoPub publishes one message with QoS 1 and returns when it is done.
func mosquittoPub(t *testing.T, address, topic, payload string) {
	t.Helper()
	args := append(endpoint(t, address), "-q", "1", "-t", topic, "-m", payload)
	if out, err := exec.Command("mosquitto_pub", args...).CombinedOutput(); err != nil {
		t.Fatalf("mosquitto_pub: %v\n%s", err, out)
	}
}

// mosquittoSub subscribes and returns once the broker granted it; the channel
// then yields "topic|qos|payload" per message.
func mosquittoSub(t *testing.T, address, filter string) <-chan string {
	t.Helper()
	return mosquittoSubAs(t, address, filter, "%t|%q|%p")
}

// mosquittoSubAs is mosquittoSub with a format and further arguments.
func mosquittoSubAs(t *testing.T, address, filter, format string, more ...string) <-chan string {
	t.Helper()
	const mark = "message:"
	ctx, cancel := context.WithTimeout(context.Background(), 2*patience)
	// -d reports the SUBACK; stdbuf makes it do so at once.
	args := append([]string{"-oL", "mosquitto_sub", "-d", "-q", "2", "-F", mark + format, "-t", filter}, append(endpoint(t, address), more...)...)
	cmd := exec.CommandContext(ctx, "stdbuf", args...)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := make(chan string, 16)
	ready := make(chan bool, 1)
	t.Cleanup(func() {
		cancel()
		for range lines { // until the reader below has ended
		}
		_ = cmd.Wait()
	})
	go func() {
		defer close(lines)
		for s := bufio.NewScanner(out); s.Scan(); {
			switch line := s.Text(); {
			case strings.HasPrefix(line, "Subscribed "):
				ready <- true
			case strings.HasPrefix(line, mark):
				lines <- strings.TrimPrefix(line, mark)
			}
		}
		close(ready)
	}()
	if !<-ready {
		t.Fatal("mosquitto_sub was not subscribed")
	}
	return lines
}
