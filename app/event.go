package app

// EventKind says what happened to a connection.
type EventKind byte

// The changes of state that a Client reports. Messages never travel here.
const (
	// EventDown: the link is gone without our asking. Err says why.
	EventDown EventKind = iota + 1
	// EventServerDisconnect: an MQTT 5 broker sent DISCONNECT; Reason says
	// why. EventDown follows.
	EventServerDisconnect
)

// Event is one change of state of a Client.
type Event struct {
	Kind         EventKind
	Reason       ReasonCode
	ReasonString string
	Err          error
}
