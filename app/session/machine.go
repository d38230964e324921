package session

import (
	"net"
	"slices"
	"time"

	"tidings/app"
)

const (
	// watchEvery is how often the machine is looked at while a session waits
	// for its next attempt, and never else.
	watchEvery = 3 * time.Second
	// asleepFor is how far the clock must have gone ahead of the running time
	// for the machine to have slept; less is a clock being set right.
	asleepFor = 10 * time.Second
	// networkEvery is how often a change of the network counts: the interfaces
	// of containers and virtual machines come and go all day.
	networkEvery = time.Minute
)

// Machine is what a session asks the machine for while it waits. Both
// functions must be quick and safe for concurrent use; nil asks the system.
type Machine struct {
	// Addresses returns the addresses of the network interfaces.
	Addresses func() []string
	// Clock returns the time of day. On Linux and macOS it goes on while the
	// machine sleeps, and the running time does not.
	Clock func() time.Time
}

// watch returns what looks for changes from now on.
func (m Machine) watch() *machineWatch {
	if m.Addresses == nil {
		m.Addresses = systemAddresses
	}
	if m.Clock == nil {
		m.Clock = time.Now
	}
	return &machineWatch{m: m, addresses: m.Addresses(), ran: time.Now(), clock: m.Clock().Round(0)}
}

// machineWatch remembers what it saw last.
type machineWatch struct {
	m          Machine
	addresses  []string
	ran, clock time.Time // running time and time of day of the last look
}

// news is what a look at the machine found.
type news byte

const (
	nothingNew  news = iota
	networkBack      // an address that was not there before
	awake            // the machine has slept
)

// look returns what happened since the last look, and for how long the machine
// slept.
func (w *machineWatch) look() (what news, slept time.Duration) {
	ran, clock := time.Now(), w.m.Clock().Round(0)
	slept = clock.Sub(w.clock) - ran.Sub(w.ran)
	now := w.m.Addresses()
	fresh := slices.ContainsFunc(now, func(a string) bool { return !slices.Contains(w.addresses, a) })
	w.addresses, w.ran, w.clock = now, ran, clock
	switch {
	case slept >= asleepFor:
		return awake, slept
	case fresh:
		return networkBack, 0
	}
	return nothingNew, 0
}

// hopeful looks at the machine and returns why an attempt makes sense right
// now: it is awake, or the network is back, which counts once a minute. A zero
// Text says that nothing of that kind happened.
func (r *run) hopeful(watch *machineWatch) app.Text {
	switch what, slept := watch.look(); what {
	case awake:
		return app.Say("session.log.awake", "Slept", slept.Round(time.Second))
	case networkBack:
		if r.backAt.IsZero() || time.Since(r.backAt) >= networkEvery {
			r.backAt = time.Now()
			return app.Say("session.log.network_back")
		}
	case nothingNew:
	}
	return app.Text{}
}

// systemAddresses returns the addresses that lead out of this machine; none
// when they cannot be read.
func systemAddresses() []string {
	all, err := net.InterfaceAddrs()
	if err != nil {
		return nil
	}
	var out []string
	for _, a := range all {
		if n, ok := a.(*net.IPNet); ok && n.IP.IsGlobalUnicast() {
			out = append(out, n.IP.String())
		}
	}
	return out
}
