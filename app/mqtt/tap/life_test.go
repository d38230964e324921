package tap

import (
	"bytes"
	"errors"
	"io"
	"net"
	"os"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"tidings/app"
)

// pair returns a tap and the broker's end of its link.
func pair(t *testing.T, o Options) (*Conn, net.Conn) {
	t.Helper()
	near, far := net.Pipe()
	c := Wrap(near, o)
	t.Cleanup(func() {
		_ = c.Close()
		_ = far.Close()
	})
	return c, far
}

func TestReadDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, far := pair(t, Options{})
		b := make([]byte, 10)
		start := time.Now()
		if err := c.SetReadDeadline(start.Add(time.Second)); err != nil {
			t.Fatal(err)
		}
		var timeout net.Error
		if _, err := c.Read(b); !errors.Is(err, os.ErrDeadlineExceeded) || !errors.As(err, &timeout) || !timeout.Timeout() {
			t.Errorf("Read: %v", err)
		}
		if d := time.Since(start); d != time.Second {
			t.Errorf("after %v", d)
		}
		if _, err := far.Write(connAck3); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if _, err := c.Read(b); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("past deadline with bytes there: %v", err)
		}
		if err := c.SetDeadline(time.Time{}); err != nil {
			t.Fatal(err)
		}
		if n, err := c.Read(b); err != nil || !bytes.Equal(b[:n], connAck3) {
			t.Errorf("without deadline: %x, %v", b[:n], err)
		}
	})
}

// TestDeadlineMovesUnderARead: a deadline set while Read waits counts, and
// one that was taken back does not.
func TestDeadlineMovesUnderARead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, _ := pair(t, Options{})
		start := time.Now()
		done := make(chan time.Duration)
		go func() {
			_, _ = c.Read(make([]byte, 1))
			done <- time.Since(start)
		}()
		for _, d := range []time.Duration{time.Second, time.Hour, 3 * time.Second} {
			synctest.Wait()
			if err := c.SetReadDeadline(start.Add(d)); err != nil {
				t.Fatal(err)
			}
		}
		if d := <-done; d != 3*time.Second {
			t.Errorf("Read ended after %v", d)
		}
	})
}

// TestBufferIsBounded: when the library does not read, the socket is not read
// either, and nothing is lost.
func TestBufferIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const buffer = 1 << 20
		c, far := pair(t, Options{Version: app.V311, Buffer: buffer})
		one := frame(0x32, str("a"), []byte{0, 1}, make([]byte, 10_000))
		wire := slices.Concat(connAck3, bytes.Repeat(one, 400))
		go func() {
			for chunk := range slices.Chunk(wire, 100_000) {
				if _, err := far.Write(chunk); err != nil {
					return
				}
			}
			_ = far.Close()
		}()
		synctest.Wait()
		if n := c.Traffic().BytesIn; n > buffer+readSize {
			t.Errorf("%d bytes were read ahead", n)
		}
		got, err := io.ReadAll(c)
		if err != nil || !bytes.Equal(got, wire) {
			t.Errorf("%d of %d bytes, %v", len(got), len(wire), err)
		}
	})
}

func TestQueueHoldsItsLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue(10)
		go func() {
			_ = q.write([]byte("0123456"))
			_ = q.write([]byte("789abcdefghijklmnopqrstuvwxyz"))
			q.fail(io.EOF)
		}()
		var got []byte
		b := make([]byte, 3)
		for {
			synctest.Wait()
			q.mu.Lock()
			if len(q.back) > 10 || len(q.front) > 10 {
				t.Errorf("holds %d and %d bytes", len(q.back), len(q.front))
			}
			q.mu.Unlock()
			n, err := q.read(b)
			got = append(got, b[:n]...)
			if err == io.EOF {
				break
			}
		}
		if string(got) != "0123456789abcdefghijklmnopqrstuvwxyz" {
			t.Errorf("read %q", got)
		}
	})
}

func TestCloseEndsEverything(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, far := pair(t, Options{Version: app.V311, Buffer: 100})
		ended := make(chan error, 3)
		write := func(b []byte) {
			_, err := c.Write(b)
			ended <- err
		}
		go write([]byte{0xC0, 0}) // nobody reads it
		if _, err := far.Write(slices.Concat(connAck3, frame(0x32, str("a"), []byte{0, 1}, make([]byte, 1000)))); err != nil {
			t.Fatal(err)
		}
		synctest.Wait() // the pump waits for room
		go func() { ended <- c.Close() }()
		go func() { ended <- c.Close() }()
		var failed error
		for range 3 {
			if err := <-ended; err != nil {
				failed = err
			}
		}
		if failed != net.ErrClosed {
			t.Errorf("Write ended with %v", failed)
		}
		if _, err := c.Read(make([]byte, 1)); err != net.ErrClosed {
			t.Errorf("Read after Close: %v", err)
		}
		if err := c.Err(); err != net.ErrClosed {
			t.Errorf("Err after Close: %v", err)
		}
		if err := c.SetReadDeadline(time.Now()); err != net.ErrClosed {
			t.Errorf("SetReadDeadline after Close: %v", err)
		}
	})
}

func TestCloseWakesAReader(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, _ := pair(t, Options{})
		ended := make(chan error)
		go func() {
			_, err := c.Read(make([]byte, 1))
			ended <- err
		}()
		synctest.Wait()
		if err := c.Err(); err != nil {
			t.Errorf("Err while open: %v", err)
		}
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
		if err := <-ended; err != net.ErrClosed {
			t.Errorf("Read: %v", err)
		}
		if err := c.Err(); err != net.ErrClosed {
			t.Errorf("Err after Close: %v", err)
		}
	})
}

// TestGoodbyeDoesNotWaitForASlowBroker: the reason is told if that is
// possible, and a writer in the way is not waited for.
func TestGoodbyeDoesNotWaitForASlowBroker(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, far := pair(t, Options{Version: app.V5})
		go func() { _, _ = c.Write([]byte{0xC0, 0}) }() // waits: nobody reads
		synctest.Wait()
		start := time.Now()
		if _, err := far.Write(slices.Concat(connAck5, []byte{0, 0})); err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadAll(c); err == nil {
			t.Error("a broken rule did not end the link")
		}
		if d := time.Since(start); d != 0 {
			t.Errorf("took %v", d)
		}
	})
}
