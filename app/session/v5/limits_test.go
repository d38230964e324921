package v5_test

import (
	"context"
	"errors"
	"io"
	"net"
	"testing"
	"time"

	"tidings/app"
	"tidings/app/session/sessiontest"
)

// TestLimitsOfTheBroker: what CONNACK rules out is refused in words, and not
// a byte of it is sent.
func TestLimitsOfTheBroker(t *testing.T) {
	sent := make(chan int64, 1)
	// Properties: Maximum QoS 1, Retain Available 0, Maximum Packet Size 100,
	// Wildcard Subscription Available 0, Shared Subscription Available 0.
	limits := []byte{0x20, 16, 0, 0, 13, 0x24, 1, 0x25, 0, 0x27, 0, 0, 0, 100, 0x28, 0, 0x2a, 0}
	c, _ := scripted.Dial(t, func(c net.Conn) {
		if sessiontest.Answer(c, limits) {
			n, _ := io.Copy(io.Discard, c)
			sent <- n
		}
	})
	fits := 100 - 2 - 2 - 1 - 1 // fixed header, topic, property length
	for _, p := range []struct {
		name string
		p    app.Publish
		key  string
	}{
		{"QoS 2", app.Publish{Topic: "a", QoS: app.QoS2}, "publish.limit.qos"},
		{"retained", app.Publish{Topic: "a", Retain: true}, "publish.limit.retain"},
		{"a byte too large", app.Publish{Topic: "a", Payload: make([]byte, fits+1)}, "publish.limit.packet"},
		{"too large by its properties", app.Publish{Topic: "a", Payload: make([]byte, fits), Properties: &app.Properties{ContentType: "x"}}, "publish.limit.packet"},
		{"fits", app.Publish{Topic: "a", Payload: make([]byte, fits)}, ""},
		{"property is no text", app.Publish{Topic: "a", Properties: &app.Properties{ContentType: "\xff"}}, "publish.property_not_text"},
		{"name with NUL", app.Publish{Topic: "a", Properties: &app.Properties{User: []app.UserProperty{{Name: "\x00"}}}}, "publish.property_not_text"},
		{"value too long", app.Publish{Topic: "a", Properties: &app.Properties{User: []app.UserProperty{{Value: string(make([]byte, 65536))}}}}, "publish.property_too_long"},
		{"correlation data too long", app.Publish{Topic: "a", Properties: &app.Properties{CorrelationData: make([]byte, 65536)}}, "publish.property_too_long"},
		{"response topic with wildcard", app.Publish{Topic: "a", Properties: &app.Properties{ResponseTopic: "a/#"}}, "topic.name_wildcard"},
	} {
		_, err := c.Publish(t.Context(), p.p)
		if got := key(err); got != p.key {
			t.Errorf("%s: %q (%v), want %q", p.name, got, err, p.key)
		}
	}
	for _, s := range []struct {
		name string
		s    app.Subscription
		key  string
	}{
		{"wildcard", app.Subscription{Filter: "a/+"}, "subscribe.limit.wildcard"},
		{"shared", app.Subscription{Filter: "$share/g/a"}, "subscribe.limit.shared"},
		{"no local, shared", app.Subscription{Filter: "$share/g/a", NoLocal: true}, "subscribe.shared_no_local"},
		{"retain handling 3", app.Subscription{Filter: "a", RetainHandling: 3}, "subscribe.bad_retain_handling"},
	} {
		_, err := c.Subscribe(t.Context(), s.s)
		if got := key(err); got != s.key {
			t.Errorf("%s: %q (%v), want %q", s.name, got, err, s.key)
		}
	}
	if err := c.Drop(); err != nil {
		t.Error(err)
	}
	if n := <-sent; n != 100 && n != 102 { // the message that fits; paho may send PINGREQ
		t.Errorf("%d bytes were sent, want those of one PUBLISH", n)
	}
}

func key(err error) string {
	var said *app.Error
	if errors.As(err, &said) {
		return said.What.Key
	}
	return ""
}

