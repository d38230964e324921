package crashtest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"tidings/app"
	"tidings/app/mqtt/wire"
	"tidings/brokerlocal/engine/enginetest"
)

// patience is how long nothing may go on before that is a failure.
const patience = 30 * time.Second

// tick is how long a client reads before it looks at what else there is to do.
const tick = 20 * time.Millisecond

// world is what all who take part share: the life of the broker that is on,
// and what was found against it.
type world struct {
	ctx  context.Context // done when something was found, or it is all over
	stop context.CancelFunc

	mu       sync.Mutex
	life     int      // how many the broker has had
	broker   *Process // nil between two lives
	changed  chan struct{}
	findings []string
}

func newWorld(ctx context.Context) *world {
	w := &world{changed: make(chan struct{})}
	w.ctx, w.stop = context.WithCancel(ctx)
	return w
}

// found notes a broken promise, which ends the run.
func (w *world) found(format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.findings) < 20 {
		w.findings = append(w.findings, fmt.Sprintf("life %d: ", w.life)+fmt.Sprintf(format, args...))
	}
	w.stop()
}

// open lets everybody in to a life of the broker; nil ends it.
func (w *world) open(p *Process) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.broker = p; p != nil {
		w.life++
	}
	close(w.changed)
	w.changed = make(chan struct{})
}

// next waits for a life after the one numbered last, and at least the one
// numbered first. ok is false when there is none.
func (w *world) next(last, first int) (p *Process, life int, ok bool) {
	for {
		w.mu.Lock()
		p, life = w.broker, w.life
		changed := w.changed
		w.mu.Unlock()
		if p != nil && life > last && life >= first {
			return p, life, w.ctx.Err() == nil
		}
		select {
		case <-changed:
		case <-w.ctx.Done():
			return nil, 0, false
		}
	}
}

// pause waits; false: it is over.
func (w *world) pause(d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-w.ctx.Done():
		return false
	}
}

// link is one connection of one client to one life of the broker.
type link struct {
	*enginetest.Client
	world  *world
	broker *Process
	tick   time.Duration // how long batch waits for something to come
	gone   atomic.Bool   // we hung up
}

// hangUp ends the connection like a cut cable, from any goroutine.
func (l *link) hangUp() {
	l.gone.Store(true)
	l.Drop()
}

// Helper is that of enginetest.TB.
func (l *link) Helper() {}

// Cleanup is that of enginetest.TB: who dials, hangs up.
func (l *link) Cleanup(func()) {}

// Fatalf is that of enginetest.TB. It ends the goroutine.
func (l *link) Fatalf(format string, args ...any) {
	l.world.found(format, args...)
	runtime.Goexit()
}

// dial connects; nil: the broker is dead. clean is Clean Start, expiry counts
// for MQTT 5.
func (w *world) dial(p *Process, o wire.Connect) (*link, *wire.ConnAck) {
	conn, err := enginetest.DialConn(p.Address)
	if err != nil {
		if !p.doomed.Load() && w.ctx.Err() == nil {
			w.found("%s cannot connect: %v", o.ClientID, err)
		}
		return nil, nil
	}
	l := &link{world: w, broker: p, tick: tick}
	l.Client = enginetest.New(l, conn)
	l.Version, l.ID = o.Version, o.ClientID
	l.Timeout = patience
	l.send(&o)
	first, ok := l.receive()
	if !ok {
		l.Drop()
		return nil, nil
	}
	ack, ok := first.(*wire.ConnAck)
	if !ok || ack.Reason != app.ReasonSuccess {
		l.Drop()
		w.found("%s is not let in: %+v", o.ClientID, first)
		return nil, nil
	}
	return l, ack
}

// send sends packets in one write.
func (l *link) send(packets ...wire.Packet) {
	if len(packets) > 0 {
		l.Send(packets...)
	}
}

// receive returns the next packet. ok is false when the broker has died, or we
// hung up. That it hangs up while it is to live is a
// finding, and so is what it may not send.
func (l *link) receive() (p wire.Packet, ok bool) {
	p, err := l.Read()
	switch {
	case err == nil:
		if d, isEnd := p.(*wire.Disconnect); isEnd {
			l.world.found("%s is thrown out: %s %s", l.ID, d.Reason, d.Properties.ReasonString)
			return nil, false
		}
		return p, true
	case l.world.ctx.Err() != nil: // that ends the broker too
	case errors.Is(err, os.ErrDeadlineExceeded):
		l.world.found("%s waits for a packet for %v", l.ID, patience)
	case !l.gone.Load() && !l.broker.doomed.Load():
		l.world.found("%s is cut off: %v", l.ID, err)
	}
	return nil, false
}

// batch returns what has come: at least one packet, or none after a tick.
func (l *link) batch(into []wire.Packet) (_ []wire.Packet, ok bool) {
	into = into[:0]
	for wait := l.tick; len(into) < 256 && l.Coming(wait); wait = 0 {
		p, ok := l.receive()
		if !ok {
			return into, false
		}
		into = append(into, p)
	}
	return into, l.world.ctx.Err() == nil
}

// calm waits until nobody is connected.
func (w *world) calm(p *Process) {
	for began := time.Now(); w.ctx.Err() == nil; {
		s, err := p.Stats()
		switch {
		case err != nil:
			w.found("the broker has ended: %v: %s", err, p.errors.String())
		case s.Faults > 0:
			w.found("%d connections ended by a panic: %s", s.Faults, p.goroutines())
			return
		case s.Clients == 0:
			return
		case time.Since(began) > patience:
			w.found("%d clients have left and are still there", s.Clients)
		}
		w.pause(time.Millisecond)
	}
}
