package link

import (
	"errors"
	"net"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// subscribeFrame is a SUBSCRIBE to "t".
var subscribeFrame = []byte{0x82, 6, 0, 1, 0, 1, 't', 0}

// patient returns a Config whose links wait for each other so long that a test
// need not know how fast the machine is.
func patient(t *testing.T) *Config {
	t.Helper()
	cfg := testConfig(t)
	cfg.once.Do(cfg.prepare)
	cfg.ahead.after, cfg.ahead.limit = 0, 20*time.Second
	return cfg
}

// connected returns a link that a client has connected to, and its far end.
func connected(t *testing.T, cfg *Config) (*Conn, net.Conn) {
	t.Helper()
	near, far := tcpPair(t)
	c := New(near, cfg)
	c.Connected(0)
	t.Cleanup(func() { c.Close(); c.Wait() })
	return c, far
}

func send(t *testing.T, nc net.Conn, b []byte) {
	t.Helper()
	if _, err := nc.Write(b); err != nil {
		t.Fatal(err)
	}
}

// woken handles a PUBLISH as a reader does that was woken by it.
func woken(t *testing.T, cfg *Config, h Handler) {
	t.Helper()
	c, _ := connected(t, cfg)
	c.in.buf, c.in.end, c.in.rested = publish(9), 9, true
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := c.batch(h); err != nil {
			t.Error(err)
		}
	}()
	t.Cleanup(func() { <-done })
}

// until waits for a condition.
func until(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !holds(); {
		if time.Now().After(end) {
			t.Fatalf("%s: not within a minute", what)
		}
		<-time.After(time.Millisecond)
	}
}

// firstBytes hands on the first byte of each frame.
func firstBytes(to chan<- byte) *hooks {
	return &hooks{frame: func(b []byte) error {
		to <- b[0]
		return nil
	}}
}

// What a client's SUBSCRIBE changes is in force for another's PUBLISH that
// comes while it is handled.
func TestPublishLetsSubscribeAtWorkGoAhead(t *testing.T) {
	cfg := patient(t)
	order := make(chan byte, 2)
	began, inForce := make(chan struct{}), make(chan struct{})
	release := sync.OnceFunc(func() { close(inForce) })
	defer release()
	subscriber, far := connected(t, cfg)
	serveConn(t, subscriber, &hooks{frame: func(b []byte) error {
		close(began)
		<-inForce
		order <- b[0]
		return nil
	}})
	send(t, far, subscribeFrame)
	<-began
	woken(t, cfg, firstBytes(order))
	until(t, "the PUBLISH waits", cfg.ahead.waited.Load)
	release()
	if first := <-order; first != subscribeFrame[0] {
		t.Errorf("%#x was the first to be handled, want SUBSCRIBE", first)
	}
}

// The same holds for a SUBSCRIBE that nobody has read yet.
func TestPublishLetsSubscribeInTheSocketGoAhead(t *testing.T) {
	if !seesUnread {
		t.Skip("what waits in a socket cannot be seen on this system")
	}
	cfg := patient(t)
	order := make(chan byte, 2)
	subscriber, far := connected(t, cfg)
	send(t, far, subscribeFrame)
	until(t, "the SUBSCRIBE is there", func() bool { return cfg.ahead.unread.some(&Conn{}) })
	woken(t, cfg, firstBytes(order))
	until(t, "the PUBLISH waits", cfg.ahead.waited.Load)
	serveConn(t, subscriber, firstBytes(order)) // its reader is late
	if first := <-order; first != subscribeFrame[0] {
		t.Errorf("%#x was the first to be handled, want SUBSCRIBE", first)
	}
}

// A SUBSCRIBE that its own client sent after the PUBLISH is not waited for:
// nobody but the reader that would wait could read it.
func TestPublishWaitsNotForItsOwnSubscribe(t *testing.T) {
	cfg := patient(t)
	cfg.ahead.limit = 50 * time.Millisecond
	c, far := connected(t, cfg)
	send(t, far, subscribeFrame)
	if seesUnread {
		until(t, "the SUBSCRIBE is there", func() bool { return cfg.ahead.unread.some(&Conn{}) })
	}
	c.letAhead()
	if cfg.ahead.rest.Load() != 0 {
		t.Error("the PUBLISH waited in vain")
	}
}

// Two publishers whose own SUBSCRIBE waits behind their PUBLISH do not wait for
// each other: who waits reads nothing.
func TestPublishersWaitNotForEachOther(t *testing.T) {
	if !seesUnread {
		t.Skip("what waits in a socket cannot be seen on this system")
	}
	cfg := patient(t)
	var links [2]*Conn
	for i := range links {
		c, far := connected(t, cfg)
		send(t, far, subscribeFrame)
		links[i] = c
	}
	until(t, "both SUBSCRIBEs are there", func() bool {
		return cfg.ahead.unread.some(links[0]) && cfg.ahead.unread.some(links[1])
	})
	var both sync.WaitGroup
	for _, c := range links {
		both.Go(func() {
			c.letAhead()
			serveConn(t, c, &hooks{}) // and reads on
		})
	}
	both.Wait()
	if cfg.ahead.rest.Load() != 0 {
		t.Error("a PUBLISH waited in vain")
	}
}

