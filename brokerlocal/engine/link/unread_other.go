//go:build !linux

package link

import "syscall"

// seesUnread says that unread does what it says.
const seesUnread = false

// unread would know which sockets hold bytes that nobody has read yet.
type unread struct{}

func (*unread) start()                  {}
func (*unread) close()                  {}
func (*unread) add(syscall.RawConn) int { return 0 }
func (*unread) some(int) bool           { return false }
