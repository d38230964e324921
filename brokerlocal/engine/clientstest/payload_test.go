package clientstest

import (
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
)

// blob returns n bytes of every value and the file they are in. The same n
// gives the same bytes.
func blob(t *testing.T, n int) (content []byte, path string) {
	t.Helper()
	content = make([]byte, n)
	_, _ = rand.NewChaCha8([32]byte{byte(n)}).Read(content)
	path = filepath.Join(t.TempDir(), "payload")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return content, path
}

func TestAMebibyteArrivesByteForByte(t *testing.T) {
	content, path := blob(t, 1<<20)
	eachVersion(t, options{}, func(t *testing.T, b *broker, v string) {
		for _, qos := range []string{"0", "1", "2"} {
			does(t, b.tool(t, "mosquitto_pub", "-V", v, "-t", "big/"+qos, "-q", qos, "-r", "-f", path))
			var out bytes.Buffer
			sub := b.tool(t, "mosquitto_sub", "-V", v, "-t", "big/"+qos, "-q", "2", "-C", "1", "-W", "60", "-N")
			sub.Stdout = &out
			if err := sub.Run(); err != nil {
				t.Fatalf("QoS %s: %v", qos, err)
			}
			if !bytes.Equal(out.Bytes(), content) {
				t.Errorf("QoS %s: %d bytes arrived, and not those that were sent", qos, out.Len())
			}
		}
	})
}

// TestAPacketAboveTheCapIsRefused also has all others go on undisturbed.
func TestAPacketAboveTheCapIsRefused(t *testing.T) {
	const limit = 256 << 10
	_, tooLarge := blob(t, limit)
	content, fits := blob(t, limit-100)
	eachVersion(t, options{maxPacket: limit}, func(t *testing.T, b *broker, v string) {
		sub := b.subscribed(t, "-V", v, "-t", "big/#", "-F", "%t %l")
		// At QoS 0: at others mosquitto_pub tries again for ever.
		_, _ = run(t, b.tool(t, "mosquitto_pub", "-V", v, "-t", "big/x", "-f", tooLarge))
		if v == "mqttv5" {
			if n := b.Snapshot().Refused; n != 0 {
				t.Error("a client that was told the limit went above it")
			}
		} else {
			await(t, func() bool { return b.Snapshot().Refused == 1 })
		}
		does(t, b.tool(t, "mosquitto_pub", "-V", v, "-t", "big/y", "-q", "1", "-f", fits))
		if got, want := sub.line(), "big/y 262044"; got != want || len(content) != 262044 {
			t.Errorf("got %q, want %q", got, want)
		}
	})
}
