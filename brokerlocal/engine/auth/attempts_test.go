package auth

import (
	"net/netip"
	"testing"
	"testing/synctest"
	"time"
)

func fail(a *attempts, address string) bool {
	t, ok := a.begin(netip.MustParseAddr(address))
	if ok {
		a.end(t, true)
	}
	return ok
}

func TestAttemptsLockForTwiceAsLongEachTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var a attempts
		for range freeFailures {
			if !fail(&a, "192.0.2.7") {
				t.Fatal("locked while failures are free")
			}
		}
		for lock := firstLock; lock < longestLock; lock *= 2 {
			time.Sleep(lock - time.Millisecond)
			if fail(&a, "192.0.2.7") {
				t.Fatalf("tried before %v were over", lock)
			}
			time.Sleep(time.Millisecond)
			if !fail(&a, "192.0.2.7") {
				t.Fatalf("locked after %v", lock)
			}
		}
		for range 100 { // never longer than the longest, and no overflow
			time.Sleep(longestLock)
			if !fail(&a, "192.0.2.7") {
				t.Fatal("locked for longer than the longest lock")
			}
		}
		if !fail(&a, "192.0.2.8") {
			t.Error("a neighbour is locked too")
		}
		time.Sleep(forgetFailures)
		for range freeFailures {
			if !fail(&a, "192.0.2.7") {
				t.Fatal("nothing is forgotten")
			}
		}
		if a.refused() != 9 {
			t.Errorf("%d refused", a.refused())
		}
	})
}

func TestAttemptsRunOneAtATimePastTheFreeOnes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var a attempts
		address := netip.MustParseAddr("192.0.2.7")
		for range freeFailures {
			fail(&a, "192.0.2.7")
		}
		time.Sleep(firstLock)
		first, ok := a.begin(address)
		if !ok {
			t.Fatal("still locked")
		}
		if _, ok := a.begin(address); ok {
			t.Error("a second one beside it")
		}
		a.end(first, false)
		if second, ok := a.begin(address); !ok {
			t.Error("not after a success")
		} else {
			a.end(second, true)
		}
		if fail(&a, "192.0.2.7") {
			t.Error("a success forgave the failures before it")
		}
	})
}

func TestAttemptsCountAddresses(t *testing.T) {
	tests := []struct {
		name, one, other string
		same             bool
	}{
		{"IPv4", "192.0.2.7", "192.0.2.8", false},
		{"IPv4 in IPv6", "192.0.2.7", "::ffff:192.0.2.7", true},
		{"one IPv6 network", "2001:db8::1", "2001:db8::ffff:1", true},
		{"another IPv6 network", "2001:db8::1", "2001:db8:0:1::1", false},
		{"zones", "fe80::1%eth0", "fe80::1%eth1", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var a attempts
			for range freeFailures {
				fail(&a, tt.one)
			}
			if fail(&a, tt.one) {
				t.Error("not locked")
			}
			if fail(&a, tt.other) == tt.same {
				t.Errorf("same address: %v", !tt.same)
			}
		})
	}
	var a attempts
	for range 10 * freeFailures {
		for _, address := range []string{"127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"} {
			if !fail(&a, address) {
				t.Fatalf("%s is locked", address)
			}
		}
		if socket, ok := a.begin(netip.Addr{}); !ok {
			t.Fatal("a Unix socket is locked")
		} else {
			a.end(socket, true)
		}
	}
}

// TestAttemptsAreBounded: any number of addresses fits, and the one that was
// quiet for the longest makes room.
func TestAttemptsAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var a attempts
		address := netip.MustParseAddr("10.0.0.0")
		for range 3 * maxAddresses {
			time.Sleep(time.Millisecond)
			one, _ := a.begin(address)
			a.end(one, true)
			address = address.Next()
		}
		if len(a.failed) != maxAddresses {
			t.Errorf("%d addresses", len(a.failed))
		}
		if _, ok := a.failed[address.Prev()]; !ok {
			t.Error("the newest is not there")
		}
		time.Sleep(forgetFailures)
		fail(&a, "192.0.2.7")
		if len(a.failed) != 1 {
			t.Errorf("%d addresses after all is forgotten", len(a.failed))
		}
	})
}
