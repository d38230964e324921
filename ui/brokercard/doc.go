// Package brokercard is the card of the local broker at the foot of the
// sidebar: its state, its address, and the buttons to start, stop and connect.
//
// Everything here belongs to the UI goroutine.
package brokercard
