//go:build e2e && linux

package e2e

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"tidings/app"
	"tidings/app/mqtt/tap/firehose"
	"tidings/profiles"
)

// flood is what a second of the stream brings, and how long it lasts.
const (
	floodRate    = 50_000
	floodSeconds = 60
)

// TestFlood follows 50,000 messages a second for a minute in the real window
// and reports how long frames took and how much memory came on top of the
// stored messages. It is a measurement: make bench runs it.
func TestFlood(t *testing.T) {
	measurement(t)
	s, err := firehose.Start(firehose.Config{
		Topics: 10_000, Payload: 64, Rate: floodRate, Messages: floodRate * floodSeconds,
	})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	home := t.TempDir()
	saved, err := profiles.Open(home+"/profiles", nil)
	if err != nil {
		t.Fatal(err)
	}
	profile := app.DefaultProfile()
	profile.ID, profile.Name, profile.Host, profile.Port = app.NewID(), "Flood", "127.0.0.1", s.Port()
	profile.Subscriptions = []app.Subscription{{Filter: "#"}}
	if err := saved.Save(profile); err != nil {
		t.Fatal(err)
	}

	p := start(t, home)
	p.wait("the profile", func(s State) bool { return len(s.Profiles) == 1 })
	p.click("page.connect")
	p.wait("the tabs", func(s State) bool { _, ok := s.Controls["tab.subscribe"]; return ok })
	p.click("tab.subscribe")
	begin := p.wait("the stream", func(s State) bool {
		c := s.Connection("Flood")
		return s.Tab == "subscribe" && c != nil && c.Messages > 5*floodRate
	})
	rss := residentMB(t, p.cmd.Process.Pid)
	half := p.floodUntil(floodSeconds / 2 * floodRate)
	p.shot("flood")
	end := p.floodUntil(floodSeconds * floodRate)
	growth := residentMB(t, p.cmd.Process.Pid) - rss - float64(end.Memory-begin.Memory)/(1<<20)
	t.Logf("halfway: %d frames, median %.1f ms, 99th percentile %.1f ms", half.Frames.Count, half.Frames.Median, half.Frames.P99)
	fmt.Printf("flood: %d messages in %d s, %d frames: median %.1f ms, 99th percentile %.1f ms, worst %.1f ms; store %.0f MB, %.0f MB of growth beyond it\n",
		end.Connection("Flood").Messages, floodSeconds, end.Frames.Count, end.Frames.Median, end.Frames.P99, end.Frames.Worst,
		float64(end.Memory)/(1<<20), growth)
}

// TestStart reports how long the program takes to its first frame, on a home
// that has been used before. It is a measurement: make bench runs it.
func TestStart(t *testing.T) {
	measurement(t)
	home := t.TempDir()
	var took []float64
	for range 6 {
		p := start(t, home)
		s := p.wait("the first frame", func(s State) bool { return s.Frames.First > 0 })
		took = append(took, s.Frames.First)
		p.end()
	}
	took = took[1:] // the first one fills the caches
	slices.Sort(took)
	fmt.Printf("start: first frame after %.0f ms (median of %d, %.0f to %.0f ms)\n",
		took[len(took)/2], len(took), took[0], took[len(took)-1])
}

// measurement skips a test that only prints figures, unless it is asked for.
func measurement(t *testing.T) {
	t.Helper()
	if os.Getenv("TIDINGS_MEASURE") == "" {
		t.Skip("a measurement: make bench sets TIDINGS_MEASURE")
	}
}

// floodUntil waits until the window counts n messages.
func (p *program) floodUntil(n uint64) State {
	p.t.Helper()
	deadline := time.Now().Add(2 * floodSeconds * time.Second)
	for {
		s, err := p.now()
		if c := s.Connection("Flood"); err == nil && c != nil && c.Messages >= n {
			return s
		}
		if time.Now().After(deadline) {
			p.t.Fatalf("the window counts %+v", s.Connections)
		}
		<-time.After(200 * time.Millisecond)
	}
}

// residentMB returns the resident memory of a process in MB.
func residentMB(t *testing.T, pid int) float64 {
	t.Helper()
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kb, err := strconv.Atoi(strings.Fields(rest)[0])
			if err != nil {
				t.Fatal(err)
			}
			return float64(kb) / 1024
		}
	}
	t.Fatal("no VmRSS")
	return 0
}
