package bolt

import (
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
	"syscall"

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
			f.stuck = true
			err = fmt.Errorf("%w: %v", store.ErrDamaged, p)
		}
	}()
	return call()
}

// What Windows says when a disk is full.
const (
	windowsHandleDiskFull = syscall.Errno(39)
	windowsDiskFull       = syscall.Errno(112)
)

// named returns err as store.ErrFull if that is what it means.
func named(err error) error {
	if err == nil || !full(err) {
		return err
	}
	return fmt.Errorf("%w: %w", store.ErrFull, err)
}

func full(err error) bool {
	if errors.Is(err, berrors.ErrMaxSizeReached) {
		return true
	}
	codes := []syscall.Errno{syscall.ENOSPC, syscall.EDQUOT, syscall.EFBIG}
	if runtime.GOOS == "windows" {
		codes = append(codes, windowsDiskFull, windowsHandleDiskFull)
	}
	for _, code := range codes {
		// bbolt keeps only the text of an error while the file grows.
		if errors.Is(err, code) || strings.Contains(err.Error(), code.Error()) {
			return true
		}
	}
	return false
}
