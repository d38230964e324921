// Package welcome is the invitation of the first run: start a local broker
// and connect, or connect to a broker elsewhere.
//
// Everything here belongs to the UI goroutine.
package welcome
