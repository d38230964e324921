// Package brokerlocal is the broker that Tidings starts with one click: a
// small MQTT 3.1, 3.1.1 and 5 broker on this machine's loopback addresses.
//
// The package owns everything between the socket and the protocol engine: it
// finds a port, listens, accepts, frames and checks every packet before the
// engine sees it, keeps deadlines, and ends a connection whose handling
// panics without harm to the others. The engine stands behind the unexported
// interface in engine.go, and nothing exported says which one it is.
//
// Bounds: connections, bytes of a packet, bytes before CONNECT, topic levels,
// time without CONNECT, time a peer may leave a write waiting, and lines of
// the log. Nothing is kept on disk: retained messages and sessions end with
// Stop.
package brokerlocal
