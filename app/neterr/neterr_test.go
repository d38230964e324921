package neterr

import (
	"errors"
	"fmt"
	"io"
	"net"
	"testing"
	"time"
)

// free returns a loopback address at which nothing listens.
func free(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}

// refused dials where nobody listens.
func refused(t *testing.T) error {
	for range 20 {
		c, err := net.Dial("tcp", free(t))
		if err != nil {
			return err
		}
		_ = c.Close() // another program was given the port at once
	}
	t.Fatal("somebody listens everywhere")
	return nil
}

// occupied listens where somebody does already.
func occupied(t *testing.T) error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	_, err = net.Listen("tcp", l.Addr().String())
	return err
}

// ended reads from a peer that has closed, politely or not.
func ended(t *testing.T, reset bool) error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	near, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = near.Close() }()
	far, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	if reset {
		_ = far.(*net.TCPConn).SetLinger(0)
	}
	_ = far.Close()
	_, err = near.Read(make([]byte, 1))
	return err
}

// late reads what never comes.
func late(t *testing.T) error {
	near, far := net.Pipe()
	defer func() { _, _ = near.Close(), far.Close() }()
	_ = near.SetReadDeadline(time.Unix(1, 0))
	_, err := near.Read(make([]byte, 1))
	return err
}

// Each failure is known for what it is and nothing else, on every system: the
// errors are those of real sockets.
func TestFailuresOfRealSockets(t *testing.T) {
	asked := map[string]func(error) bool{
		"refused": Refused, "unreachable": Unreachable, "timed out": TimedOut,
		"reset": Reset, "ended": Ended, "in use": InUse,
	}
	for _, c := range []struct {
		name string
		err  error
		is   []string
	}{
		{"nothing listens", refused(t), []string{"refused"}},
		{"somebody listens", occupied(t), []string{"in use"}},
		{"closed", ended(t, false), []string{"ended"}},
		{"broken off", ended(t, true), []string{"ended", "reset"}},
		{"half a frame", io.ErrUnexpectedEOF, []string{"ended"}},
		{"silence", late(t), []string{"timed out"}},
		{"something else", errors.New("something else"), nil},
		{"nothing", nil, nil},
	} {
		want := map[string]bool{}
		for _, is := range c.is {
			want[is] = true
		}
		for name, ask := range asked {
			if got := ask(c.err); got != want[name] {
				t.Errorf("%s (%v): %s is %v, want %v", c.name, c.err, name, got, want[name])
			}
			wrapped := fmt.Errorf("wrapped: %w", c.err)
			if c.err != nil && ask(wrapped) != want[name] {
				t.Errorf("%s: %s differs when wrapped", c.name, name)
			}
		}
	}
}
