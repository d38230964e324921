// Package packets remembers the control packets of one connection, both
// directions, for the packet view and for text output.
//
// A Ring keeps the newest packets within a number of bytes. Recording copies
// a packet's bytes into a flat chunk and does no more than find the packet it
// answers and the name behind its topic alias; everything else (decoding,
// filtering, taking apart field by field) happens when somebody looks.
// Passwords and authentication data are overwritten before they are kept, so
// nothing that reads a Ring can show or save them.
//
// A Ring is safe for concurrent use; a View is for one goroutine.
package packets
