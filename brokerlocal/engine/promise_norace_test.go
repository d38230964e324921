//go:build !race

package engine_test

// many is how much of a long run is done: all of it.
func many(n int) int { return n }
