package engine

import (
	"math"
	"strconv"
	"time"
)

// loads are the spans over which $SYS/broker/load averages.
var loads = [...]struct {
	name    string
	minutes float64
}{{"1min", 1}, {"5min", 5}, {"15min", 15}}

// load is a counter's moving average, as mosquitto computes it: how much a
// minute brings, the past fading with the span.
type load struct {
	last    uint64
	average [len(loads)]float64
}

// update takes the counter's present value, elapsed after the last one.
func (l *load) update(now uint64, elapsed time.Duration) {
	if elapsed <= 0 {
		return
	}
	perMinute := float64(now-l.last) * float64(time.Minute) / float64(elapsed)
	l.last = now
	for i, span := range loads {
		fade := math.Exp(-elapsed.Minutes() / span.minutes)
		l.average[i] = perMinute + fade*(l.average[i]-perMinute)
	}
}

func (l *load) text(i int) string { return strconv.FormatFloat(l.average[i], 'f', 2, 64) }
