package adapter

import (
	"sync"

	"tidings/app"
)

// eventsCap holds the events of several connections: each makes two at most.
const eventsCap = 16

// Events is the channel behind app.Client.Events. It never blocks the sender:
// when nobody reads, the oldest event gives way. Safe for concurrent use.
type Events struct {
	mu     sync.Mutex
	ch     chan app.Event
	closed bool
}

// NewEvents returns an open queue.
func NewEvents() *Events { return &Events{ch: make(chan app.Event, eventsCap)} }

// C returns the channel; Close closes it.
func (e *Events) C() <-chan app.Event { return e.ch }

// Send appends ev. After Close it does nothing.
func (e *Events) Send(ev app.Event) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for !e.closed {
		select {
		case e.ch <- ev:
			return
		default:
		}
		select {
		case <-e.ch:
		default:
		}
	}
}

// Close closes the channel. It may be called again.
func (e *Events) Close() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if !e.closed {
		e.closed = true
		close(e.ch)
	}
}
