// Package websocket is MQTT's side of WebSocket (MQTT 5.0 §6), for client and
// broker: a connection whose binary messages are read and written as one
// stream of bytes, and the client's handshake. It speaks over a connection
// that somebody else has opened; TLS, where there is any, is beneath.
package websocket
