package v3_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"sync/atomic"
	"testing"
	"time"

	"tidings/app"
	"tidings/app/session/sessiontest"
)

// TestVersionOnTheWire: the CONNECT carries the version asked for, and a
// refusal is not tried again with another one.
func TestVersionOnTheWire(t *testing.T) {
	for v, want := range map[app.Version][]byte{
		app.V31:  []byte("\x00\x06MQIsdp\x03"), // MQTT 3.1 §3.1
		app.V311: []byte("\x00\x04MQTT\x04"),   // [MQTT-3.1.2-1] [MQTT-3.1.2-2]
	} {
		t.Run(v.String(), func(t *testing.T) {
			var attempts atomic.Int32
			connect := make(chan []byte, 10)
			host, port := sessiontest.Serve(t, func(c net.Conn) {
				attempts.Add(1)
				b := make([]byte, 1024)
				n, _ := c.Read(b)
				connect <- b[2:n]
				_, _ = c.Write([]byte{0x20, 2, 0, 1})
				_, _ = io.Copy(io.Discard, c)
			})
			c := newClient(t, v)
			defer func() { _ = c.Close() }()
			_, err := c.Connect(t.Context(), app.ConnectOptions{Host: host, Port: port, Version: v, ClientID: "c", Clean: true, Sink: sessiontest.NewInbox()})
			var refused *app.RefusedError
			if !errors.As(err, &refused) || !refused.VersionRefused() || refused.Return3 != 1 {
				t.Errorf("error %v", err)
			}
			if got := <-connect; !bytes.HasPrefix(got, want) {
				t.Errorf("CONNECT begins with %q", got)
			}
			if n := attempts.Load(); n != 1 {
				t.Errorf("%d attempts", n)
			}
		})
	}
}

// packet reads one small packet and returns its type and body.
func packet(c net.Conn) (byte, []byte) {
	head := make([]byte, 2)
	if _, err := io.ReadFull(c, head); err != nil {
		return 0, nil
	}
	body := make([]byte, head[1])
	if _, err := io.ReadFull(c, body); err != nil {
		return 0, nil
	}
	return head[0] >> 4, body
}

// TestReleaseKeepsItsIdentifier: after a reconnect a new message does not get
// the identifier of a PUBREL that waits for its PUBCOMP, which would end the
// new one's flow [MQTT-2.3.1-2].
func TestReleaseKeepsItsIdentifier(t *testing.T) {
	const publish, pubrel = 3, 6
	released, complete, next := make(chan struct{}), make(chan struct{}), make(chan []byte, 1)
	var links atomic.Int32
	host, port := sessiontest.Serve(t, func(c net.Conn) {
		if !scripted.Accept(c) {
			return
		}
		if links.Add(1) == 1 {
			_, body := packet(c)                              // PUBLISH "a", identifier
			_, _ = c.Write([]byte{0x50, 2, body[3], body[4]}) // PUBREC
			if typ, _ := packet(c); typ != pubrel {
				t.Errorf("packet %d, want PUBREL", typ)
			}
			return
		}
		typ, id := packet(c)
		if typ != pubrel {
			t.Errorf("packet %d after the reconnect, want PUBREL", typ)
			return
		}
		close(released)
		for i := range 2 {
			typ, body := packet(c)
			if typ != publish {
				t.Errorf("packet %d, want PUBLISH", typ)
				return
			}
			next <- body
			if i == 0 {
				<-complete
				_, _ = c.Write([]byte{0x70, 2, id[0], id[1]}) // PUBCOMP
			}
		}
		_, _ = io.Copy(io.Discard, c)
	})
	c := newClient(t, app.V311)
	defer func() { _ = c.Close() }()
	o := app.ConnectOptions{Host: host, Port: port, Version: app.V311, ClientID: "c", Sink: sessiontest.NewInbox()}
	if _, err := c.Connect(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Publish(t.Context(), app.Publish{Topic: "a", QoS: app.QoS2}); err == nil {
		t.Error("a flow without its end succeeded")
	}
	<-c.Events()
	if _, err := c.Connect(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	<-released
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := c.Publish(ctx, app.Publish{Topic: "b", QoS: app.QoS2}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a message before the PUBCOMP: %v", err)
	}
	if _, err := c.Publish(t.Context(), app.Publish{Topic: "0"}); err != nil { // has no identifier
		t.Error(err)
	}
	if body := <-next; body[2] != '0' {
		t.Errorf("PUBLISH %q was sent before the PUBCOMP", body)
	}
	close(complete)
	done := make(chan error, 1)
	go func() {
		_, err := c.Publish(t.Context(), app.Publish{Topic: "c", QoS: app.QoS2})
		done <- err
	}()
	if body := <-next; body[2] != 'c' {
		t.Errorf("PUBLISH %q", body)
	}
	if err := c.Drop(); err != nil {
		t.Error(err)
	}
	if err := <-done; err == nil {
		t.Error("the new message succeeded without an answer")
	}
}
