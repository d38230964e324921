package store

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"syscall"
)

// What Windows says when a disk is full.
const (
	windowsHandleDiskFull = syscall.Errno(39)
	windowsDiskFull       = syscall.Errno(112)
)

// Named returns err as ErrFull if that is what the system says with it, and
// else as it is.
func Named(err error) error {
	if err == nil || errors.Is(err, ErrFull) || !full(err) {
		return err
	}
	return fmt.Errorf("%w: %w", ErrFull, err)
}

func full(err error) bool {
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
