package crashtest

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Sample is what a broker process holds at one moment.
type Sample struct {
	At    time.Duration // since it began
	RSS   int           // bytes; 0 where the system does not say
	Files int           // open; 0 likewise
	Stats
}

const sampleHeader = "seconds,rss_bytes,heap_bytes,goroutines,files,clients,away,subscriptions,retained,in,out,dropped,faults"

// String returns a line of CSV, as sampleHeader names it.
func (s Sample) String() string {
	return fmt.Sprintf("%.0f,%d,%d,%d,%d,%d,%d,%d,%d,%d,%d,%d,%d", s.At.Seconds(), s.RSS, s.Heap, s.Goroutines, s.Files,
		s.Clients, s.Away, s.Subscriptions, s.Retained, s.MessagesIn, s.MessagesOut, s.Dropped.Sum(), s.Faults)
}

// sample asks the process and, on Linux, the system.
func (p *Process) sample(at time.Duration) (Sample, error) {
	stats, err := p.Stats()
	s := Sample{At: at, Stats: stats}
	proc := "/proc/" + strconv.Itoa(p.PID())
	if text, err := os.ReadFile(proc + "/statm"); err == nil {
		if f := strings.Fields(string(text)); len(f) > 1 {
			pages, _ := strconv.Atoi(f[1])
			s.RSS = pages * os.Getpagesize()
		}
	}
	if list, err := os.ReadDir(proc + "/fd"); err == nil {
		s.Files = len(list)
	}
	return s, err
}

// Flat compares the last third of the samples with the first one, from when
// it was warm (a tenth of the time, a minute at most). The medians of RSS are
// returned, in bytes, and whether the last is at most the first × 1.1 + 5 MB.
func Flat(samples []Sample) (first, last int, flat bool) {
	if len(samples) == 0 {
		return 0, 0, false
	}
	warm := min(time.Minute, samples[len(samples)-1].At/10)
	samples = slices.DeleteFunc(slices.Clone(samples), func(s Sample) bool { return s.At < warm })
	third := max(1, len(samples)/3)
	first, last = medianRSS(samples[:third]), medianRSS(samples[len(samples)-third:])
	return first, last, last <= first+first/10+5_000_000
}

func medianRSS(samples []Sample) int {
	var list []int
	for _, s := range samples {
		list = append(list, s.RSS)
	}
	slices.Sort(list)
	return list[len(list)/2]
}
