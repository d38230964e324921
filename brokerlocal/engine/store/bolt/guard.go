package bolt

import (
	"errors"
	"fmt"
	"runtime/debug"

	berrors "go.etcd.io/bbolt/errors"

	"tidings/brokerlocal/engine/store"
)

// guard makes a call into bbolt and returns a panic as store.ErrDamaged. That includes
// the fault of reading a mapped page that the file does not have, which would
// end the process otherwise.
func (f *file) guard(call func() error) (err error) {
	faults := debug.SetPanicOnFault(true) // of this goroutine
	defer func() {
		debug.SetPanicOnFault(faults)
		if p := recover(); p != nil {
			f.mu.Lock()
			defer f.mu.Unlock()
			f.stuck = true
			err = fmt.Errorf("%w: %v", store.ErrDamaged, p)
		}
	}()
	return call()
}

// named returns err as store.ErrFull if that is what it means.
func named(err error) error {
	if errors.Is(err, berrors.ErrMaxSizeReached) {
		return fmt.Errorf("%w: %w", store.ErrFull, err)
	}
	return store.Named(err)
}
