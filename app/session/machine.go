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

// look returns why an attempt makes sense right now: the network is back, or
// the machine awake. A zero Text says that nothing of that kind happened.
func (w *machineWatch) look() app.Text {
	ran, clock := time.Now(), w.m.Clock().Round(0)
	slept := clock.Sub(w.clock) - ran.Sub(w.ran)
	now := w.m.Addresses()
	fresh := slices.ContainsFunc(now, func(a string) bool { return !slices.Contains(w.addresses, a) })
	w.addresses, w.ran, w.clock = now, ran, clock
	switch {
	case fresh:
		return app.Say("session.log.network_back")
	case slept >= asleepFor:
		return app.Say("session.log.awake", "Slept", slept.Round(time.Second))
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
