package sessiontest

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"tidings/app"
)

// Inbox is a Sink that keeps what it gets, for tests. Safe for concurrent use.
type Inbox struct{ ch chan app.Message }

// NewInbox returns an Inbox with room for 10,000 messages; one more panics,
// since a Sink must not block.
func NewInbox() *Inbox { return &Inbox{ch: make(chan app.Message, 10_000)} }

// Deliver implements app.Sink.
func (in *Inbox) Deliver(batch []app.Message) {
	for _, m := range batch {
		m.Topic, m.Payload = strings.Clone(m.Topic), bytes.Clone(m.Payload)
		select {
		case in.ch <- m:
		default:
			panic("sessiontest: inbox full")
		}
	}
}

// Next returns the next message, and fails the test when none comes.
func (in *Inbox) Next(t testing.TB) app.Message {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	select {
	case m := <-in.ch:
		if m.Received.IsZero() || time.Since(m.Received) > time.Hour {
			t.Errorf("message with time %v", m.Received)
		}
		return m
	case <-ctx.Done():
		t.Fatal("no message")
	}
	panic("unreachable")
}

// Len returns the number of messages that wait.
func (in *Inbox) Len() int { return len(in.ch) }
