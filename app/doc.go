// Package app holds the domain of Tidings: the words every other package
// speaks (messages, connect options, reason codes, events, errors) and the
// small interfaces between them (ports.go).
//
// It imports the standard library only and starts no goroutine. Plain values
// here are not safe for concurrent modification; interfaces state their own
// rules. Names follow the MQTT standards: MQTT 3.1 (IBM, 2010), MQTT 3.1.1
// (OASIS, 2014) and MQTT 5.0 (OASIS, 2019).
package app
