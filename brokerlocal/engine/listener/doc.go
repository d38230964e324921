// Package listener accepts the connections of a broker: tcp, tls, ws, wss and
// unix. Whatever the transport, what it hands on is a net.Conn that carries a
// plain stream of bytes.
//
// Handshakes (TLS, the HTTP upgrade) run on the connection's own goroutine
// under a time-out, so a slow peer holds up nobody. An Accept that fails is
// tried again. Limits bound the connections of all listeners together and of
// one address. A web page may only connect from an allowed Origin (origin.go),
// because any page that a browser shows can reach a port of this machine.
package listener
