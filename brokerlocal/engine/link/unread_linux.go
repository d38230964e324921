package link

import (
	"sync"
	"syscall"
)

// seesUnread says that unread does what it says.
const seesUnread = true

// unread knows which sockets hold bytes that nobody has read yet. The zero
// value knows of none.
type unread struct {
	mu   sync.RWMutex
	open bool
	poll int // an epoll instance of our own: the runtime's cannot be asked
}

// looked is how many sockets some looks at: where more are waiting, nobody can
// tell who came first.
const looked = 8

func (u *unread) start() {
	fd, err := syscall.EpollCreate1(syscall.EPOLL_CLOEXEC)
	u.poll, u.open = fd, err == nil // without, there is a bit less order
}

func (u *unread) close() {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.open {
		u.open = false
		_ = syscall.Close(u.poll)
	}
}

// add watches a socket until it is closed, and returns what some knows it by.
func (u *unread) add(raw syscall.RawConn) (socket int) {
	u.mu.RLock()
	defer u.mu.RUnlock()
	if !u.open {
		return 0
	}
	_ = raw.Control(func(fd uintptr) {
		socket = int(fd)
		_ = syscall.EpollCtl(u.poll, syscall.EPOLL_CTL_ADD, int(fd), &syscall.EpollEvent{Events: syscall.EPOLLIN, Fd: int32(fd)})
	})
	return socket
}

// some reports whether a SUBSCRIBE or UNSUBSCRIBE waits in a socket other than
// own, as far as the first byte there says so. It never blocks.
func (u *unread) some(own int) bool {
	u.mu.RLock()
	defer u.mu.RUnlock()
	if !u.open {
		return false
	}
	var events [looked]syscall.EpollEvent
	n, err := syscall.EpollWait(u.poll, events[:], 0)
	if err != nil {
		return false
	}
	for _, e := range events[:n] {
		// The error of a socket that has failed is told once: to its reader.
		if int(e.Fd) == own || e.Events&(syscall.EPOLLERR|syscall.EPOLLHUP) != 0 {
			continue
		}
		var first [1]byte
		n, _, err := syscall.Recvfrom(int(e.Fd), first[:], syscall.MSG_PEEK|syscall.MSG_DONTWAIT)
		if err == nil && n == 1 && goesAhead(first[0]) {
			return true
		}
	}
	return false
}
