// Package question asks a person for a password that a connection needs and
// that is not kept.
//
// Everything here belongs to the UI goroutine.
package question
