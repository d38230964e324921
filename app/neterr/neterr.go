// Package neterr tells what the system says about a connection that failed.
// The names in package syscall are Unix's: on Windows they stand for numbers
// that its sockets never answer with, so both have to be asked for. All
// functions are safe for concurrent use; nil is none of it.
package neterr

import (
	"errors"
	"io"
	"os"
	"runtime"
	"slices"
	"syscall"
)

// What Windows Sockets answers (winsock2.h).
const (
	wsaEACCES       = syscall.Errno(10013)
	wsaEADDRINUSE   = syscall.Errno(10048)
	wsaENETUNREACH  = syscall.Errno(10051)
	wsaECONNABORTED = syscall.Errno(10053)
	wsaECONNRESET   = syscall.Errno(10054)
	wsaETIMEDOUT    = syscall.Errno(10060)
	wsaECONNREFUSED = syscall.Errno(10061)
	wsaEHOSTUNREACH = syscall.Errno(10065)
)

// windows says whose numbers count: the others may mean something else here.
const windows = runtime.GOOS == "windows"

// isOneOf reports whether err is one of the numbers of the system we run on.
func isOneOf(err error, unix, winsock []syscall.Errno) bool {
	numbers := unix
	if windows {
		numbers = append(slices.Clone(unix), winsock...) // some of Go's own errors carry Unix's
	}
	return slices.ContainsFunc(numbers, func(n syscall.Errno) bool { return errors.Is(err, n) })
}

// Refused reports whether nothing listens at an address.
func Refused(err error) bool {
	return isOneOf(err, []syscall.Errno{syscall.ECONNREFUSED}, []syscall.Errno{wsaECONNREFUSED})
}

// Unreachable reports whether no way leads to an address.
func Unreachable(err error) bool {
	return isOneOf(err, []syscall.Errno{syscall.ENETUNREACH, syscall.EHOSTUNREACH}, []syscall.Errno{wsaENETUNREACH, wsaEHOSTUNREACH})
}

// TimedOut reports whether nobody answered in time, ours or the system's.
func TimedOut(err error) bool {
	return errors.Is(err, os.ErrDeadlineExceeded) || isOneOf(err, []syscall.Errno{syscall.ETIMEDOUT}, []syscall.Errno{wsaETIMEDOUT})
}

// Reset reports whether the peer broke a connection off, which it also does
// when it closes with bytes that it has not read.
func Reset(err error) bool {
	return isOneOf(err, []syscall.Errno{syscall.ECONNRESET, syscall.EPIPE}, []syscall.Errno{wsaECONNRESET, wsaECONNABORTED})
}

// Ended reports whether the peer ended a connection, in whatever way.
func Ended(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || Reset(err)
}

// InUse reports whether somebody else listens at an address. Windows also
// calls it a lack of permission, where another program holds it for itself.
func InUse(err error) bool {
	return isOneOf(err, []syscall.Errno{syscall.EADDRINUSE}, []syscall.Errno{wsaEADDRINUSE, wsaEACCES})
}
