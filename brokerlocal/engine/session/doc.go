// Package session is the delivery state of one MQTT session: the messages
// that wait for a client, those in flight to it, and the packet identifiers
// of its own QoS 2 messages (MQTT 5.0 §4.1, §4.3, §4.4, §4.9).
//
// It is pure: no socket, no goroutine, no lock, no clock. The owner holds a
// lock around every call, hands in what the peer sent, and asks Next what to
// send. All sessions share a Budget, which is safe for concurrent use.
//
// Deliveries with QoS 1 and 2 are numbered 1, 2, 3, … per session, and the
// packet identifier follows from the number:
//
//	id = (seq - 1) mod 65,535 + 1
//
// A delivery is sent only while the oldest unfinished one is less than 65,535
// numbers away, so no two in flight share an identifier, a repeated PUBLISH
// has its old one, and nothing has to be remembered about identifiers across
// a restart. Identifiers of the client's own messages live in a set apart:
// the two directions never meet.
//
//	 oldest      next          sent           cleared             last
//	   ▼          ▼             ▼                ▼                 ▼
//	───●──────────●─────────────●────────────────●─────────────────●───► seq
//	   │ in flight│ to be sent  │ never sent:    │ waits for the   │
//	   │ here     │ again, DUP  │ goes without   │ mark to be      │
//	   │          │             │ DUP            │ stored          │
//
// next starts again at oldest with every connection, and sent never moves
// back: what lies between is repeated, in order. cleared matters for durable
// sessions only. What has a number up to cleared may be on the wire when the
// process dies, so cleared is stored before it is acted on: after a restart
// those numbers are repeated with DUP and the others were never sent.
//
// Every operation costs constant time, in whatever order acknowledgements
// come, but for resuming and Expire, which cost what they pass over.
package session
