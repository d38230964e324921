package sessiontest_test

import (
	"testing"

	"tidings/app/session/sessiontest"
)

// A port that was handed out is not handed out again while its test runs, even
// before anybody listens there.
func TestAFreePortIsHandedOutOnce(t *testing.T) {
	given := map[int]bool{}
	for range 300 { // of 12,000: by chance alone, two of them would be the same
		port := sessiontest.FreePort(t)
		if given[port] {
			t.Fatalf("port %d was handed out twice", port)
		}
		given[port] = true
	}
}
