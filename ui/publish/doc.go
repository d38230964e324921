// Package publish is the Publish tab of a connection: topic, payload, QoS,
// retain and properties, the line that says how the handshake ended, and beside
// the editor the templates of the connection and the last messages sent, each
// one click away.
//
// The editor holds a draft. What is loaded over a draft that is kept nowhere
// puts it aside, so that a click in a list never loses what was typed.
//
// Everything here belongs to the UI goroutine.
package publish