// TestConnAckWithACodeOfMQTT3 is no success, though MQTT 5 counts from 0x80.
func TestConnAckWithACodeOfMQTT3(t *testing.T) {
	host, port := sessiontest.Serve(t, func(c net.Conn) {
		if _, err := c.Read(make([]byte, 1024)); err == nil {
			_, _ = c.Write([]byte{0x20, 3, 0, 1, 0})
			_, _ = io.Copy(io.Discard, c)
		}
	})
	c := newClient(t, app.V5)
	defer func() { _ = c.Close() }()
	var refused *app.RefusedError
	_, err := c.Connect(t.Context(), app.ConnectOptions{Host: host, Port: port, Version: app.V5, Clean: true, Sink: sessiontest.NewInbox()})
	if !errors.As(err, &refused) || refused.Reason != app.ReasonUnsupportedVersion {
		t.Error(err)
	}
}

// TestReceiveMaximum: with Receive Maximum 1 the second message waits for the
// first one's PUBACK [MQTT-3.3.4-7].
func TestReceiveMaximum(t *testing.T) {
	got, reply := make(chan []byte, 10), make(chan struct{})
	c, _ := scripted.Dial(t, func(c net.Conn) {
		if !sessiontest.Answer(c, []byte{0x20, 6, 0, 0, 3, 0x21, 0, 1}) {
			return
		}
		for {
			head := make([]byte, 2)
			if _, err := io.ReadFull(c, head); err != nil {
				return
			}
			body := make([]byte, head[1])
			if _, err := io.ReadFull(c, body); err != nil {
				return
			}
			if head[0]>>4 != 3 {
				continue
			}
			got <- body
			<-reply
			_ = c.SetReadDeadline(time.Now().Add(50 * time.Millisecond)) // on a busy machine it sees less, and never too much
			if n, _ := c.Read(head); n > 0 {
				t.Error("a message was sent before the PUBACK of the one before")
				return
			}
			_ = c.SetReadDeadline(time.Time{})
			if _, err := c.Write([]byte{0x40, 2, body[3], body[4]}); err != nil {
				return
			}
		}
	})
	done := make(chan error, 2)
	publish := func(ctx context.Context) {
		_, err := c.Publish(ctx, app.Publish{Topic: "a", QoS: app.QoS1})
		done <- err
	}
	go publish(t.Context())
	<-got
	ctx, cancel := context.WithCancel(t.Context())
	go publish(ctx)
	cancel() // while it waits for its turn
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("the waiting one: %v", err)
	}
	go publish(t.Context())
	close(reply)
	for range 2 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

// TestWhatConnAckSays: the broker's values reach the caller.
func TestWhatConnAckSays(t *testing.T) {
	host, port := sessiontest.Serve(t, func(c net.Conn) {
		props := []byte{0x11, 0, 0, 0, 9, 0x12, 0, 2, 'i', 'd', 0x13, 0, 7, 0x21, 0, 5, 0x27, 0, 1, 0, 0, 0x24, 1, 0x15, 0, 1, 'm'}
		if sessiontest.Answer(c, append([]byte{0x20, byte(3 + len(props)), 1, 0, byte(len(props))}, props...)) {
			_, _ = io.Copy(io.Discard, c)
		}
	})
	c := newClient(t, app.V5)
	defer func() { _ = c.Close() }()
	ack, err := c.Connect(t.Context(), app.ConnectOptions{Host: host, Port: port, Version: app.V5, Sink: sessiontest.NewInbox(), SessionExpiry: 100})
	ack.Took = 0
	want := app.ConnAck{
		SessionPresent: true, AssignedClientID: "id", ServerKeepAlive: 7 * time.Second, MaximumQoS: 1, RetainAvailable: true,
		WildcardAvail: true, MaximumPacket: 65536, ReceiveMaximum: 5, SessionExpiry: 9,
	}
	if err != nil || ack != want {
		t.Errorf("%+v, %v; want %+v", ack, err, want)
	}
}

// TestRefusalWithText: the reason string of a refusal is kept.
func TestRefusalWithText(t *testing.T) {
	host, port := sessiontest.Serve(t, func(c net.Conn) {
		sessiontest.Answer(c, []byte{0x20, 8, 0, 0x87, 5, 0x1F, 0, 2, 'n', 'o'})
	})
	c := newClient(t, app.V5)
	defer func() { _ = c.Close() }()
	_, err := c.Connect(t.Context(), app.ConnectOptions{Host: host, Port: port, Version: app.V5, Sink: sessiontest.NewInbox()})
	var refused *app.RefusedError
	if !errors.As(err, &refused) || refused.Reason != app.ReasonNotAuthorized || refused.ReasonString != "no" {
		t.Errorf("error %v", err)
	}
}
