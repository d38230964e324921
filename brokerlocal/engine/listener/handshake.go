package listener

import (
	"crypto/tls"
	"net"
	"runtime/debug"
	"time"
)

// handshake does what comes before MQTT. Nagle's algorithm is off on every
// TCP connection: the net package sees to that.
func (l *Listener) handshake(nc net.Conn) (ready net.Conn, err error) {
	defer func() {
		if p := recover(); p != nil {
			l.opts.Log.Error("listener: panic in a handshake", "address", nc.RemoteAddr(), "panic", p, "stack", string(debug.Stack()))
			err = errHandshakePanic
		}
	}()
	if err := nc.SetDeadline(time.Now().Add(l.opts.HandshakeTimeout)); err != nil {
		return nil, err
	}
	if l.to.tls() {
		secure := tls.Server(nc, l.opts.TLS)
		if err := secure.HandshakeContext(l.stop); err != nil {
			return nil, err
		}
		nc = secure
	}
	if l.to.websocket() {
		if nc, err = l.upgrade(nc); err != nil {
			return nil, err
		}
	}
	return nc, nc.SetDeadline(time.Time{})
}
