package listener

import (
	"errors"
	"net"
	"net/netip"
	"sync"
)

// What is said when a cap is reached.
var (
	errTooMany     = errors.New("too many connections")
	errTooManyFrom = errors.New("too many connections from this address")
)

// Spare is how many connections a listener should take beyond those that the
// broker behind it does. The broker turns one too many away in its own words
// and counts it, and does not count those that are still in their handshake or
// only read a last word; a listener has to.
const Spare = 256

// Limits bounds how many connections are open at once. Safe for concurrent
// use; listeners share one.
type Limits struct {
	all, perAddress int

	mu      sync.Mutex
	open    int
	by      map[netip.Prefix]int
	refused int64
}

// NewLimits allows all connections together and perAddress from one address,
// 0 for no bound. An IPv6 address stands for its /64. This machine's own
// addresses (loopback, Unix sockets) only count for all.
func NewLimits(all, perAddress int) *Limits {
	return &Limits{all: all, perAddress: perAddress, by: make(map[netip.Prefix]int)}
}

// Open returns how many connections are open now.
func (l *Limits) Open() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.open
}

// Refused returns how many connections were turned away.
func (l *Limits) Refused() int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.refused
}

// admit counts one more connection; release is called once when it ends.
func (l *Limits) admit(a net.Addr) (release func(), err error) {
	if l == nil {
		return func() {}, nil
	}
	from, counted := origin(a)
	counted = counted && l.perAddress > 0
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.all > 0 && l.open >= l.all:
		err = errTooMany
	case counted && l.by[from] >= l.perAddress:
		err = errTooManyFrom
	}
	if err != nil {
		l.refused++
		return nil, err
	}
	l.open++
	if counted {
		l.by[from]++
	}
	return func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.open--
		if !counted {
			return
		}
		if l.by[from]--; l.by[from] == 0 {
			delete(l.by, from)
		}
	}, nil
}

// origin returns what connections are counted by; false for this machine.
func origin(a net.Addr) (netip.Prefix, bool) {
	tcp, ok := a.(*net.TCPAddr)
	if !ok {
		return netip.Prefix{}, false
	}
	ip := tcp.AddrPort().Addr().Unmap().WithZone("")
	if !ip.IsValid() || ip.IsLoopback() {
		return netip.Prefix{}, false
	}
	bits := 32
	if ip.Is6() {
		bits = 64
	}
	p, err := ip.Prefix(bits)
	return p, err == nil
}
