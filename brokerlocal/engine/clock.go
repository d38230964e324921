package engine

import (
	"container/heap"
	"sync"
	"time"
)

// clock runs what is due later: will delays, the end of sessions, expiring
// retained messages, the next round of $SYS. One goroutine sleeps until the
// earliest alarm, so the cost grows with what happens and not with how many
// clients there are. Its methods are safe for concurrent use.
type clock struct {
	mu    sync.Mutex
	queue alarms
	ended bool

	guard func(run func())
	wake  chan struct{} // holds one token: the earliest alarm has changed
	quit  chan struct{}
	done  chan struct{}
}

// alarm is one thing that is due at a time.
type alarm struct {
	at    time.Time
	run   func() // on the clock's goroutine, without its lock
	index int    // its place in the queue, -1 when it is in none
}

// newClock starts a clock. guard calls each alarm's run.
func newClock(guard func(run func())) *clock {
	c := &clock{guard: guard, wake: make(chan struct{}, 1), quit: make(chan struct{}), done: make(chan struct{})}
	go c.loop()
	return c
}

// after asks for run to be called in d, or as soon as may be when d is not
// positive. run must not wait for the clock.
func (c *clock) after(d time.Duration, run func()) *alarm {
	a := &alarm{at: time.Now().Add(d), run: run}
	c.mu.Lock()
	heap.Push(&c.queue, a)
	first := a.index == 0
	c.mu.Unlock()
	if first {
		select {
		case c.wake <- struct{}{}:
		default:
		}
	}
	return a
}

// cancel takes an alarm back; nil is none. One that is about to run still
// runs: whoever it calls looks whether it is still wanted.
func (c *clock) cancel(a *alarm) {
	if a == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if a.index >= 0 {
		heap.Remove(&c.queue, a.index)
	}
}

// close ends the clock and waits for the alarm that runs; the others never
// do.
func (c *clock) close() {
	c.mu.Lock()
	ended := c.ended
	c.ended = true
	c.mu.Unlock()
	if !ended {
		close(c.quit)
	}
	<-c.done
}

func (c *clock) loop() {
	defer close(c.done)
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		a, wait := c.next()
		if a != nil {
			c.guard(a.run)
			continue
		}
		timer.Reset(wait)
		select {
		case <-timer.C:
		case <-c.wake:
		case <-c.quit:
			return
		}
	}
}

// idle is how long the clock sleeps when nothing is due.
const idle = time.Hour

// next takes the alarm that is due from the queue, or says how long to wait
// for one.
func (c *clock) next() (due *alarm, wait time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.queue) == 0 || c.ended {
		return nil, idle
	}
	if wait = time.Until(c.queue[0].at); wait > 0 {
		return nil, wait
	}
	return heap.Pop(&c.queue).(*alarm), 0
}

// alarms is a heap by time.
type alarms []*alarm

// Len is for the heap.
func (q alarms) Len() int { return len(q) }

// Less is for the heap.
func (q alarms) Less(i, j int) bool { return q[i].at.Before(q[j].at) }

// Swap is for the heap.
func (q alarms) Swap(i, j int) {
	q[i], q[j] = q[j], q[i]
	q[i].index, q[j].index = i, j
}

// Push is for the heap.
func (q *alarms) Push(x any) {
	a := x.(*alarm)
	a.index = len(*q)
	*q = append(*q, a)
}

// Pop is for the heap.
func (q *alarms) Pop() any {
	last := len(*q) - 1
	a := (*q)[last]
	(*q)[last] = nil
	*q = (*q)[:last]
	a.index = -1
	return a
}
