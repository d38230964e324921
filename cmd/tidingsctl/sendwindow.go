package main

import (
	"context"
	"sync"
	"time"

	"tidings/app"
	"tidings/app/mqtt/wire"
)

// What pub has on its way at once with QoS 1 and 2. A client of MQTT 5 keeps to
// the broker's Receive Maximum besides, of which older brokers do not tell:
// mosquitto drops QoS 2 messages beyond its 20 without a word.
const (
	windowMessages    = 100
	windowMessages311 = 20
	windowBytes       = 16 << 20
)

// sendWindow bounds the messages whose flow has not ended, and keeps their order:
// a message follows when the PUBLISH of the one before was handed to the
// network. handOver is for one goroutine.
type sendWindow struct {
	most   int // messages
	flows  sync.WaitGroup
	room   chan struct{} // holds one: a flow has ended
	handed chan struct{} // holds one: a PUBLISH was handed to the network

	mu              sync.Mutex
	messages, bytes int
}

func newSendWindow(v app.Version) *sendWindow {
	most := windowMessages
	if v != app.V5 {
		most = windowMessages311
	}
	return &sendWindow{most: most, room: make(chan struct{}, 1), handed: make(chan struct{}, 1)}
}

// handOver runs a flow, and returns when its PUBLISH was handed to the network,
// or with the flow's own error when that ends before. An error of a flow that
// ends later goes to late.
func (w *sendWindow) handOver(ctx context.Context, size int, flow func() error, late func(error)) error {
	if err := w.enter(ctx, size); err != nil {
		return err
	}
	select {
	case <-w.handed: // of a flow whose link was lost meanwhile
	default:
	}
	ended, gone := make(chan error), make(chan struct{})
	w.flows.Go(func() {
		defer w.leave(size)
		err := flow()
		select {
		case ended <- err:
		case <-gone:
			if err != nil {
				late(err)
			}
		}
	})
	select {
	case err := <-ended:
		return err
	case <-w.handed:
		close(gone)
		return nil
	}
}

// enter waits for room, which one message always has. The error is errStopped
// when ctx ends first.
func (w *sendWindow) enter(ctx context.Context, size int) error {
	for !w.take(size) {
		select {
		case <-w.room:
		case <-ctx.Done():
			return errStopped
		}
	}
	return nil
}

func (w *sendWindow) take(size int) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.messages > 0 && (w.messages == w.most || w.bytes+size > windowBytes) {
		return false
	}
	w.messages++
	w.bytes += size
	return true
}

func (w *sendWindow) leave(size int) {
	w.mu.Lock()
	w.messages--
	w.bytes -= size
	w.mu.Unlock()
	notify(w.room)
}

// Frames implements app.FrameSink. What a reconnect sends again has been handed
// over before.
func (w *sendWindow) Frames(sent bool, frames []byte, _ time.Time) {
	const dup = 1 << 3 // MQTT 5.0 §3.3.1.1
	for sent && len(frames) > 0 {
		head, err := wire.Header(frames)
		if err != nil || head.Length == 0 || head.Size() > len(frames) {
			return
		}
		if head.Type == wire.PUBLISH && head.Flags&dup == 0 {
			notify(w.handed)
		}
		frames = frames[head.Size():]
	}
}

// notify fills a channel that holds one.
func notify(ch chan struct{}) {
	select {
	case ch <- struct{}{}:
	default:
	}
}
