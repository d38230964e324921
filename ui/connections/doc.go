// Package connections shows the saved connections: the list in the sidebar.
//
// Everything here belongs to the UI goroutine.
package connections
