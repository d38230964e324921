// Package connections shows the saved connections: the list in the sidebar,
// and the form that makes and changes one.
//
// Everything here belongs to the UI goroutine.
package connections
