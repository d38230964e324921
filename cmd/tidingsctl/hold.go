package main

import (
	"encoding/binary"
	"sync"
	"time"

	"tidings/app"
	"tidings/app/mqtt/wire"
)

// holdTime bounds how long a message that is not wanted any more is held, and
// how long the acknowledgement of the last one may take.
const holdTime = 2 * time.Second

// holder keeps the messages of a kept session that follow the last one wanted
// (-C with -c) with the broker: it holds them back, and so their
// acknowledgements, until our DISCONNECT has gone out. It is the one Sink that
// waits, for holdTime at most and when nothing else is to come.
type holder struct {
	out     *output
	settled chan struct{} // closed when the last wanted message is acknowledged
	gone    chan struct{} // closed with our DISCONNECT

	mu      sync.Mutex
	last    uint16 // identifier of the last wanted message, once it is there
	isDone  bool   // settled is closed
	leaving bool   // gone is closed
}

func newHolder(out *output) *holder {
	return &holder{out: out, settled: make(chan struct{}), gone: make(chan struct{})}
}

// Deliver implements app.Sink.
func (h *holder) Deliver(batch []app.Message) {
	taken, over := h.out.take(batch)
	if over && taken > 0 {
		h.mu.Lock()
		if h.last = batch[taken-1].ID; h.last == 0 { // QoS 0
			h.settle()
		}
		h.mu.Unlock()
	}
	if taken == len(batch) || batch[taken].QoS == app.QoS0 {
		return
	}
	timer := time.NewTimer(holdTime)
	defer timer.Stop()
	select {
	case <-h.gone:
	case <-timer.C:
	}
}

// await returns when DISCONNECT may follow: the last message is acknowledged.
func (h *holder) await() {
	timer := time.NewTimer(holdTime)
	defer timer.Stop()
	select {
	case <-h.settled:
	case <-timer.C:
	}
}

// Frames implements app.FrameSink.
func (h *holder) Frames(sent bool, frames []byte, _ time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for len(frames) > 0 {
		head, err := wire.Header(frames)
		if err != nil || head.Length == 0 || head.Size() > len(frames) {
			return
		}
		switch kind := wire.Type(frames[0] >> 4); {
		case sent && kind == wire.PUBACK, !sent && kind == wire.PUBREL: // PUBREL proves that PUBREC came
			if h.last != 0 && binary.BigEndian.Uint16(frames[head.Length:]) == h.last {
				h.settle()
			}
		case sent && kind == wire.DISCONNECT && !h.leaving:
			h.leaving = true
			close(h.gone)
		}
		frames = frames[head.Size():]
	}
}

// settle says that the last message is acknowledged. The caller holds mu.
func (h *holder) settle() {
	if !h.isDone {
		h.isDone = true
		close(h.settled)
	}
}
