// Package header is the head of a connection: its state, address and rates,
// the buttons that fit the state, and, when something went wrong, what
// happened, why, and what to do.
//
// Everything here belongs to the UI goroutine.
package header
