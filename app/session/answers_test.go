package session_test

import (
	"bufio"
	"errors"
	"io"
	"net"
	"strings"
	"testing"

	"tidings/app"
	"tidings/app/session"
	"tidings/app/session/link"
	"tidings/app/session/sessiontest"
	"tidings/app/session/v3"
	"tidings/app/session/v5"
)

// What a person reads about a subscription says what became of the
// subscription, not that an address is wrong.
func TestAnswersToSubscribe(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("because\n\x1b[31m", 1000)
	for _, c := range []struct {
		name   string
		v      app.Version
		answer func(id []byte) []byte
		key    string
	}{
		{"no such code, 3", app.V311, func(id []byte) []byte { return []byte{0x90, 3, id[0], id[1], 3} }, "subscribe.bad_answer"},
		{"a code of MQTT 5, 3", app.V311, func(id []byte) []byte { return []byte{0x90, 3, id[0], id[1], 0x87} }, "subscribe.bad_answer"},
		{"no such code, 5", app.V5, func(id []byte) []byte { return []byte{0x90, 4, id[0], id[1], 0, 3} }, "subscribe.bad_answer"},
		{"no codes, 5", app.V5, func(id []byte) []byte { return []byte{0x90, 3, id[0], id[1], 0} }, "subscribe.bad_answer"},
		{"a code too many, 5", app.V5, func(id []byte) []byte { return []byte{0x90, 5, id[0], id[1], 0, 0, 0} }, "subscribe.bad_answer"},
		{"a code too many, 3", app.V311, func(id []byte) []byte { return []byte{0x90, 4, id[0], id[1], 0, 0} }, "subscribe.bad_answer"},
		{"broken rules, 3", app.V311, func([]byte) []byte { return nonsense }, "connect.broke_protocol"},
		{"broken rules, 5", app.V5, func([]byte) []byte { return nonsense }, "connect.broke_protocol"},
		{"closed, 3", app.V311, func([]byte) []byte { return nil }, "connect.link_closed"},
		{"closed, 5", app.V5, func([]byte) []byte { return nil }, "connect.link_closed"},
		{"refused at length", app.V5, func(id []byte) []byte { return refusal(id, long) }, "subscribe.refused"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := scripted(t, c.v, c.answer)
			res, err := s.Subscribe(t.Context(), app.Subscription{Filter: "a"})
			var said *app.Error
			if err == nil {
				said = s.Snapshot().Subscriptions[0].Err
			} else if !errors.As(err, &said) {
				t.Fatalf("not in words: %v", err)
			}
			if what(said) != c.key {
				t.Errorf("said %v (%v), want %s", what(said), said, c.key)
			}
			if strings.ContainsAny(res.ReasonString, "\n\x1b") || len(res.ReasonString) > 1000 {
				t.Errorf("the broker's words go through as they are: %d bytes", len(res.ReasonString))
			}
		})
	}
}

// refusal is a SUBACK 0x87 with a reason string (MQTT 5.0 §3.9.2.1.2).
func refusal(id []byte, text string) []byte {
	props := append([]byte{0x1f, byte(len(text) >> 8), byte(len(text))}, text...)
	body := append([]byte{id[0], id[1], byte(len(props)) | 0x80, byte(len(props) >> 7)}, props...)
	body = append(body, 0x87)
	return append([]byte{0x90, byte(len(body)) | 0x80, byte(len(body) >> 7)}, body...)
}

// scripted returns a session connected to a server that answers the first
// SUBSCRIBE, and closes the link when the answer is nil.
func scripted(t *testing.T, v app.Version, answer func(id []byte) []byte) *session.Session {
	t.Helper()
	host, port := sessiontest.Serve(t, func(c net.Conn) {
		hello := connack5
		if v != app.V5 {
			hello = connack3
		}
		r := bufio.NewReader(c)
		if _, err := body(r); err != nil {
			return
		}
		_, _ = c.Write(hello)
		request, err := body(r)
		if err != nil {
			return
		}
		if b := answer(request[:2]); b != nil {
			_, _ = c.Write(b)
			_, _ = io.Copy(io.Discard, c)
		}
	})
	connected := make(chan struct{}, 1)
	s := session.New(session.Params{
		NewClient: func(v app.Version) (app.Client, error) {
			if v == app.V5 {
				return v5.New(v5.Params{Dial: link.Dial}), nil
			}
			return v3.New(v3.Params{Dial: link.Dial}), nil
		},
		Changed: func() {
			select {
			case connected <- struct{}{}:
			default:
			}
		},
	})
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	s.Connect(app.ConnectOptions{Host: host, Port: port, Version: v, ClientID: "c", Clean: true, Sink: sessiontest.NewInbox()})
	for s.Snapshot().State != session.Connected {
		<-connected
	}
	return s
}

// body reads a packet of less than 128 bytes and returns what follows its
// header.
func body(r *bufio.Reader) ([]byte, error) {
	head := make([]byte, 2)
	if _, err := io.ReadFull(r, head); err != nil {
		return nil, err
	}
	b := make([]byte, head[1])
	_, err := io.ReadFull(r, b)
	return b, err
}
