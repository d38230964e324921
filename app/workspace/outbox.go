package workspace

import (
	"context"
	"slices"
	"sync"
	"time"

	"tidings/app"
	"tidings/app/mqtt/topic"
	"tidings/app/session"
)

// Bounds of the outbox: how many messages may wait to be sent, and how many
// results are kept for the screen.
const (
	maxWaiting = 1000
	maxSent    = 100
)

// Sent is one message the user published and how it ended.
type Sent struct {
	Number  uint64 // counts up from 1
	Message app.Publish
	Queued  time.Time
	Pending bool // the handshake has not ended
	Result  app.PubResult
	Err     error // set when it was not sent or its outcome is unknown
}

// outbox sends in the order the user published, one handshake after the
// other.
type outbox struct {
	session *session.Session
	touch   func()
	queue   chan uint64

	mu     sync.Mutex
	number uint64
	sent   []Sent // newest last
}

func newOutbox(s *session.Session, touch func()) *outbox {
	return &outbox{session: s, touch: touch, queue: make(chan uint64, maxWaiting)}
}

// Publish queues a message and returns its number. A topic name the standard
// forbids and a full queue are refused with the reason.
func (w *Workspace) Publish(p app.Publish) (uint64, error) {
	if err := topic.ValidateName(p.Topic); err != nil {
		return 0, err
	}
	p.Payload = slices.Clone(p.Payload)
	return w.outbox.add(p)
}

// Sent returns the last messages published, oldest first.
func (w *Workspace) Sent() []Sent {
	w.outbox.mu.Lock()
	defer w.outbox.mu.Unlock()
	return slices.Clone(w.outbox.sent)
}

func (b *outbox) add(p app.Publish) (uint64, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	select {
	case b.queue <- b.number + 1:
	default:
		return 0, &app.Error{
			What: app.Say("publish.queue_full", "N", maxWaiting),
			Do:   app.Say("publish.queue_full_do"),
		}
	}
	b.number++
	b.sent = append(b.sent, Sent{Number: b.number, Message: p, Queued: time.Now(), Pending: true})
	b.forget()
	b.touch()
	return b.number, nil
}

// forget drops the oldest finished results beyond the bound. The caller
// holds mu.
func (b *outbox) forget() {
	for len(b.sent) > maxSent && !b.sent[0].Pending {
		b.sent = slices.Delete(b.sent, 0, 1)
	}
}

// run sends until ctx ends.
func (b *outbox) run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case n := <-b.queue:
			b.send(ctx, n)
		}
	}
}

func (b *outbox) send(ctx context.Context, n uint64) {
	m, ok := b.find(n)
	if !ok {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, handshakeTimeout)
	defer cancel()
	result, err := b.session.Publish(ctx, m)
	b.mu.Lock()
	for i := range b.sent {
		if b.sent[i].Number == n {
			b.sent[i].Pending, b.sent[i].Result, b.sent[i].Err = false, result, err
		}
	}
	b.mu.Unlock()
	b.touch()
}

func (b *outbox) find(n uint64) (app.Publish, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i := range b.sent {
		if b.sent[i].Number == n {
			return b.sent[i].Message, true
		}
	}
	return app.Publish{}, false
}
