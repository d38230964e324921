package engine

import (
	"crypto/tls"
	"fmt"
	"net"
	"net/netip"
)

// peerOf returns the address of a peer; that of a Unix socket has none.
func peerOf(nc net.Conn) netip.Addr {
	if tcp, ok := nc.RemoteAddr().(*net.TCPAddr); ok {
		return tcp.AddrPort().Addr().Unmap()
	}
	at, err := netip.ParseAddrPort(nc.RemoteAddr().String())
	if err != nil {
		return netip.Addr{}
	}
	return at.Addr().Unmap()
}

// certificateOf returns the common name of a verified client certificate. The
// handshake is over when a listener hands a connection on.
func certificateOf(nc net.Conn) string {
	t, ok := nc.(interface{ ConnectionState() tls.ConnectionState })
	if !ok {
		return ""
	}
	chains := t.ConnectionState().VerifiedChains
	if len(chains) == 0 || len(chains[0]) == 0 {
		return ""
	}
	return chains[0][0].Subject.CommonName
}

// counted notes that clients came or went.
func (e *Engine) counted(n int64) {
	now := e.present.Add(n)
	for now > 0 {
		most := e.count.maximum.Load()
		if uint64(now) <= most || e.count.maximum.CompareAndSwap(most, uint64(now)) {
			return
		}
	}
}

// connected notes and logs that a client is let in.
func (e *Engine) connected(c *connection) {
	t := c.terms
	e.count.connects.Add(1)
	e.counted(1)
	user := ""
	if u := c.identity.Load().User; u != "" {
		user = fmt.Sprintf(", u'%s'", u)
	}
	e.log.info("New client connected from %s as %s (p%d, c%d, k%d%s).", c.address, t.id,
		versionNumber(t.version), bit(t.clean), int(t.keepAlive), user)
	if t.will == nil {
		e.log.debug("No will message specified.")
		return
	}
	w := t.will.message
	e.log.debug("Will message specified (%d bytes) (r%d, q%d).\t%s", len(w.Payload), bit(w.Retain), int(w.QoS), w.Topic)
}
