// Package certsheet shows the certificates of a broker in a sheet: those that
// were not accepted, with every reason and the choice to accept them all the
// same or to trust the authority that signed them, and those of a connection
// that stands, with what TLS agreed on.
//
// Everything here belongs to the UI goroutine.
package certsheet
