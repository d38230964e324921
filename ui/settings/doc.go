// Package settings is the dialog of the choices for the whole program:
// language, look and memory. A choice holds at once.
//
// Everything here belongs to the UI goroutine.
package settings
