package tap

import (
	"errors"
	"fmt"

	"tidings/app"
)

// MalformedError says that the broker broke the rules of MQTT in a way that
// ends the connection (MQTT 5.0 §4.13; MQTT 3.1.1 §4.8).
type MalformedError struct {
	Packet byte           // control packet type, 0..15 (MQTT 5.0 §2.1.2)
	Reason app.ReasonCode // what MQTT 5 calls it, for every version
	Why    string         // technical, English, with the rule's identifier
}

// Error returns the technical text.
func (e *MalformedError) Error() string {
	return fmt.Sprintf("packet of type %d breaks the protocol: %s", e.Packet, e.Why)
}

func malformed(packet byte, why string) error {
	return &MalformedError{Packet: packet, Reason: app.ReasonMalformed, Why: why}
}

func protocolError(packet byte, why string) error {
	return &MalformedError{Packet: packet, Reason: app.ReasonProtocolError, Why: why}
}

// violation returns the reason code of a broken rule, after which the link
// must be closed, and false for a failure of the socket.
func violation(err error) (app.ReasonCode, bool) {
	var m *MalformedError
	var l *app.PacketTooLargeError
	switch {
	case errors.As(err, &m):
		return m.Reason, true
	case errors.As(err, &l):
		return app.ReasonPacketTooLarge, true
	}
	return 0, false
}
