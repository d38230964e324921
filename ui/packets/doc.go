// Package packets is the Packets tab: every control packet of a connection in
// both directions, one line each, and the chosen one field by field beside its
// bytes. UI goroutine only.
package packets
