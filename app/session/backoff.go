package session

import (
	"math/rand/v2"
	"time"
)

const (
	firstDelay = time.Second
	lastDelay  = 30 * time.Second
	// stableAfter is how long a connection must have lasted before its loss
	// starts the back-off anew: a broker that accepts and drops at once must
	// not be asked every second for ever.
	stableAfter = 30 * time.Second
)

// delay returns how long to wait before the attempt that follows n losses or
// failures in a row (n >= 1): 1 s doubled each time up to 30 s, spread by a
// quarter to both sides so that a thousand clients of a restarted broker do
// not return in step.
func delay(n int) time.Duration {
	d := lastDelay
	if n < 6 {
		d = firstDelay << max(0, n-1)
	}
	d += time.Duration((rand.Float64() - 0.5) * 0.5 * float64(d))
	return min(max(d, firstDelay), lastDelay)
}
