// Package messages is the Subscribe tab: the filters of a connection, the
// messages as they arrive, and the payload of the selected one. UI goroutine
// only.
package messages
