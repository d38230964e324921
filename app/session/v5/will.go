package v5

import (
	"encoding/binary"
	"net"

	"tidings/app"
	"tidings/app/mqtt/wire"
	"tidings/app/session/adapter"
)

// willConn puts into CONNECT what the library leaves out of it: of the
// properties of a will it writes the delay and the user properties only. It
// keeps the library's CONNECT back until it is whole; every later packet goes
// through as it is.
type willConn struct {
	*adapter.Conn
	will  *app.Properties
	begun []byte
	past  bool // CONNECT was sent; before that, one goroutine writes
}

// withWill returns c, such that CONNECT holds all of a will; nil for none.
func withWill(c *adapter.Conn, w *app.Will) net.Conn {
	if w == nil || w.Properties == nil {
		return c
	}
	return &willConn{Conn: c, will: w.Properties}
}

// Write is net.Conn's Write.
func (c *willConn) Write(p []byte) (int, error) {
	if c.past {
		return c.Conn.Write(p)
	}
	c.begun = append(c.begun, p...)
	if len(c.begun) < 2 {
		return len(p), nil
	}
	size, n := binary.Uvarint(c.begun[1:]) // a Variable Byte Integer is one of those
	if n <= 0 || len(c.begun) < 1+n+int(size) {
		return len(p), nil
	}
	c.past = true
	whole, err := addWill(c.begun, c.will)
	if err != nil {
		return 0, err
	}
	_, err = c.Conn.Write(whole)
	return len(p), err
}

// addWill returns a CONNECT with the properties of its will.
func addWill(frame []byte, p *app.Properties) ([]byte, error) {
	packet, err := (&wire.Decoder{}).Decode(frame)
	if err != nil {
		return nil, err
	}
	connect, ok := packet.(*wire.Connect)
	if !ok || !connect.HasWill {
		return frame, nil
	}
	w := &connect.Will.Properties
	if p.PayloadIsUTF8 {
		w.Add(wire.PayloadFormat)
		w.PayloadFormat = 1
	}
	if p.MessageExpiry != nil {
		w.Add(wire.MessageExpiry)
		w.MessageExpiry = *p.MessageExpiry
	}
	if p.ContentType != "" {
		w.Add(wire.ContentType)
		w.ContentType = p.ContentType
	}
	if p.ResponseTopic != "" {
		w.Add(wire.ResponseTopic)
		w.ResponseTopic = p.ResponseTopic
	}
	if p.CorrelationData != nil {
		w.Add(wire.CorrelationData)
		w.CorrelationData = p.CorrelationData
	}
	return wire.Append(nil, app.V5, connect)
}
