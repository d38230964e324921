package v3

import (
	"context"
	"encoding/binary"
	"errors"
	"strings"
	"sync"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"

	"tidings/app"
	"tidings/app/mqtt/tap"
	"tidings/app/session/adapter"
)

// sendTime is how long paho may wait for its writer to take a packet. A call
// that waits there cannot be cancelled. Two things keep anybody from waiting
// long: link.hand lets nobody in while a packet is being written, and paho
// learns of the end of the link when nobody is inside.
const sendTime = 5 * time.Second

// link is one connection: a paho client and what surrounds it.
type link struct {
	conn  *tap.Conn
	paho  mqtt.Client
	store *store
	sink  app.Sink

	gone chan struct{} // closed when paho has ended, for whatever reason
	ctx  context.Context
	cut  context.CancelCauseFunc // ends every request of the link

	send chan struct{}  // one request at a time is handed to paho
	work sync.WaitGroup // requests inside paho

	mu     sync.Mutex
	idle   *sync.Cond
	writes int            // writes under way
	asked  map[uint16]int // filters of the SUBSCRIBE packets without an answer
	quiet  bool           // we ended the link ourselves
	ended  bool
}

func newLink(s *store, sink app.Sink) *link {
	l := &link{store: s, sink: sink, gone: make(chan struct{}), send: make(chan struct{}, 1), asked: make(map[uint16]int)}
	l.idle = sync.NewCond(&l.mu)
	l.ctx, l.cut = context.WithCancelCause(context.Background())
	return l
}

// wire is the conn that paho gets: it knows whether a write is under way,
// looks at what goes out (outbound), and lets paho learn of the end of the link
// in one way only, by Read.
type wire struct {
	*adapter.Conn
	l *link
}

// Read is net.Conn's Read. Before an error it ends the requests: one that
// entered paho just when its goroutines end would be stuck there for sendTime.
func (w wire) Read(p []byte) (int, error) {
	n, err := w.Conn.Read(p)
	switch {
	case err == nil:
		return n, nil
	case errors.Is(err, adapter.ErrLinkClosed):
		w.l.close() // by us, or by paho, which will tell why
	default:
		w.l.refuse(adapter.WhyEnded(w.l.conn, err))
		_ = w.l.conn.Close() // ends a Write that a request waits for
	}
	w.l.work.Wait()
	return n, err
}

// Write is net.Conn's Write; paho writes each packet at once. It reports no
// error: Read does, and link.do sees that the link has ended.
func (w wire) Write(p []byte) (int, error) {
	w.l.outbound(p)
	w.l.writing(1)
	defer w.l.writing(-1)
	if _, err := w.Conn.Write(p); err != nil {
		w.l.refuse(adapter.WhyEnded(w.l.conn, err))
		_ = w.l.conn.Close()
	}
	return len(p), nil
}

// outbound looks at a packet before it is sent.
func (l *link) outbound(p []byte) {
	if len(p) == 0 {
		return
	}
	typ := p[0] >> 4
	if typ != adapter.TypePubRel && typ != adapter.TypeSubscribe {
		return
	}
	id, err := adapter.PacketID(p)
	if err != nil {
		return
	}
	if typ == adapter.TypePubRel {
		l.store.release(id)
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.asked[id] = countFilters(adapter.Body(p)[2:])
}

// countFilters returns the number of filter and QoS pairs.
func countFilters(b []byte) (n int) {
	for len(b) >= 2 {
		size := 2 + int(binary.BigEndian.Uint16(b)) + 1
		if len(b) < size {
			break
		}
		b, n = b[size:], n+1
	}
	return n
}

// check refuses what paho would not survive: it indexes the filters of a
// SUBSCRIBE by the return codes of its SUBACK, also when the SUBSCRIBE has its
// identifier but was not sent yet.
func (l *link) check(frame []byte) error {
	if frame[0]>>4 != adapter.TypeSubAck {
		return nil
	}
	id, err := adapter.PacketID(frame)
	if err != nil {
		return err
	}
	l.mu.Lock()
	want := l.asked[id] // 0 when nothing was asked
	delete(l.asked, id)
	l.mu.Unlock()
	if got := len(adapter.Body(frame)) - 2; got != want {
		return adapter.Malformed(frame, "SUBACK with %d return codes for %d filters [MQTT-3.8.4-5]", got, want)
	}
	return nil
}

// refuse ends the requests of the link and lets none in any more.
func (l *link) refuse(why error) {
	l.cut(why) // first: who sees ended wants the cause
	l.close()
}

// close lets no request in any more.
func (l *link) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ended = true
	l.idle.Broadcast()
}

