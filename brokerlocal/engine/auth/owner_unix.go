//go:build unix

package auth

import (
	"io/fs"
	"os"
	"syscall"
)

// keepOwner gives f the owner and the group of was.
func keepOwner(f *os.File, was fs.FileInfo) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	now, ok := info.Sys().(*syscall.Stat_t)
	then, ok2 := was.Sys().(*syscall.Stat_t)
	if !ok || !ok2 || now.Uid == then.Uid && now.Gid == then.Gid {
		return nil
	}
	return f.Chown(int(then.Uid), int(then.Gid))
}
