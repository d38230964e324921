package tap

import (
	"errors"
	"net"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// hungUp is a broker that hangs up while it is written to. What it said before
// arrives some time later, if at all.
type hungUp struct {
	net.Conn
	wrote, closed chan struct{}
	after         time.Duration
	said          error
}

func (h hungUp) Write([]byte) (int, error) {
	close(h.wrote)
	return 0, syscall.ECONNRESET
}

func (h hungUp) Read([]byte) (int, error) {
	<-h.wrote
	select {
	case <-time.After(h.after):
		return 0, h.said
	case <-h.closed:
		return 0, net.ErrClosed
	}
}

func (h hungUp) Close() error {
	close(h.closed)
	return nil
}

// TestLastWordsAreHeard: when CONNECT cannot be written, Err tells why the
// broker hung up, unless that takes too long.
func TestLastWordsAreHeard(t *testing.T) {
	said := errors.New("remote error: certificate required")
	for _, tt := range []struct {
		after, wait time.Duration
		want        error
	}{
		{lastWords / 2, lastWords / 2, said},
		{time.Hour, lastWords, nil},
	} {
		synctest.Test(t, func(t *testing.T) {
			c := Wrap(hungUp{wrote: make(chan struct{}), closed: make(chan struct{}), after: tt.after, said: said}, Options{})
			begun := time.Now()
			if _, err := c.Write([]byte{0x10, 0}); !errors.Is(err, syscall.ECONNRESET) {
				t.Error(err)
			}
			if err := c.Err(); err != tt.want || time.Since(begun) != tt.wait {
				t.Errorf("after %s: %v", time.Since(begun), err)
			}
			_ = c.Close()
		})
	}
}
