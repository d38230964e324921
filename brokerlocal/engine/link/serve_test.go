package link

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"testing"
	"time"

	"tidings/app"
	"tidings/app/mqtt/wire"
)

// streams are what a peer may send, with the frames that come of it and how
// Serve ends.
var streams = []struct {
	name      string
	connected bool
	send      []byte
	frames    int
	want      error          // nil: a *wire.Error with reason
	reason    app.ReasonCode // of the *wire.Error
}{
	{name: "nothing", want: io.EOF},
	{name: "one frame", send: publish(20), frames: 1, want: io.EOF},
	{name: "empty packet", send: []byte{0xc0, 0}, frames: 1, want: io.EOF},
	{name: "three frames", send: slices.Concat(publish(5), []byte{0xc0, 0}, publish(300)), frames: 3, want: io.EOF},
	{name: "one byte", send: []byte{0x30}, want: io.ErrUnexpectedEOF},
	{name: "half a frame", send: publish(20)[:10], want: io.ErrUnexpectedEOF},
	{name: "a frame and a half", send: append(publish(20), publish(20)[:19]...), frames: 1, want: io.ErrUnexpectedEOF},
	{name: "length without end", send: []byte{0x30, 0xff, 0xff, 0xff, 0xff}, reason: 0x81},
	{name: "frame, then length without end", send: append(publish(9), 0x30, 0x80, 0x80, 0x80, 0x80, 1), frames: 1, reason: 0x81},
	{name: "64 KiB before CONNECT", send: publish(64 << 10), frames: 1, want: io.EOF},
	{name: "above 64 KiB before CONNECT", send: publish(64<<10 + 1), reason: 0x95},
	{name: "above 64 KiB announced", send: []byte{0x10, 0xff, 0xff, 0xff, 0x7f}, reason: 0x95},
	{name: "large after CONNECT", connected: true, send: slices.Concat(publish(5), publish(300_000), publish(6)), frames: 3, want: io.EOF},
	{name: "PINGREQ with a body", connected: true, send: []byte{0xc0, 0x7f}, reason: 0x95},
	{name: "above 16 MiB announced", connected: true, send: []byte{0x30, 0x81, 0x80, 0x80, 8}, reason: 0x95},
}

// checkStream serves what write sends over a connection and compares.
func checkStream(t *testing.T, i int, write func(nc net.Conn)) {
	t.Helper()
	near, far := net.Pipe()
	c := New(near, testConfig(t))
	if streams[i].connected {
		c.Connected(0)
	}
	var got [][]byte
	go func() {
		defer far.Close()
		write(far)
	}()
	err := c.Serve(collect(&got))
	c.Wait()
	var bad *wire.Error
	switch {
	case streams[i].want != nil && !errors.Is(err, streams[i].want),
		streams[i].want == nil && (!errors.As(err, &bad) || bad.Reason != streams[i].reason):
		t.Errorf("Serve = %v", err)
	}
	if len(got) != streams[i].frames || !bytes.HasPrefix(streams[i].send, bytes.Join(got, nil)) {
		t.Errorf("%d frames, want %d: %.40x", len(got), streams[i].frames, got)
	}
}

func TestEveryStreamIsCutIntoItsFrames(t *testing.T) {
	for i, s := range streams {
		t.Run(s.name, func(t *testing.T) {
			checkStream(t, i, func(nc net.Conn) { _, _ = nc.Write(s.send) })
		})
	}
}

func TestSplittingAStreamAnywhereChangesNothing(t *testing.T) {
	for i, s := range streams {
		t.Run(s.name, func(t *testing.T) {
			for _, at := range splits(len(s.send)) {
				checkStream(t, i, func(nc net.Conn) {
					_, _ = nc.Write(s.send[:at])
					_, _ = nc.Write(s.send[at:])
				})
			}
		})
	}
}

func TestByteByByte(t *testing.T) {
	for i, s := range streams {
		if len(s.send) > 1000 {
			continue
		}
		t.Run(s.name, func(t *testing.T) {
			checkStream(t, i, func(nc net.Conn) {
				for j := range s.send {
					if _, err := nc.Write(s.send[j : j+1]); err != nil {
						return
					}
				}
			})
		})
	}
}

// splits returns every place in a short stream, and those around the sizes
// of the buffers in a long one.
func splits(n int) []int {
	var at []int
	for i := range n {
		near := i < 20 || n-i < 20
		for _, size := range []int{smallSize, mediumSize, largeSize, 2 * largeSize} {
			near = near || i >= size-2 && i <= size+2
		}
		if n < 1000 || near {
			at = append(at, i)
		}
	}
	return at
}

