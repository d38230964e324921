package wire

import (
	"fmt"

	"tidings/app"
)

// Error is a rule of the standard that a packet breaks.
type Error struct {
	Reason app.ReasonCode // to answer with, as far as the version has an answer
	Spec   string         // for example "[MQTT-3.3.1-4]" or "MQTT 5.0 §3.3.2.3.4"
	Why    string         // technical English
	Offset int            // of the byte at fault, from the start of the frame
}

// Error returns the technical text.
func (e *Error) Error() string {
	return fmt.Sprintf("%s %s at byte %d (reason %s)", e.Why, e.Spec, e.Offset, e.Reason)
}
