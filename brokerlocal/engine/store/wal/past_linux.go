package wal

import (
	"os"
	"syscall"
	"unsafe"
)

// past writes past the system's cache: what it has written is on the disk. One
// call does for a write and a sync, and the system has no copy to look after.
type past struct {
	file   *os.File
	memory []byte // at a place that the disk can read from
}

// What statfs(2) calls the file systems that are known to keep what open(2)
// says of O_DIRECT and O_DSYNC.
const (
	typeExt = 0xEF53
	typeXFS = 0x58465342
)

// memoryAlign is more than any disk asks of the place of what is written.
const memoryAlign = 4096

// openPast returns nil where files are not written that way.
func openPast(name string) *past {
	var in syscall.Statfs_t
	if err := syscall.Statfs(name, &in); err != nil || in.Type != typeExt && in.Type != typeXFS {
		return nil
	}
	f, err := os.OpenFile(name, os.O_WRONLY|syscall.O_DIRECT|syscall.O_DSYNC, 0)
	if err != nil {
		return nil
	}
	m := make([]byte, pastBytes+memoryAlign)
	at := memoryAlign - int(uintptr(unsafe.Pointer(&m[0]))%memoryAlign) //nolint:gosec // where it is, and nothing else
	return &past{file: f, memory: m[at : at+pastBytes]}
}

// write writes up to pastBytes. The error syscall.EINVAL says that the disk
// wants larger blocks than ours, or others.
func (p *past) write(b []byte, at int64) (int, error) {
	return p.file.WriteAt(p.memory[:copy(p.memory, b)], at)
}
