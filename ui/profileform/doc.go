// Package profileform is the form that makes and changes a connection: its
// fields, what is wrong with them, and the profile they make.
//
// Everything here belongs to the UI goroutine.
package profileform
