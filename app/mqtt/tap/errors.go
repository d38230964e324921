package tap

import "fmt"

// MalformedError says that the broker broke the rules of MQTT in a way that
// ends the connection (MQTT 5.0 §4.13; MQTT 3.1.1 §4.8).
type MalformedError struct {
	Packet byte   // control packet type, 0..15 (MQTT 5.0 §2.1.2)
	Why    string // technical, English, with the rule's identifier
}

// Error returns the technical text.
func (e *MalformedError) Error() string {
	return fmt.Sprintf("malformed packet of type %d: %s", e.Packet, e.Why)
}

func malformed(packet byte, why string) error { return &MalformedError{Packet: packet, Why: why} }
