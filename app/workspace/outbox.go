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

// Bounds of the outbox: how many messages, and bytes of payload, may wait to
// be sent, and how many results are kept for the screen.
const (
	maxWaiting      = 1000
	maxWaitingBytes = 64 << 20
	maxSent         = 100
	maxSentBytes    = 16 << 20
)

// Sent is one message the user published and how it ended.
type Sent struct {
	Number  uint64 // counts up from 1
	Message app.Publish
	Queued  time.Time
	Pending bool      // the handshake has not ended
	Ended   time.Time // when it ended, well or not; zero while it is pending
	Result  app.PubResult
	Err     error // set when it was not sent or its outcome is unknown
	// Flying: the outcome is unknown, and the session still has the message in
	// flight: a reconnect sends it again.
	Flying bool
	// Late: it was acknowledged after all, when nobody waited any more.
	Late bool

	link time.Time // when the link came up that it was sent on
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
	kept   int    // payload bytes in sent
	closed bool   // run has ended
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
	n, err := b.enqueue(p)
	if err == nil {
		b.touch()
	}
	return n, err
}

func (b *outbox) enqueue(p app.Publish) (uint64, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return 0, notSent()
	}
	full := b.kept+len(p.Payload) > maxWaitingBytes && b.waiting() > 0
	if !full {
		select {
		case b.queue <- b.number + 1:
		default:
			full = true
		}
	}
	if full {
		return 0, &app.Error{
			What: app.Say("publish.queue_full", "N", b.waiting()),
			Do:   app.Say("publish.queue_full_do"),
		}
	}
	b.number++
	b.sent = append(b.sent, Sent{Number: b.number, Message: p, Queued: time.Now(), Pending: true})
	b.kept += len(p.Payload)
	b.forget()
	return b.number, nil
}

// waiting counts the messages that have not ended. The caller holds mu.
func (b *outbox) waiting() (n int) {
	for i := range b.sent {
		if b.sent[i].Pending {
			n++
		}
	}
	return n
}

// forget drops the oldest finished results beyond the bounds, but never the
// newest message. Messages end in the order they were queued, so that those
// that wait are behind all finished ones. The caller holds mu.
func (b *outbox) forget() {
	for len(b.sent) > 1 && !b.sent[0].Pending && (len(b.sent) > maxSent || b.kept > maxSentBytes) {
		b.kept -= len(b.sent[0].Message.Payload)
		b.sent = slices.Delete(b.sent, 0, 1)
	}
}

// run sends until ctx ends; what still waits then has failed.
func (b *outbox) run(ctx context.Context) {
	defer b.abandon()
	for {
		select {
		case <-ctx.Done():
			return
		case n := <-b.queue:
			if ctx.Err() == nil {
				b.send(ctx, n)
			}
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
	link := b.session.Snapshot().Since
	result, err := b.session.Publish(ctx, m)
	flies := flying(m, err, b.session.Snapshot().Outgoing)
	b.mu.Lock()
	for i := range b.sent {
		if s := &b.sent[i]; s.Number == n {
			s.Pending, s.Ended, s.Result, s.Err = false, time.Now(), result, err
			s.Flying, s.link = flies, link
		}
	}
	b.forget()
	b.mu.Unlock()
	b.touch()
}

// abandon says of everything that waits that it was not sent.
func (b *outbox) abandon() {
	b.mu.Lock()
	b.closed = true
	for i := range b.sent {
		if b.sent[i].Pending {
			b.sent[i].Pending, b.sent[i].Ended, b.sent[i].Err = false, time.Now(), notSent()
		}
	}
	b.mu.Unlock()
	b.touch()
}

func notSent() error {
	return &app.Error{
		What:  app.Say("publish.not_connected"),
		Do:    app.Say("publish.not_connected.do"),
		Cause: app.ErrNotConnected,
	}
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
