package session_test

import (
	"fmt"
	"io"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"tidings/app"
	"tidings/app/session"
)

// fakeMachine is a machine whose network and clock a test moves.
type fakeMachine struct {
	mu        sync.Mutex
	addresses []string
	slept     time.Duration
	looks     int
}

func (m *fakeMachine) machine() session.Machine {
	return session.Machine{
		Addresses: func() []string {
			m.mu.Lock()
			defer m.mu.Unlock()
			m.looks++
			return m.addresses
		},
		Clock: func() time.Time {
			m.mu.Lock()
			defer m.mu.Unlock()
			return time.Now().Add(m.slept)
		},
	}
}

func (m *fakeMachine) set(f func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	f()
}

// A session that waits tries at once when the network comes back or the
// machine wakes up, and says so; nothing else shortens the wait.
func TestTheNetworkCutsTheWaitShort(t *testing.T) {
	home := []string{"192.0.2.7"}
	for _, c := range []struct {
		name   string
		before []string
		change func(*fakeMachine)
		said   string // "": the wait is not cut short
	}{
		{"the network is back", nil, func(m *fakeMachine) { m.addresses = home }, "session.log.network_back"},
		{"another network", home, func(m *fakeMachine) { m.addresses = []string{"198.51.100.9"} }, "session.log.network_back"},
		{"an address more, of a VPN", home, func(m *fakeMachine) { m.addresses = append(home[:1:1], "203.0.113.4") }, "session.log.network_back"},
		{"the machine slept", home, func(m *fakeMachine) { m.slept = time.Hour }, "session.log.awake"},
		{"the machine slept, and woke up elsewhere", home, func(m *fakeMachine) { m.slept, m.addresses = time.Hour, []string{"198.51.100.9"} }, "session.log.awake"},
		{"nothing", home, func(*fakeMachine) {}, ""},
		{"the network is gone", home, func(m *fakeMachine) { m.addresses = nil }, ""},
		{"the clock is set right", home, func(m *fakeMachine) { m.slept = 4 * time.Second }, ""},
		{"the clock is set back", home, func(m *fakeMachine) { m.slept = -time.Hour }, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := &fakeMachine{addresses: c.before}
			inWorldOf(t, m.machine(), func(t *testing.T, w *world) {
				w.connect()
				w.broker.Refuse(io.EOF)
				w.broker.Cut(app.ErrKeepAlive)
				for range 6 { // until it waits for half a minute
					s := w.state(session.Waiting)
					time.Sleep(time.Until(s.NextTry))
				}
				w.state(session.Waiting)
				w.broker.Refuse(nil)
				m.set(func() { c.change(m) })
				time.Sleep(4 * time.Second)
				synctest.Wait()
				s := w.Snapshot()
				if c.said == "" {
					if s.State != session.Waiting {
						t.Errorf("state %v", s.State)
					}
					return
				}
				if s.State != session.Connected {
					t.Fatalf("state %v, next attempt in %v", s.State, time.Until(s.NextTry))
				}
				if said := s.History[len(s.History)-3].Text.Key; said != c.said {
					t.Errorf("the log says %s", said)
				}
			})
		})
	}
}

// Docker takes interfaces up and down for as long as it runs: that must not make
// a broker that is down an attempt every few seconds.
func TestANetworkThatFlapsIsNotHammeredThrough(t *testing.T) {
	looks := 0
	flapping := session.Machine{Addresses: func() []string {
		looks++
		return []string{"192.0.2.7", fmt.Sprint("172.17.0.", looks%250)}
	}}
	inWorldOf(t, flapping, func(t *testing.T, w *world) {
		w.connect()
		w.broker.Refuse(io.EOF)
		w.broker.Cut(app.ErrKeepAlive)
		time.Sleep(10 * time.Minute)
		// A row that begins anew each minute is 1, 2, 4, 8, 16 s and a half
		// minute long.
		if n := len(w.broker.Attempts()); n < 40 || n > 80 {
			t.Errorf("%d attempts in ten minutes", n)
		}
	})
}

// The machine is looked at while a session waits, and at no other time.
func TestTheMachineIsLeftAlone(t *testing.T) {
	m := &fakeMachine{}
	inWorldOf(t, m.machine(), func(t *testing.T, w *world) {
		w.connect()
		time.Sleep(time.Hour)
		if err := w.Disconnect(t.Context()); err != nil {
			t.Error(err)
		}
		time.Sleep(time.Hour)
		if m.looks != 0 {
			t.Errorf("%d looks without need", m.looks)
		}
	})
}