func (l *link) writing(n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.writes += n; l.writes == 0 {
		l.idle.Broadcast()
	}
}

// do hands one request to paho and waits for its token, for ctx, or for the
// end of the link. Only a token that completed is an answer.
func (l *link) do(ctx context.Context, needsID bool, request func() mqtt.Token) (mqtt.Token, error) {
	if needsID {
		if err := l.either(ctx, l.store.settle); err != nil {
			return nil, err
		}
	}
	select {
	case l.send <- struct{}{}:
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	case <-l.ctx.Done():
		return nil, context.Cause(l.ctx)
	}
	token, err := l.hand(ctx, request)
	if err != nil {
		return nil, err
	}
	select {
	case <-token.Done():
		if err := context.Cause(l.ctx); err != nil && !needsID {
			return nil, err // QoS 0: paho does not know that the write failed
		}
		return token, token.Error()
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	case <-l.ctx.Done():
		return nil, context.Cause(l.ctx)
	}
}

// hand calls request when nothing is being written. It returns early when ctx
// or the link ends; the call itself cannot be stopped, and releases send.
func (l *link) hand(ctx context.Context, request func() mqtt.Token) (mqtt.Token, error) {
	ch := make(chan mqtt.Token, 1)
	l.mu.Lock()
	if l.ended {
		l.mu.Unlock()
		<-l.send
		if why := context.Cause(l.ctx); why != nil {
			return nil, why
		}
		return nil, adapter.ErrLinkClosed // the cause follows
	}
	l.work.Add(1)
	l.mu.Unlock()
	go func() { // waited for by End
		defer l.work.Done()
		defer func() { <-l.send }()
		if l.waitIdle(ctx) {
			ch <- request()
		}
	}()
	select {
	case t := <-ch:
		return t, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	case <-l.ctx.Done():
		return nil, context.Cause(l.ctx)
	}
}

// waitIdle waits until no write is under way. It reports false when ctx or
// the link ends first.
func (l *link) waitIdle(ctx context.Context) bool {
	stop := context.AfterFunc(ctx, l.wake)
	defer stop()
	l.mu.Lock()
	defer l.mu.Unlock()
	for l.writes > 0 && ctx.Err() == nil && !l.ended {
		l.idle.Wait()
	}
	return ctx.Err() == nil && !l.ended
}

func (l *link) wake() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.idle.Broadcast()
}

// either runs wait until ctx or the link ends.
func (l *link) either(ctx context.Context, wait func(context.Context) error) error {
	both, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	stop := context.AfterFunc(l.ctx, func() { cancel(context.Cause(l.ctx)) })
	defer stop()
	return wait(both)
}

// deliver is paho's handler for every message: QoS 1 and 2, the tap took the
// rest. The acknowledgement goes out when it has returned.
func (l *link) deliver(_ mqtt.Client, m mqtt.Message) {
	if m.Qos() == byte(app.QoS2) && !l.store.first(m.MessageID(), m.Duplicate()) {
		return
	}
	l.sink.Deliver([]app.Message{{
		Topic: m.Topic(), Payload: m.Payload(), QoS: app.QoS(m.Qos()),
		Retained: m.Retained(), Dup: m.Duplicate(), ID: m.MessageID(), Received: time.Now(),
	}})
}

// lost is paho's handler for the end of a link that was up; its workers have
// ended by then.
func (l *link) lost(err error) {
	if strings.Contains(err.Error(), "pingresp not received") {
		err = app.ErrKeepAlive
	}
	l.cut(adapter.WhyEnded(l.conn, err))
	close(l.gone)
}

// Over reports whether the link has ended.
func (l *link) Over() bool { return l.ctx.Err() != nil }

// End cuts the link and waits for all of it. It may be called again.
func (l *link) End(why error) {
	l.refuse(why)
	_ = l.conn.Close() // nothing is lost by an error here
	<-l.gone
	l.work.Wait()
}

// silenced reports whether we ended the link ourselves.
func (l *link) silenced() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.quiet
}

// Silence keeps the end that follows from being reported.
func (l *link) Silence() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.quiet = true
}
