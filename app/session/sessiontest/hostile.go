package sessiontest

import (
	"context"
	"errors"
	"io"
	"net"
	"sync"
	"testing"

	"tidings/app"
)

// StalledPeer tests that a peer which reads nothing, and so blocks a write,
// keeps neither a cancelled publish nor Drop from ending.
func (s Scripted) StalledPeer(t *testing.T) {
	release := make(chan struct{})
	c, _ := s.Dial(t, func(c net.Conn) {
		if s.Accept(c) {
			<-release
		}
	})
	t.Cleanup(func() { close(release) })
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	cancelled := make(chan error, 1)
	for i := range 4 {
		wg.Go(func() {
			mine := t.Context()
			if i == 0 {
				mine = ctx
			}
			_, err := c.Publish(mine, app.Publish{Topic: "a", QoS: app.QoS(i % 3), Payload: make([]byte, 20<<20)})
			if err == nil {
				t.Error("a publish that nobody read succeeded")
			}
			if i == 0 {
				cancelled <- err
			}
		})
	}
	cancel()
	if err := <-cancelled; !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if err := c.Drop(); err != nil {
		t.Error(err)
	}
	wg.Wait()
}

// RequestsEndWithTheLink tests that everything asked of a peer which closes at
// once ends with an error.
func (s Scripted) RequestsEndWithTheLink(t *testing.T) {
	c, _ := s.Dial(t, func(c net.Conn) {
		if s.Accept(c) {
			_, _ = c.Read(make([]byte, 1024))
		}
	})
	var wg sync.WaitGroup
	for _, f := range []func() error{
		func() error { _, err := c.Publish(t.Context(), app.Publish{Topic: "a", QoS: app.QoS1}); return err },
		func() error { _, err := c.Publish(t.Context(), app.Publish{Topic: "a", QoS: app.QoS2}); return err },
		func() error { _, err := c.Subscribe(t.Context(), app.Subscription{Filter: "a"}); return err },
		func() error { _, err := c.Unsubscribe(t.Context(), "a"); return err },
	} {
		wg.Go(func() {
			if f() == nil {
				t.Error("a request without an answer succeeded")
			}
		})
	}
	wg.Wait()
	if ev := <-c.Events(); ev.Kind != app.EventDown || ev.Err == nil {
		t.Errorf("event %+v", ev)
	}
}

// FuzzBroker fuzzes what a broker sends after CONNACK: the client neither
// panics nor hangs.
func (s Scripted) FuzzBroker(f *testing.F) {
	for _, seed := range []string{
		"", "\x90\x00", "\x90\x05\x00\x01\x00\x01\x02", "\xb0\x02\x00\x01", "\x40\x02\x00\x01", "\x50\x02\x00\x01", "\x62\x02\x00\x01", "\x70\x02\x00\x01",
		"\x32\x06\x00\x01a\x00\x01x", "\x34\x07\x00\x01a\x00\x01\x00x", "\xd0\x00", "\xe0\x00", "\xf0\x00", "\x20\x02\x00\x00", "\x82\x06\x00\x01\x00\x01a\x00", "\x00\x00", "\x3f\x00", ">?",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		c, _ := s.Dial(t, func(c net.Conn) {
			if !s.Accept(c) {
				return
			}
			_, _ = c.Read(make([]byte, 1024)) // the first request
			_, _ = c.Write(data)
			_ = c.(*net.TCPConn).CloseWrite()
			_, _ = io.Copy(io.Discard, c)
		})
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		var wg sync.WaitGroup
		wg.Go(func() { _, _ = c.Subscribe(ctx, app.Subscription{Filter: "a"}, app.Subscription{Filter: "b"}) })
		wg.Go(func() { _, _ = c.Publish(ctx, app.Publish{Topic: "a", QoS: app.QoS1}) })
		wg.Go(func() { _, _ = c.Publish(ctx, app.Publish{Topic: "a", QoS: app.QoS2}) })
		wg.Go(func() { _, _ = c.Unsubscribe(ctx, "a", "b") })
		wg.Wait()
		if ctx.Err() != nil {
			t.Error("a request hangs")
		}
	})
}
