package link

import (
	"sync"
	"sync/atomic"
	"syscall"
)

// seesUnread says that unread does what it says.
const seesUnread = true

// unread knows which sockets hold bytes that nobody has read yet. The zero
// value knows of none. To watch a socket is a system call, and most clients
// that come and go meet no PUBLISH that would look: who looks lets those in
// that have come since.
type unread struct {
	mu    sync.RWMutex
	open  bool
	poll  int          // an epoll instance of our own: the runtime's cannot be asked
	late  []*Conn      // not watched yet
	fresh atomic.Int32 // len(late)
}

// watched is what unread notes in a Conn, under its mu.
type watched struct {
	place  int // in unread.late, counted from 1; 0: not there
	socket int // as the epoll instance knows it; 0: not at all
}

// looked is how many sockets some looks at: where more are waiting, nobody can
// tell who came first.
const looked = 8

// letIn is how many sockets one look begins to watch: it takes no longer than
// a millisecond.
const letIn = 512

func (u *unread) start() {
	fd, err := syscall.EpollCreate1(syscall.EPOLL_CLOEXEC)
	u.poll, u.open = fd, err == nil // without, there is a bit less order
}

func (u *unread) close() {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.open {
		u.open, u.late = false, nil
		u.fresh.Store(0)
		_ = syscall.Close(u.poll)
	}
}

// add watches a connection until it is closed.
func (u *unread) add(c *Conn) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if !u.open || c.watched.place > 0 {
		return
	}
	u.late = append(u.late, c)
	c.watched.place = len(u.late)
	u.fresh.Store(int32(len(u.late)))
}

// remove forgets a connection that ends. What is watched ends by itself.
func (u *unread) remove(c *Conn) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if !u.open || c.watched.place == 0 {
		return
	}
	last := u.late[len(u.late)-1]
	u.late[c.watched.place-1], last.watched.place = last, c.watched.place
	u.shorten()
	c.watched.place = 0
}

func (u *unread) shorten() {
	n := len(u.late) - 1
	u.late[n] = nil
	u.late = u.late[:n]
	u.fresh.Store(int32(n))
}

// enter begins to watch those that came last.
func (u *unread) enter() {
	u.mu.Lock()
	defer u.mu.Unlock()
	for n := 0; u.open && n < letIn && len(u.late) > 0; n++ {
		c := u.late[len(u.late)-1]
		u.shorten()
		c.watched.place = 0
		_ = c.raw.Control(func(fd uintptr) {
			c.watched.socket = int(fd)
			_ = syscall.EpollCtl(u.poll, syscall.EPOLL_CTL_ADD, int(fd), &syscall.EpollEvent{Events: syscall.EPOLLIN, Fd: int32(fd)})
		})
	}
}

// watch says whether somebody will read what comes in a watched socket.
func (u *unread) watch(c *Conn, on bool) {
	u.mu.RLock()
	defer u.mu.RUnlock()
	if !u.open || c.watched.socket == 0 {
		return
	}
	var events uint32
	if on {
		events = syscall.EPOLLIN
	}
	_ = c.raw.Control(func(fd uintptr) {
		_ = syscall.EpollCtl(u.poll, syscall.EPOLL_CTL_MOD, int(fd), &syscall.EpollEvent{Events: events, Fd: int32(fd)})
	})
}

// some reports whether a SUBSCRIBE or UNSUBSCRIBE waits in a socket other than
// own's, as far as the first byte there says so. It never blocks.
func (u *unread) some(own *Conn) bool {
	if u.fresh.Load() > 0 {
		u.enter()
	}
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
		if int(e.Fd) == own.watched.socket || e.Events&(syscall.EPOLLERR|syscall.EPOLLHUP) != 0 {
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
