package link

import (
	"errors"
	"fmt"
)

// What ends a link besides the peer, the handler and the network.
var (
	// ErrConnectTimeout says that the peer was not accepted
	// (Conn.Connected) in time.
	ErrConnectTimeout = errors.New("link: no CONNECT in time")
	// ErrKeepAlive says that no packet came within one and a half times the
	// keep alive [MQTT-3.1.2-22].
	ErrKeepAlive = errors.New("link: keep alive exceeded")
	// ErrClosed says that this side closed the link.
	ErrClosed = errors.New("link: closed")
)

// PanicError is a panic of the handler. It ended this link and nothing else.
type PanicError struct {
	Value any
	Stack []byte
}

// Error returns the panic's value as text, without the stack.
func (e *PanicError) Error() string { return fmt.Sprintf("link: panic in handler: %v", e.Value) }

// WriteError says that writing to the peer failed; the link was closed.
type WriteError struct{ Cause error }

// Error returns the technical text.
func (e *WriteError) Error() string { return "link: write: " + e.Cause.Error() }

// Unwrap returns the cause.
func (e *WriteError) Unwrap() error { return e.Cause }
