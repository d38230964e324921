package doctor

import (
	"bytes"
	"unicode/utf8"

	"tidings/app/mqtt/wire"
)

// Protocol is what somebody seems to speak.
type Protocol byte

// The protocols that a few bytes tell.
const (
	Unknown  Protocol = iota
	MQTT              // a CONNACK, or an AUTH
	TLSBytes          // a record of TLS: an alert, or a handshake
	HTTP              // an answer of a web server
	SSH
	Greeting // a line of text, as mail and file servers send first
)

// String returns the protocol's name.
func (p Protocol) String() string {
	return [...]string{"unknown", "MQTT", "TLS", "HTTP", "SSH", "text"}[min(p, Greeting)]
}

// Speaks tells by the first bytes of an answer what its sender speaks. A few
// bytes are enough; none are Unknown.
func Speaks(b []byte) Protocol {
	switch {
	case len(b) == 0:
		return Unknown
	case bytes.HasPrefix(b, []byte("HTTP/")):
		return HTTP
	case bytes.HasPrefix(b, []byte("SSH-")):
		return SSH
	// ContentType 20..24 and the version 3.x of a record (RFC 8446 §5.1).
	case len(b) >= 2 && b[0] >= 20 && b[0] <= 24 && b[1] == 3:
		return TLSBytes
	case b[0] == byte(wire.CONNACK)<<4, b[0] == byte(wire.AUTH)<<4:
		return MQTT
	case len(b) >= 4 && printable(b):
		return Greeting
	}
	return Unknown
}

// printable reports whether b is text of one or more lines.
func printable(b []byte) bool {
	for _, c := range b {
		if c < ' ' && c != '\r' && c != '\n' && c != '\t' || c == 0x7f {
			return false
		}
	}
	return utf8.Valid(b) || len(b) > utf8.UTFMax && utf8.Valid(b[:len(b)-utf8.UTFMax])
}
