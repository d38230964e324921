package auth

import (
	"container/list"
	"net/netip"
	"sync"
	"time"
)

// How often an address may fail. The first few failures are free, for
// fingers; then each one locks the address for twice as long.
const (
	freeFailures   = 5
	firstLock      = time.Second
	longestLock    = 5 * time.Minute
	forgetFailures = 15 * time.Minute // after the last one
	maxAddresses   = 4096
)

// attempts counts failed logins by address. A success forgives nothing: who
// has one password could guess at others for ever. Loopback and Unix sockets
// are not counted: whoever is on this machine is its owner or behind a proxy
// of theirs. Safe for concurrent use.
type attempts struct {
	mu      sync.Mutex
	failed  map[netip.Addr]*list.Element
	order   list.List // of *failures, by the time of the last one
	limited uint64    // attempts that were refused
}

type failures struct {
	key     netip.Addr
	count   int
	last    time.Time
	until   time.Time // locked
	pending bool      // past the free failures, attempts run one at a time
}

// attempt is one login between begin and end.
type attempt struct {
	key  netip.Addr // the zero one: not counted
	solo bool       // it holds pending
}

// begin says whether this address may try now; who may must call end.
func (a *attempts) begin(address netip.Addr) (attempt, bool) {
	key := countedAs(address)
	if !key.IsValid() {
		return attempt{}, true
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	now := time.Now()
	a.forget(now)
	f := a.of(key)
	if f == nil || f.count < freeFailures {
		return attempt{key: key}, true
	}
	if f.pending || now.Before(f.until) {
		a.limited++
		return attempt{}, false
	}
	f.pending = true
	return attempt{key: key, solo: true}, true
}

// end says how the attempt went.
func (a *attempts) end(t attempt, failed bool) {
	if !t.key.IsValid() {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	f := a.of(t.key)
	if f != nil && t.solo {
		f.pending = false
	}
	if !failed {
		return
	}
	now := time.Now()
	a.forget(now)
	f = a.add(t.key)
	f.count++
	f.last = now
	if beyond := f.count - freeFailures; beyond >= 0 {
		lock := longestLock
		if beyond < 16 { // no overflow
			lock = min(firstLock<<beyond, longestLock)
		}
		f.until = now.Add(lock)
	}
}

// of returns the failures of an address, or nil.
func (a *attempts) of(key netip.Addr) *failures {
	if e := a.failed[key]; e != nil {
		return e.Value.(*failures)
	}
	return nil
}

// add returns the failures of an address, now the latest of all. When the
// table is full, the address that was quiet for the longest makes room.
func (a *attempts) add(key netip.Addr) *failures {
	if e := a.failed[key]; e != nil {
		a.order.MoveToBack(e)
		return e.Value.(*failures)
	}
	if len(a.failed) >= maxAddresses {
		a.drop(a.order.Front())
	}
	if a.failed == nil {
		a.failed = map[netip.Addr]*list.Element{}
	}
	f := &failures{key: key}
	a.failed[key] = a.order.PushBack(f)
	return f
}

// forget drops what is old.
func (a *attempts) forget(now time.Time) {
	for e := a.order.Front(); e != nil && now.Sub(e.Value.(*failures).last) >= forgetFailures; e = a.order.Front() {
		a.drop(e)
	}
}

func (a *attempts) drop(e *list.Element) {
	delete(a.failed, a.order.Remove(e).(*failures).key)
}

// refused returns how many attempts begin refused.
func (a *attempts) refused() uint64 {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.limited
}

// countedAs returns what stands for address in the table: of IPv6 the first
// 64 bits, since one host has all the rest to itself; the zero Addr for one
// that is not counted.
func countedAs(address netip.Addr) netip.Addr {
	address = address.Unmap().WithZone("")
	if !address.IsValid() || address.IsLoopback() {
		return netip.Addr{}
	}
	if address.Is6() {
		if p, err := address.Prefix(64); err == nil {
			return p.Addr()
		}
	}
	return address
}
