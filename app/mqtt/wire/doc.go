// Package wire is the codec of MQTT 3.1, 3.1.1 and 5: a strict Decoder and
// Append for whole packets, and Dissect, which takes bytes of any quality
// apart for the eye.
//
// One grammar drives both. The functions of reader that know a packet's
// layout (connect, publish, subscribe, …) run in two ways: strictly they stop
// at the first broken rule and return it as *Error; with a trace they note
// every field with its bytes, every broken rule beside it, and go on as far
// as the bytes allow. So a packet is valid for the one exactly when it is for
// the other.
//
// Three tables hold what the standards say: the packets (packettable.go: who
// may send them, fixed flags, reason codes, and what differs from version to
// version), the properties (propertytable.go: type, range, packets;
// propertysection.go: where each packet's are described), and the rules
// (ruletable.go: what is broken, the section of each standard that says so,
// and the reason code to answer with).
//
// Strings and byte slices of a decoded packet alias the frame it was decoded
// from. Nothing here reads or writes a socket; all functions are pure, and
// safe for concurrent use. A Decoder is for one goroutine.
package wire
