package crashtest_test

import (
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"

	"go.uber.org/goleak"

	"tidings/brokerlocal/engine/crashtest"
)

func TestMain(m *testing.M) {
	if crashtest.Main() {
		return
	}
	goleak.VerifyTestMain(m)
}

// asked returns the number in an environment variable, or usual.
func asked(t *testing.T, name string, usual uint64) uint64 {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return usual
	}
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return n
}

// However often and whenever the process is killed, what was acknowledged
// comes out. TIDINGS_CRASH_ROUNDS and TIDINGS_CRASH_SEED say how often, and
// with which luck; `make crash` sets them.
func TestNothingAcknowledgedIsLostWhenTheProcessIsKilled(t *testing.T) {
	c := crashtest.Config{
		Rounds: int(asked(t, "TIDINGS_CRASH_ROUNDS", 8)), Seed: asked(t, "TIDINGS_CRASH_SEED", rand.Uint64()),
		Life: 400 * time.Millisecond, Log: t.Logf,
	}
	t.Logf("seed %d", c.Seed)
	sum, err := crashtest.Run(t.Context(), t.TempDir(), c)
	if err != nil {
		t.Errorf("seed %d: %s\n%v", c.Seed, sum, err)
		return
	}
	if sum.Acked[1] == 0 || sum.Acked[2] == 0 || sum.Received == 0 {
		t.Errorf("nothing went on: %s", sum)
	}
}
