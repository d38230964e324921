package enginetest

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"time"

	"tidings/app"
	"tidings/app/mqtt/wire"
)

// TB is what a Client needs of a test; *testing.T has it. Fatalf does not
// return.
type TB interface {
	Helper()
	Cleanup(func())
	Fatalf(format string, args ...any)
}

// Client is one connection to a broker. It is for one goroutine.
type Client struct {
	// Version is that of the connection; Connect sets it.
	Version app.Version
	// ID is the client identifier, as Connect sent it or was given it.
	ID string
	// Timeout is how long the broker may take for one read or write.
	Timeout time.Duration
	// Conn is the connection itself.
	Conn net.Conn

	tb   TB
	in   *bufio.Reader
	held []wire.Packet // read while something else was awaited
	last [16]seen      // a ring of the newest packets, for the dump
	seen int
	id   uint16
}

// New returns a client on conn, which the end of the test closes.
func New(tb TB, conn net.Conn) *Client {
	c := &Client{Conn: conn, tb: tb, Timeout: time.Minute}
	c.in = bufio.NewReaderSize(patient{c}, 64<<10)
	tb.Cleanup(func() { _ = conn.Close() })
	return c
}

// Dial returns a client on a new connection to address: "tcp://host:port",
// "unix:///path" or "host:port".
func Dial(tb TB, address string) *Client {
	tb.Helper()
	conn, err := DialConn(address)
	if err != nil {
		tb.Fatalf("dial %s: %v", address, err)
	}
	return New(tb, conn)
}

// DialConn opens a connection to an address as Dial takes it.
func DialConn(address string) (net.Conn, error) {
	network, rest, ok := strings.Cut(address, "://")
	if !ok {
		network, rest = "tcp", address
	}
	return (&net.Dialer{Timeout: time.Minute}).Dial(network, rest)
}

// patient is the client's connection, read with a deadline.
type patient struct{ c *Client }

func (p patient) Read(b []byte) (int, error) {
	_ = p.c.Conn.SetReadDeadline(time.Now().Add(p.c.Timeout))
	return p.c.Conn.Read(b)
}

// Send sends packets in one write. A packet the codec refuses to make fails
// the test; Raw sends those. That the broker has hung up is for the next read
// to find.
func (c *Client) Send(packets ...wire.Packet) {
	c.tb.Helper()
	var b []byte
	for _, p := range packets {
		start := len(b)
		var err error
		if b, err = wire.Append(b, c.Version, p); err != nil {
			c.tb.Fatalf("%s cannot be sent: %v", p.Type(), err)
		}
		c.note(wire.FromClient, b[start:len(b):len(b)])
	}
	c.write(b)
}

// Raw sends bytes as they are.
func (c *Client) Raw(b []byte) {
	c.tb.Helper()
	c.note(wire.FromClient, b)
	c.write(b)
}

func (c *Client) write(b []byte) {
	c.tb.Helper()
	_ = c.Conn.SetWriteDeadline(time.Now().Add(c.Timeout))
	if _, err := c.Conn.Write(b); errors.Is(err, os.ErrDeadlineExceeded) {
		c.fail("the broker reads nothing for %v", c.Timeout)
	}
}

// Read returns the next packet of the broker, and io.EOF when it has hung up,
// cleanly or not. Everything else that is no valid packet from a server is an
// error.
func (c *Client) Read() (wire.Packet, error) {
	frame, err := c.frame()
	if err != nil {
		if err == io.EOF || isReset(err) {
			return nil, io.EOF
		}
		return nil, err
	}
	c.note(wire.FromServer, frame)
	d := wire.Decoder{Version: c.Version, From: wire.FromServer}
	p, err := d.Decode(frame)
	if err != nil {
		return nil, fmt.Errorf("the broker broke a rule: %w", err)
	}
	return p, nil
}

// Coming waits up to d for the broker to say something, 0 for no time at all.
// It reports whether Read will find that, or the end of the connection. Unlike
// a Read that times out it never leaves half a packet behind.
func (c *Client) Coming(d time.Duration) bool {
	if c.in.Buffered() > 0 {
		return true
	}
	if d <= 0 {
		return false
	}
	usual := c.Timeout
	c.Timeout = d
	_, err := c.in.Peek(1)
	c.Timeout = usual
	return !errors.Is(err, os.ErrDeadlineExceeded)
}

// isReset reports whether err says that the peer hung up on unread bytes.
func isReset(err error) bool {
	var sys *os.SyscallError
	return errors.As(err, &sys) && sys.Err.Error() == "connection reset by peer"
}

func (c *Client) frame() ([]byte, error) {
	for n := 2; ; n++ {
		b, err := c.in.Peek(n)
		if err != nil {
			if len(b) > 0 && err == io.EOF {
				err = io.ErrUnexpectedEOF
			}
			return nil, err
		}
		h, err := wire.Header(b)
		if err != nil {
			return nil, err
		}
		if h.Length == 0 {
			continue
		}
		frame := make([]byte, h.Size())
		_, err = io.ReadFull(c.in, frame)
		return frame, err
	}
}

// NextID returns a packet identifier that was not used lately.
func (c *Client) NextID() uint16 {
	c.id++
	if c.id == 0 {
		c.id = 1
	}
	return c.id
}

// Drop closes the connection without a word, as a cut cable does.
func (c *Client) Drop() { _ = c.Conn.Close() }

// Vanish ends the client's side without DISCONNECT and waits until the broker
// has hung up too. What the broker sent meanwhile is thrown away.
func (c *Client) Vanish() {
	c.tb.Helper()
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		_ = half.CloseWrite()
	}
	c.untilEOF()
}

func (c *Client) untilEOF() {
	c.tb.Helper()
	for {
		_, err := c.Read()
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			break
		}
		if err != nil {
			c.fail("the broker does not hang up: %v", err)
		}
	}
	c.Drop()
}
