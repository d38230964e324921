package dispatch

import "sync"

// Manual is a Dispatcher for tests: functions wait until the test pumps them
// on its own goroutine, which so plays the UI goroutine.
type Manual struct {
	*Dispatcher
	mu    sync.Mutex
	queue []func()
}

// NewManual returns a dispatcher that runs nothing by itself.
func NewManual() *Manual {
	m := &Manual{}
	m.Dispatcher = New(func(f func()) {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.queue = append(m.queue, f)
	})
	return m
}

// Pump runs what is queued, and what that queues in turn, on the calling
// goroutine, and returns how many functions ran.
func (m *Manual) Pump() int {
	for n := 0; ; n++ {
		f, ok := m.pop()
		if !ok {
			return n
		}
		f()
	}
}

// Queued returns how many functions wait.
func (m *Manual) Queued() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.queue)
}

func (m *Manual) pop() (func(), bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.queue) == 0 {
		return nil, false
	}
	f := m.queue[0]
	m.queue = m.queue[1:]
	return f, true
}
