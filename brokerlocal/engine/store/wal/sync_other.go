//go:build !linux

package wal

import "os"

// syncData makes what was written safe: F_FULLFSYNC on macOS, and on Windows
// FlushFileBuffers.
func syncData(f *os.File) error { return f.Sync() }
