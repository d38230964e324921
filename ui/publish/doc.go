// Package publish is the Publish tab of a connection: topic, payload, QoS and
// retain, the line that says how the handshake ended, and the last messages
// sent, each one click away from the editor.
//
// Everything here belongs to the UI goroutine.
package publish
