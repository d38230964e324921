package store

import (
	"fmt"
	"runtime/debug"
)

// PanicError says that a method of an item panicked, or Commit did.
type PanicError struct {
	Value any
	Stack []byte
}

// Error returns what the panic said, without the stack.
func (e *PanicError) Error() string { return fmt.Sprint("panic: ", e.Value) }

// OnPanic has f called for each item that panicked in Prepare, which then is
// done with the error and nothing of it is stored, or in Done, which is not
// called again: f says so to who waits for the item. It runs on the journal's
// goroutine, before that Done. Call OnPanic before the first Post.
func (j *Journal) OnPanic(f func(Item, *PanicError)) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.onPanic = f
}

// prepare appends the operations of the n-th item of a batch; one that panics
// has none and fails.
func (j *Journal) prepare(item Item, n int) {
	start := len(j.ops)
	defer func() {
		if p := recover(); p != nil {
			clear(j.ops[start:])
			j.ops = j.ops[:start]
			if j.broken == nil {
				j.broken = map[int]*PanicError{}
			}
			j.broken[n] = j.panicked(item, p)
		}
	}()
	j.ops = item.Prepare(j.ops)
}

// done tells the n-th item of a batch how it went.
func (j *Journal) done(item Item, n int, err error) {
	defer func() {
		if p := recover(); p != nil {
			_ = j.panicked(item, p) // it was told before
		}
	}()
	if broken := j.broken[n]; broken != nil {
		err = broken
	}
	item.Done(err)
}

// panicked tells the owner of the journal.
func (j *Journal) panicked(item Item, value any) *PanicError {
	err := &PanicError{Value: value, Stack: debug.Stack()}
	j.mu.Lock()
	f := j.onPanic
	j.mu.Unlock()
	if f != nil {
		defer func() { _ = recover() }() // it has nobody to tell
		f(item, err)
	}
	return err
}

// store commits ops. A panic of the store leaves nobody knows what: it is not
// used again.
func (j *Journal) store(ops []Op) (err error) {
	if j.lost != nil {
		return j.lost
	}
	defer func() {
		if p := recover(); p != nil {
			j.lost = fmt.Errorf("%w: %w", ErrFailed, &PanicError{Value: p, Stack: debug.Stack()})
			err = j.lost
		}
	}()
	return j.kept.Commit(ops)
}
