package auth

import "testing"

func newGuard(t testing.TB, c Config) *Guard {
	t.Helper()
	return New(c)
}
