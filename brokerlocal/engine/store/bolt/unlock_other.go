//go:build !(linux || darwin || freebsd || netbsd || openbsd || dragonfly)

package bolt

import "os"

// unlock has nothing to do: the lock goes with the handle.
func unlock(*os.File) error { return nil }
