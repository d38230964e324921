package link

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"tidings/brokerlocal/engine/enginetest"
)

// pairs are the kinds of connection whose writing differs.
func pairs(t *testing.T, f func(t *testing.T, near, far net.Conn)) {
	t.Run("socket", func(t *testing.T) {
		near, far := tcpPair(t)
		f(t, near, far)
	})
	t.Run("pipe", func(t *testing.T) {
		near, far := net.Pipe()
		t.Cleanup(func() { near.Close(); far.Close() })
		f(t, near, far)
	})
}

func TestWhatIsAppendedArrivesInOrderHoweverItIsAppended(t *testing.T) {
	pairs(t, func(t *testing.T, near, far net.Conn) {
		s := serve(t, near, testConfig(t), &hooks{})
		var want []byte
		sizes := []int{5, 64, 500, 513, 4000, 5000, 70_000, 9000, 60_000, 6, 8192, 8191, 300_000, 7}
		for round := range 20 {
			for i, size := range sizes {
				frame := publish(size)
				want = append(want, frame...)
				switch (i + round) % 4 {
				case 0:
					s.Append(frame)
				case 1:
					s.AppendShared(frame)
				case 2:
					s.AppendFunc(size, func(dst []byte) []byte { return append(dst, frame...) })
				case 3: // a bad guess of the size
					s.AppendFunc(1, func(dst []byte) []byte { return append(dst, frame...) })
				}
				if (i+round)%5 == 0 {
					s.Flush()
				}
			}
			if round%2 == 0 {
				s.Kick()
			}
		}
		s.CloseAfterFlush([]byte{0xe0, 0}, time.Minute)
		want = append(want, 0xe0, 0)
		got := readAll(t, far)
		if !bytes.Equal(got, want) {
			t.Errorf("%d bytes, want %d, or in another order", len(got), len(want))
		}
		far.Close()
		if err := <-s.err; err == nil {
			t.Error("Serve = nil")
		}
		if st := s.Stats(); st.BytesOut != int64(len(want)) || st.FramesOut != int64(20*len(sizes)+1) {
			t.Errorf("counted %+v", st)
		}
		if f, b := s.Pending(); f != 0 || b != 0 {
			t.Errorf("%d frames, %d bytes still pending", f, b)
		}
	})
}

func TestManyMayAppendAndFlushAtOnce(t *testing.T) {
	pairs(t, func(t *testing.T, near, far net.Conn) {
		const writers, each = 8, 500
		s := serve(t, near, testConfig(t), &hooks{})
		got := make(chan []byte)
		go func() { got <- readAll(t, far) }()
		var all sync.WaitGroup
		for w := range writers {
			all.Go(func() {
				for i := range each {
					s.Append([]byte{0x30, 4, 0, 0, byte(w), byte(i)})
					if i%3 == 0 {
						s.Flush()
					} else if i%7 == 0 {
						s.Kick()
					}
				}
				s.Flush()
			})
		}
		all.Wait()
		s.CloseAfterFlush(nil, time.Minute)
		b := <-got
		if len(b) != writers*each*6 {
			t.Fatalf("%d bytes", len(b))
		}
		var next [writers]byte
		for f := range slices.Chunk(b, 6) {
			if w := f[4]; f[5] != next[w] {
				t.Fatalf("frame %d of writer %d came when %d was due", f[5], w, next[w])
			}
			next[f[4]]++
		}
	})
}

func TestALimitIsHeld(t *testing.T) {
	near, far := net.Pipe()
	defer far.Close()
	s := serve(t, near, testConfig(t), &hooks{})
	n := 0
	for s.TryAppend(publish(100), 1050) {
		n++
	}
	if f, b := s.Pending(); n != 10 || f != 10 || b != 1000 {
		t.Errorf("took %d; pending %d frames, %d bytes", n, f, b)
	}
	if s.TryAppendShared(publish(100), 1050) {
		t.Error("a shared frame goes beyond the limit")
	}
}

func TestLowIsCalledEachTimeLittleIsLeft(t *testing.T) {
	pairs(t, func(t *testing.T, near, far net.Conn) {
		cfg := testConfig(t)
		cfg.Low = 1000
		c := New(near, cfg)
		const most = 1_000_000
		var sent int
		done := make(chan struct{})
		pump := func() { // as the owner of a queue does
			for sent < most {
				sent += 100
				if c.Append(publish(100)) > cfg.Low {
					return
				}
			}
			close(done)
		}
		s := serveConn(t, c, &hooks{low: pump})
		got := make(chan []byte)
		go func() { got <- readAll(t, far) }()
		c.out.mu.Lock()
		ready := c.out.handler != nil
		c.out.mu.Unlock()
		for !ready {
			c.out.mu.Lock()
			ready = c.out.handler != nil
			c.out.mu.Unlock()
		}
		pump()
		c.Flush()
		<-done
		s.CloseAfterFlush(nil, time.Minute)
		if b := <-got; len(b) != most {
			t.Errorf("%d bytes, want %d", len(b), most)
		}
	})
}

