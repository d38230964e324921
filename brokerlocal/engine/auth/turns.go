package auth

import (
	"context"
	"errors"
	"sync/atomic"
)

var errBusy = errors.New("too many logins wait for their turn")

// turns bounds how much password hashing goes on at once: a hash takes a
// processor for a while, and peers decide how many are asked for. The work
// runs on the goroutine that asks. Safe for concurrent use.
type turns struct {
	slots   chan struct{}
	waiting atomic.Int64
	queue   int64
	busy    atomic.Uint64 // how many were refused
}

func newTurns(workers, queue int) *turns {
	return &turns{slots: make(chan struct{}, workers), queue: int64(queue)}
}

// run does work when it is its turn. The error is errBusy when too many wait
// already, or that of ctx when it ended before.
func (t *turns) run(ctx context.Context, work func()) error {
	if t.waiting.Add(1) > t.queue+int64(cap(t.slots)) {
		t.waiting.Add(-1)
		t.busy.Add(1)
		return errBusy
	}
	defer t.waiting.Add(-1)
	if err := ctx.Err(); err != nil { // select would toss a coin
		t.busy.Add(1)
		return err
	}
	select {
	case t.slots <- struct{}{}:
	case <-ctx.Done():
		t.busy.Add(1)
		return ctx.Err()
	}
	defer func() { <-t.slots }()
	work()
	return nil
}