// Who has waited is seen by others again.
func TestWhoHasWaitedIsWatchedAgain(t *testing.T) {
	if !seesUnread {
		t.Skip("what waits in a socket cannot be seen on this system")
	}
	cfg := patient(t)
	cfg.ahead.limit = time.Millisecond
	c, far := connected(t, cfg)
	send(t, far, subscribeFrame)
	until(t, "the SUBSCRIBE is there", func() bool { return cfg.ahead.unread.some(&Conn{}) })
	cfg.ahead.changing.Add(1) // and never comes to an end
	c.letAhead()
	if cfg.ahead.rest.Load() == 0 {
		t.Error("nobody waited")
	}
	if !cfg.ahead.unread.some(&Conn{}) {
		t.Error("a SUBSCRIBE is seen no more")
	}
}

// What a SUBSCRIBE changes is in force when it has been handled: nobody waits
// until its client has read all the answers.
func TestNobodyWaitsForASubscriberToRead(t *testing.T) {
	cfg := patient(t)
	handled, read := make(chan struct{}), make(chan struct{})
	release := sync.OnceFunc(func() { close(read) })
	subscriber, far := connected(t, cfg)
	serveConn(t, subscriber, &hooks{batch: func() {
		close(handled)
		<-read
	}})
	t.Cleanup(release) // before serveConn's
	send(t, far, subscribeFrame)
	<-handled
	if n := cfg.ahead.changing.Load(); n != 0 {
		t.Errorf("%d readers are at work, want none", n)
	}
}

// Only what begins as a SUBSCRIBE or UNSUBSCRIBE does goes ahead: in a socket
// any byte may be the first.
func TestOnlySubscribeAndUnsubscribeGoAhead(t *testing.T) {
	for first := range 256 {
		want := first == 0x82 || first == 0x8A || first == 0xA2 || first == 0xAA
		if goesAhead(byte(first)) != want {
			t.Errorf("%#x goes ahead: %v, want %v", first, !want, want)
		}
	}
}

// A connection that was reset says so to its reader, whoever looked before.
func TestLookingTakesNoErrorFromTheReader(t *testing.T) {
	if !seesUnread {
		t.Skip("nobody looks on this system")
	}
	cfg := patient(t)
	c, far := connected(t, cfg)
	if err := far.(*net.TCPConn).SetLinger(0); err != nil {
		t.Fatal(err)
	}
	_ = far.Close()
	for range 100 {
		if cfg.ahead.unread.some(&Conn{}) {
			t.Error("a connection that was reset holds a SUBSCRIBE")
		}
	}
	if err := c.read(); !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("read says %v, want %v", err, syscall.ECONNRESET)
	}
}

// A client that sends half a SUBSCRIBE holds up nobody.
func TestNobodyWaitsForHalfASubscribe(t *testing.T) {
	cfg := patient(t)
	subscriber, far := connected(t, cfg)
	serveConn(t, subscriber, &hooks{})
	send(t, far, subscribeFrame[:4])
	until(t, "the half is read", func() bool { return subscriber.Stats().BytesIn == 4 })
	came := make(chan byte, 1)
	woken(t, cfg, firstBytes(came))
	<-came
	if cfg.ahead.rest.Load() != 0 {
		t.Error("the PUBLISH waited in vain")
	}
}

// Who has waited in vain is followed by a time in which nobody waits.
func TestWaitingInVainIsRare(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var a ahead
		a.began, a.limit = time.Now(), aheadFor
		a.changing.Add(1) // and never comes to an end
		for _, step := range []struct {
			name string
			rest time.Duration // before
			want time.Duration // waited
		}{
			{name: "the first waits", want: aheadFor},
			{name: "the next does not"},
			{name: "nor one at the end of the rest", rest: aheadRest - 1},
			{name: "then one waits again", rest: 1, want: aheadFor},
		} {
			time.Sleep(step.rest)
			began := time.Now()
			a.let(&Conn{})
			if took := time.Since(began); took != step.want {
				t.Errorf("%s: it waited %v, want %v", step.name, took, step.want)
			}
		}
	})
}

// A batch that is settled is waited for no more, however often it is said.
func TestSettleEndsWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg := &Config{}
		cfg.ahead.began, cfg.ahead.limit = time.Now(), time.Hour
		c := &Conn{cfg: cfg}
		c.in.buf, c.in.end = subscribeFrame, len(subscribeFrame)
		c.saw()
		c.saw()
		done := make(chan struct{})
		go func() {
			cfg.ahead.let(&Conn{})
			close(done)
		}()
		synctest.Wait()
		c.Settle()
		c.Settle()
		<-done
		if n := cfg.ahead.changing.Load(); n != 0 {
			t.Errorf("%d readers are at work, want none", n)
		}
	})
}
