package app

import (
	"errors"
	"fmt"
)

// ErrNotConnected says that a Client has no link to a broker: nothing was
// sent.
var ErrNotConnected = errors.New("not connected")

// ErrKeepAlive says that the broker answered no PINGREQ in time, so that the
// client gave the link up (MQTT 5.0 §3.1.2.10).
var ErrKeepAlive = errors.New("no PINGRESP within the keep alive time")

// RefusedError says that the broker answered CONNECT with a refusal.
type RefusedError struct {
	Version      Version // of the CONNECT that was refused
	Reason       ReasonCode
	ReasonString string
	// Return3 is the return code of a 3.x CONNACK, 0 for MQTT 5. A 3.1.1
	// broker answers an MQTT 5 CONNECT with such a CONNACK, code 1.
	Return3 byte
}

// Error returns the technical text.
func (e *RefusedError) Error() string {
	return fmt.Sprintf("CONNACK refused the connection: reason %s (3.x code %d) %s", e.Reason, e.Return3, e.ReasonString)
}

// VersionRefused reports whether the refusal is about the protocol version.
func (e *RefusedError) VersionRefused() bool { return e.Reason == ReasonUnsupportedVersion }

// ClosedSilentlyError says that the broker closed the link after CONNECT
// without any CONNACK, as some brokers do with a version they do not know.
type ClosedSilentlyError struct {
	Version Version
	Cause   error
}

// Error returns the technical text.
func (e *ClosedSilentlyError) Error() string {
	return fmt.Sprintf("connection closed before CONNACK: %v", e.Cause)
}

// Unwrap returns the cause.
func (e *ClosedSilentlyError) Unwrap() error { return e.Cause }

// PacketTooLargeError says that a peer announced a packet above our cap; the
// link was closed before any memory was taken for it.
type PacketTooLargeError struct {
	Size, Cap int // bytes
}

// Error returns the technical text.
func (e *PacketTooLargeError) Error() string {
	return fmt.Sprintf("packet of %d bytes exceeds the cap of %d bytes", e.Size, e.Cap)
}
