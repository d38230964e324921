package sessiontest

import (
	"context"
	"net"
	"testing"

	"tidings/app"
)

// Scripted makes clients whose broker is a script on a loopback port.
type Scripted struct {
	// New returns a client without a link. Dial closes it.
	New func(testing.TB, app.Version) app.Client
	// Version is what the client connects with.
	Version app.Version
	// ConnAck is a CONNACK of that version which accepts.
	ConnAck []byte
}

// Dial returns a client connected to handle, and its inbox. handle gets every
// connection as Serve hands it out. The client is closed, checked, at the end
// of the test.
func (s Scripted) Dial(t testing.TB, handle func(net.Conn)) (app.Client, *Inbox) {
	t.Helper()
	host, port := Serve(t, handle)
	c, in := s.New(t, s.Version), NewInbox()
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	o := app.ConnectOptions{Host: host, Port: port, Version: s.Version, ClientID: "c", Clean: true, Sink: in}
	if _, err := c.Connect(context.Background(), o); err != nil {
		t.Fatal(err)
	}
	return c, in
}

// Accept reads the CONNECT and answers with ConnAck. It reports whether both
// worked.
func (s Scripted) Accept(c net.Conn) bool { return Answer(c, s.ConnAck) }

// Answer reads the next packet, a small one, and sends b. It reports whether
// both worked.
func Answer(c net.Conn, b []byte) bool {
	if _, err := c.Read(make([]byte, 1024)); err != nil {
		return false
	}
	_, err := c.Write(b)
	return err == nil
}
