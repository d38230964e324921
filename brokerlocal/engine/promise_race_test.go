//go:build race

package engine_test

// many is what a long run comes down to under the race detector, which makes
// everything some ten times slower and needs no long runs to see a race.
func many(n int) int { return n / 10 }