// The reading of sockets has a path of its own.
func TestSocketsAreCutTheSameWay(t *testing.T) {
	for _, s := range streams {
		for _, step := range []int{1, 7, 600, 5000, 1 << 20} {
			if len(s.send)/step > 1000 {
				continue
			}
			t.Run(fmt.Sprintf("%s by %d", s.name, step), func(t *testing.T) {
				near, far := tcpPair(t)
				c := New(near, testConfig(t))
				if s.connected {
					c.Connected(0)
				}
				go func() {
					for part := range slices.Chunk(s.send, step) {
						if _, err := far.Write(part); err != nil {
							break
						}
					}
					_ = far.(*net.TCPConn).CloseWrite()
				}()
				var got [][]byte
				err := c.Serve(collect(&got))
				c.Wait()
				var bad *wire.Error
				if s.want != nil && !errors.Is(err, s.want) || s.want == nil && !errors.As(err, &bad) {
					t.Errorf("Serve = %v, want %v", err, s.want)
				}
				if len(got) != s.frames || !bytes.HasPrefix(s.send, bytes.Join(got, nil)) {
					t.Errorf("%d frames, want %d", len(got), s.frames)
				}
			})
		}
	}
}

func TestTheBatchEndsAfterTheLastWholeFrameOfARead(t *testing.T) {
	near, far := net.Pipe()
	var said []string
	h := &hooks{
		frame: func(b []byte) error { said = append(said, fmt.Sprint(len(b))); return nil },
		batch: func() { said = append(said, "end") },
	}
	go func() {
		defer far.Close()
		_, _ = far.Write(slices.Concat(publish(6), publish(7), publish(8)[:3]))
		_, _ = far.Write(publish(8)[3:7])
		_, _ = far.Write(publish(8)[7:])
	}()
	c := New(near, testConfig(t))
	_ = c.Serve(h)
	c.Wait()
	if want := []string{"6", "7", "end", "8", "end"}; !slices.Equal(said, want) {
		t.Errorf("%v, want %v", said, want)
	}
}

func TestAPanicEndsOnlyThisLink(t *testing.T) {
	near, far := net.Pipe()
	defer far.Close()
	ended := false
	s := serve(t, near, testConfig(t), &hooks{
		frame: func([]byte) error { panic("no such thing") },
		batch: func() { ended = true },
	})
	_, _ = far.Write(publish(9))
	var p *PanicError
	if err := <-s.err; !errors.As(err, &p) || p.Value != "no such thing" || !bytes.Contains(p.Stack, []byte("serve_test.go")) {
		t.Errorf("Serve = %v", err)
	}
	if !ended {
		t.Error("what was appended before is not flushed")
	}
}

func TestTheHandlersErrorEndsServe(t *testing.T) {
	near, far := net.Pipe()
	defer far.Close()
	mine := errors.New("enough")
	s := serve(t, near, testConfig(t), &hooks{frame: func([]byte) error { return mine }})
	_, _ = far.Write(slices.Concat(publish(9), publish(9)))
	if err := <-s.err; !errors.Is(err, mine) {
		t.Errorf("Serve = %v", err)
	}
	if n := s.Stats().FramesIn; n != 1 {
		t.Errorf("%d frames handled after an error", n)
	}
}

func TestALargeFrameTakesNoMemoryBeforeItArrives(t *testing.T) {
	for _, kind := range []string{"pipe", "socket"} {
		t.Run(kind, func(t *testing.T) {
			near, far := net.Pipe()
			if kind == "socket" {
				near, far = tcpPair(t)
			}
			c := New(near, testConfig(t))
			c.Connected(0)
			frame := publish(15 << 20)
			sent, most := 0, 0.0
			go func() {
				for part := range slices.Chunk(frame, 32<<10) {
					if _, err := far.Write(part); err != nil {
						return
					}
				}
				far.Close()
			}()
			for {
				if err := c.read(); err != nil {
					break
				}
				if f, _ := c.next(); f != nil {
					break
				}
				sent = c.in.end
				most = max(most, float64(cap(c.in.buf))/float64(max(sent, smallSize)))
			}
			if sent < 1<<20 || most > 130 {
				t.Errorf("held %.0f times what had arrived, at most; %d read", most, sent)
			}
			c.Wait()
		})
	}
}

func TestAnIdleSocketHoldsNoBuffer(t *testing.T) {
	near, far := tcpPair(t)
	c := New(near, testConfig(t))
	c.Connected(0)
	if c.raw == nil {
		t.Log("no sockets without waiting on this system")
		return
	}
	for _, size := range []int{7, 600, 5000, 60_000, 200_000} {
		go func() { _, _ = far.Write(publish(size)) }()
		for frame := []byte(nil); frame == nil; frame, _ = c.next() {
			if err := c.read(); err != nil {
				t.Fatal(err)
			}
		}
		_ = near.SetReadDeadline(time.Now().Add(20 * time.Millisecond))
		if err := c.read(); err == nil {
			t.Fatal("there was more")
		}
		_ = near.SetReadDeadline(noDeadline)
		if c.in.buf != nil {
			t.Errorf("after %d bytes an idle link holds %d", size, cap(c.in.buf))
		}
	}
	c.Wait()
}
