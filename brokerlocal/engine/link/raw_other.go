//go:build !unix

package link

import (
	"net"
	"syscall"
)

// socket says whether writing several buffers at once is one system call.
// Reading and writing without waiting is left to Unix systems.
func socket(nc net.Conn) (raw syscall.RawConn, vectored bool) {
	switch nc.(type) {
	case *net.TCPConn, *net.UnixConn:
		return nil, true
	}
	return nil, false
}

func (c *Conn) readSocket() error { panic("link: no socket") }

func (c *Conn) tryRead(uintptr) bool { panic("link: no socket") }

func (c *Conn) writeSome([]byte) (int, error) { panic("link: no socket") }

func (c *Conn) tryWrite(uintptr) bool { panic("link: no socket") }
