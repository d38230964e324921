//go:build unix

package link

import (
	"errors"
	"io"
	"net"
	"syscall"
)

// socket returns the socket of a TCP or Unix connection, and whether writing
// several buffers at once is one system call.
func socket(nc net.Conn) (raw syscall.RawConn, vectored bool) {
	var err error
	switch nc := nc.(type) {
	case *net.TCPConn:
		raw, err = nc.SyscallConn()
	case *net.UnixConn:
		raw, err = nc.SyscallConn()
	default:
		return nil, false
	}
	if err != nil {
		return nil, true
	}
	return raw, true
}

// readSocket reads through a large buffer that is lent only once there are
// bytes to read: 5,000 connections that wait hold none.
func (c *Conn) readSocket() error {
	c.in.err = nil
	if err := c.raw.Read(c.in.try); err != nil {
		return err
	}
	return c.in.err
}

// tryRead reads once; false asks to be called again when bytes are there.
func (c *Conn) tryRead(fd uintptr) bool {
	in := &c.in
	if in.waited {
		c.cfg.ahead.reading.Add(1)
		defer c.cfg.ahead.fewer(&c.cfg.ahead.reading)
	}
	in.room(&c.cfg.pools, large)
	n, err := syscall.Read(int(fd), in.space())
	for errors.Is(err, syscall.EINTR) {
		n, err = syscall.Read(int(fd), in.space())
	}
	switch {
	case err == syscall.EAGAIN:
		in.waited = true
		in.shrink(&c.cfg.pools)
		return false
	case err != nil:
		in.err = err
	case n == 0:
		in.err = io.EOF
	default:
		in.took(n)
		c.saw()
	}
	return true
}

// writeSome writes b as far as that is possible without waiting.
func (c *Conn) writeSome(b []byte) (n int, err error) {
	c.out.tryBuf, c.out.tryErr = b, nil
	err = c.raw.Write(c.out.try)
	n = len(b) - len(c.out.tryBuf)
	c.out.tryBuf = nil
	if err == nil {
		err = c.out.tryErr
	}
	return n, err
}

// tryWrite writes until the socket takes no more; it never asks to wait.
func (c *Conn) tryWrite(fd uintptr) bool {
	for len(c.out.tryBuf) > 0 {
		n, err := syscall.Write(int(fd), c.out.tryBuf)
		switch err {
		case nil:
			c.out.tryBuf = c.out.tryBuf[n:]
		case syscall.EINTR:
		case syscall.EAGAIN:
			return true
		default:
			c.out.tryErr = err
			return true
		}
	}
	return true
}
