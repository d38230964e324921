package crashtest_test

import (
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"tidings/brokerlocal/engine/crashtest"
)

// Clients of every kind come and go; when all have left, nothing of them is
// left, and nothing that was numbered is lost. With TIDINGS_SOAK_MINUTES it
// takes so long, memory has to stay flat, and the samples go to the file
// TIDINGS_SOAK_CSV; `make soak` sets them.
func TestNothingIsLeftOfClientsThatHaveLeft(t *testing.T) {
	minutes := asked(t, "TIDINGS_SOAK_MINUTES", 0)
	c := crashtest.SoakConfig{
		Time: 2 * time.Second, Clients: 40, Every: time.Second, Seed: asked(t, "TIDINGS_SOAK_SEED", rand.Uint64()),
	}
	if minutes > 0 {
		c.Time, c.Clients, c.Every = time.Duration(minutes)*time.Minute, 200, 10*time.Second
	}
	if name := os.Getenv("TIDINGS_SOAK_CSV"); name != "" {
		f, err := os.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = f.Close() }()
		c.CSV = io.MultiWriter(f, os.Stdout)
	}
	r, err := crashtest.Soak(t.Context(), t.TempDir(), c)
	t.Logf("seed %d: %s", c.Seed, r)
	if err != nil {
		t.Fatal(err)
	}
	if r.Visits == 0 || r.Received == 0 {
		t.Error("nothing went on")
	}
	if minutes == 0 || r.Base.RSS == 0 {
		return
	}
	first, last, flat := crashtest.Flat(r.Samples)
	t.Logf("RSS, median: first third %.1f MB, last third %.1f MB", float64(first)/1e6, float64(last)/1e6)
	if !flat {
		t.Error("memory grows")
	}
}

func TestFlatComparesTheLastThirdWithTheFirst(t *testing.T) {
	const mb = 1_000_000
	for _, c := range []struct {
		name string
		rss  []int // MB, a sample every 10 s
		flat bool
	}{
		{"flat", []int{20, 20, 20, 20, 20, 20, 20, 20, 20, 20}, true},
		{"only the start is lower", []int{5, 20, 20, 20, 20, 20, 20, 20, 20, 20}, true},
		{"a spike", []int{20, 20, 20, 20, 20, 20, 20, 90, 20, 20}, true},
		{"just within", []int{20, 20, 20, 20, 20, 20, 27, 27, 27, 27}, true},
		{"growing", []int{20, 22, 24, 26, 28, 30, 32, 34, 36, 38}, false},
		{"no samples", nil, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			var samples []crashtest.Sample
			for i, n := range c.rss {
				samples = append(samples, crashtest.Sample{At: time.Duration(i) * 10 * time.Second, RSS: n * mb})
			}
			if first, last, flat := crashtest.Flat(samples); flat != c.flat {
				t.Error(fmt.Sprint(first/mb, last/mb, flat))
			}
		})
	}
}
