//go:build unix

package main

import (
	"log/slog"
	"os"
	"syscall"

	"golang.org/x/sys/unix"

	"tidings/brokerlocal/engine/listener"
)

// spareFiles are the files a broker has open besides the connections that it
// counts.
const spareFiles = 64 + listener.Spare

// raiseFileLimit lets the process open as many files as the system allows,
// and warns when that is less than connections need.
func raiseFileLimit(log *slog.Logger, connections int) {
	var l unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &l); err != nil {
		return
	}
	if l.Cur < l.Max {
		raised := l
		raised.Cur = l.Max
		if unix.Setrlimit(unix.RLIMIT_NOFILE, &raised) == nil {
			l = raised
		}
	}
	if l.Cur < uint64(connections+spareFiles) {
		log.Warn("the system allows fewer open files than connections may need", "files", l.Cur, "connections", connections)
	}
}

// reloadSignals ask for users and rules to be read again.
func reloadSignals() []os.Signal { return []os.Signal{syscall.SIGHUP} }