func TestAPanicInLowEndsOnlyThisLink(t *testing.T) {
	near, far := net.Pipe()
	cfg := testConfig(t)
	cfg.Low = 10
	s := serve(t, near, cfg, &hooks{low: func() { panic("low") }})
	s.out.mu.Lock()
	s.out.handler = &hooks{low: func() { panic("low") }}
	s.out.mu.Unlock()
	s.Append(publish(100))
	s.Kick()
	readAll(t, far)
	var p *PanicError
	if err := <-s.err; !errors.As(err, &p) {
		t.Errorf("Serve = %v", err)
	}
}

func TestAWriteFailureClosesAndIsReportedOnce(t *testing.T) {
	near, far := tcpPair(t)
	_ = far.(*net.TCPConn).SetLinger(0)
	s := serve(t, near, testConfig(t), &hooks{})
	far.Close()
	for s.Append(publish(1000)) != 0 {
		s.Flush()
	}
	if err := <-s.err; err == nil {
		t.Error("no error")
	}
	if _, b := s.Pending(); b != 0 {
		t.Errorf("%d bytes pending on a closed link", b)
	}
}

func TestAStalledPeerBlocksNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		near, far := net.Pipe()
		defer far.Close()
		s := serve(t, near, testConfig(t), &hooks{})
		s.Append(publish(1 << 20))
		s.Flush()
		synctest.Wait()
		if spent := s.Yield(1000, time.Millisecond); spent != time.Millisecond {
			t.Errorf("a publisher yielded %v to a receiver that may just be slow", spent)
		}
		time.Sleep(time.Second)
		if d := s.Stalled(); d < time.Second {
			t.Errorf("stalled for %v", d)
		}
		began := time.Now()
		if spent := s.Yield(1000, time.Second); spent != 0 || time.Since(began) != 0 {
			t.Errorf("a publisher yielded %v to a stalled receiver", spent)
		}
		s.Append(publish(100))
		s.Flush()
		s.Close()
		if err := <-s.err; !errors.Is(err, ErrClosed) {
			t.Errorf("Serve = %v", err)
		}
	})
}

func TestYieldReturnsWhenTheReceiverHasCaughtUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		near, far := net.Pipe()
		s := serve(t, near, testConfig(t), &hooks{})
		s.Append(publish(1 << 20))
		s.Flush()
		synctest.Wait()
		go func() {
			time.Sleep(time.Millisecond)
			b := make([]byte, 1<<20)
			for range 3 {
				_, _ = far.Read(b)
			}
		}()
		if spent := s.Yield(300_000, time.Second); spent != time.Millisecond {
			t.Errorf("yielded %v, want 1ms", spent)
		}
		far.Close()
		if err := <-s.err; err == nil {
			t.Error("Serve = nil")
		}
	})
}

func TestTheLastWordArrivesThoughThePeerGoesOnSending(t *testing.T) {
	near, far := tcpPair(t)
	enough := errors.New("enough")
	c := New(near, testConfig(t))
	served := make(chan error, 1)
	go func() {
		served <- c.Serve(&hooks{frame: func([]byte) error { return enough }})
		c.CloseAfterFlush([]byte{0xe0, 1, 0x82}, time.Minute)
		c.Wait()
		close(served)
	}()
	for range 200 { // unread input would turn close into a reset
		if _, err := far.Write(publish(5000)); err != nil {
			t.Fatal("the peer is cut while it speaks:", err)
		}
	}
	if got := readAll(t, far); fmt.Sprintf("%x", got) != "e00182" {
		t.Errorf("got %x", got)
	}
	far.Close()
	if err := <-served; !errors.Is(err, enough) {
		t.Errorf("Serve = %v", err)
	}
	for range served {
	}
}

// A peer has its time to read the last word, also when that is written before
// anybody waits for it.
func TestTheLastWordArrivesThoughItIsWrittenBeforeTheWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		far, near := enginetest.Pipe(1 << 10)
		c := New(near, testConfig(t))
		c.CloseAfterFlush([]byte{0xe0, 1, 0x82}, time.Second)
		synctest.Wait()
		began := time.Now()
		go func() {
			time.Sleep(time.Second / 2)
			if _, err := far.Write(publish(9)); err != nil {
				t.Errorf("closed before the peer could read: %v", err)
			}
		}()
		c.Wait()
		if took := time.Since(began); took != time.Second {
			t.Errorf("waited %v for a peer that does not close, want 1s", took)
		}
	})
}
