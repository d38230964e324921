package engine

import (
	"context"
	"errors"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"tidings/app"
	"tidings/app/mqtt/wire"
	"tidings/brokerlocal/engine/auth"
	"tidings/brokerlocal/engine/link"
	"tidings/brokerlocal/engine/message"
	"tidings/brokerlocal/engine/retained"
	"tidings/brokerlocal/engine/session"
	"tidings/brokerlocal/engine/store"
	"tidings/brokerlocal/engine/topics"
)

// Engine is a broker. Make one with New; its methods are safe for concurrent
// use.
type Engine struct {
	cfg   Config
	log   journalist
	began time.Time
	ruled bool // there are rules about topics

	registry *registry
	index    *topics.Index[*client]
	retained *retained.Index
	clock    *clock
	journal  *store.Journal // nil: everything is in memory

	crew     crew
	links    link.Config
	sessions session.Config
	upkeep   *session.Budget // of sessions and wills, beside messages
	count    counters
	sys      system

	batches    atomic.Uint64                          // stamps of batches
	routes     atomic.Int64                           // that publishers' routers remember
	identities atomic.Uint64                          // raised when somebody becomes somebody else
	known      atomic.Pointer[func(user string) bool] // nil: everyone may stay
	present    atomic.Int64                           // clients connected
	waiting    atomic.Int64                           // bytes granted to links beyond their ration
	number     atomic.Uint64                          // of the next stored session
	left       atomic.Uint64                          // drops that were left to the journal
	leaving    atomic.Bool                            // and the alarm for them is set
	failing    atomic.Bool                            // the log has said that the store takes nothing
	crammed    atomic.Bool                            // and lately that there is no room to retain
	held       atomic.Int64                           // QoS 1 and 2 messages in all sessions

	expiry struct { // of retained messages
		sync.Mutex
		alarm *alarm
		at    time.Time
	}

	// For the journal's goroutine alone:
	committed  *router
	due        []*connection               // links that were appended to
	dueClients []*client                   // sessions that may have something to send
	settling   map[string]*message.Message // retained messages of the batch at work

	running context.Context //nolint:containedctx // the engine's life, for what it calls
	stop    context.CancelCauseFunc

	mu      sync.Mutex
	open    map[*connection]struct{}
	slots   int // connections that count: all but those whose client took its leave
	stopped bool
	served  sync.WaitGroup
}

// New returns an engine that has what its store holds. Stop ends it. The
// error is the store's.
func New(cfg Config) (*Engine, error) {
	cfg = cfg.withDefaults()
	e := &Engine{
		cfg: cfg, log: journalist{cfg.Log}, began: time.Now(),
		registry: newRegistry(), index: topics.New[*client](),
		settling: make(map[string]*message.Message),
		open:     make(map[*connection]struct{}),
	}
	_, open := cfg.Authorizer.(auth.AllowAll)
	e.ruled = !open
	e.clock = newClock(e.guard)
	caps := wire.DefaultCaps()
	caps.Packet = cfg.Limits.PacketSize
	e.links = link.Config{
		Caps: caps, ConnectTimeout: cfg.ConnectTimeout, Low: lowWater, Deep: e.crew.do,
		FirstByte: byte(wire.CONNECT) << 4,
	}
	e.sessions = session.Config{
		Messages: cfg.Limits.QueueMessages, Bytes: int64(cfg.Limits.QueueBytes), InFlight: int(cfg.Limits.InFlight),
		Budget: session.NewBudget(int64(cfg.Limits.TotalBytes)),
	}
	e.upkeep = session.NewBudget(int64(cfg.Limits.TotalBytes) / upkeepShare)
	e.retained = retained.New(retained.Limits{Budget: e.sessions.Budget, Apart: isSystem})
	e.running, e.stop = context.WithCancelCause(context.Background())
	e.committed = newRouter(e, nil, e.flushLater)
	if cfg.Store != nil {
		if err := e.restore(cfg.Store); err != nil {
			e.clock.close()
			return nil, err
		}
	}
	e.startSys()
	return e, nil
}

// Serve speaks MQTT on one connection and returns when that has ended: nil
// when the client took its leave, else why. It owns nc and closes it. A panic
// ends this connection alone. The calling goroutine is not locked to a thread.
func (e *Engine) Serve(nc net.Conn) error {
	var c *connection
	var err error
	e.crew.do(func() { c, err = e.accept(nc) })
	if err != nil {
		return err
	}
	err = c.link.Serve(c)
	e.crew.do(func() { e.end(c, err) })
	if errors.Is(err, errDone) {
		return nil
	}
	return err
}

// end is what follows when a connection is not served any more.
func (e *Engine) end(c *connection, err error) {
	defer e.release(c)
	e.guard(func() { e.finish(c, err) })
	c.link.Wait()
}

var errFull = errors.New("too many connections")

// accept makes a connection of a net.Conn.
func (e *Engine) accept(nc net.Conn) (*connection, error) {
	c := &connection{engine: e, address: nc.RemoteAddr().String(), peer: peerOf(nc), certificate: certificateOf(nc), since: time.Now()}
	if e.cfg.Tap != nil {
		nc = e.cfg.Tap(nc)
	}
	c.decoder = newDecoder(0)
	c.granted.Store(c.ration())
	e.mu.Lock()
	defer e.mu.Unlock()
	var err error
	switch {
	case e.stopped:
		err = errStopped
	case e.slots >= e.cfg.Limits.Connections:
		err = errFull
		e.count.refused.Add(1)
		e.log.warn("Client connection from %s denied: max_connections exceeded.", c.address)
	}
	if err != nil {
		_ = nc.Close()
		return nil, err
	}
	e.count.sockets.Add(1)
	e.log.debug("New connection from %s.", c.address)
	c.link = link.New(nc, &e.links)
	e.open[c] = struct{}{}
	e.slots++
	e.served.Add(1)
	return c, nil
}

// newDecoder returns the decoder of a connection; version 0 expects CONNECT.
func newDecoder(v app.Version) wire.Decoder {
	return wire.Decoder{Version: v, From: wire.FromClient, CheckUTF8: true}
}

func (e *Engine) release(c *connection) {
	if c.exchange != nil {
		c.exchange.Close()
	}
	if c.router != nil {
		c.router.forget()
	}
	c.giveBack()
	e.vacate(c)
	e.mu.Lock()
	delete(e.open, c)
	e.mu.Unlock()
	e.served.Done()
}

// mayWrite reports whether a client may publish to a topic: never to $SYS.
func (e *Engine) mayWrite(who *auth.Client, topic string) bool {
	return !isSystem(topic) && e.cfg.Authorizer.Write(who, topic)
}

// publish sends a message that came in with no PUBLISH: a will, or $SYS.
// from is whose it is, nil for the broker's own; with are operations that go
// into its commit.
func (e *Engine) publish(m *message.Message, from *client, with ...store.Op) {
	x := newRouter(e, from, func(c *connection) { c.link.Kick() })
	x.debug = e.log.debugs()
	r := x.find(m.Topic)
	x.quiet = r.system
	if !r.system && m.Retain && !e.roomToRetain(m) {
		m.Retain = false
	}
	if len(with) > 0 || e.needsJournal(nil, r, m) {
		if err := e.post(x, &publication{message: m, ops: with}, r); err != nil {
			e.log.warn("A message on '%s' is lost: %s.", m.Topic, err.Error())
		}
		return
	}
	if m.Retain {
		e.keepRetained(m)
		r = x.find(m.Topic)
	}
	x.deliver(r, m, time.Now())
	e.count.add(&x.tally)
}

// grant takes bytes for a link from the budget that queues, links and what is
// retained have in common.
func (e *Engine) grant(n int64) bool {
	if !e.sessions.Budget.Take(n) {
		return false
	}
	e.waiting.Add(n)
	return true
}

// regain takes back what was granted.
func (e *Engine) regain(n int64) {
	e.waiting.Add(-n)
	e.sessions.Budget.Give(n)
}

// connectionOf is what a session must know of a connection.
func (e *Engine) connectionOf(t *terms) session.Connection {
	c := session.Connection{Version: t.version, ReceiveMaximum: t.receive, MaximumPacket: uint32(t.packet)}
	c.Inbound = uint16(min(e.cfg.Limits.AwaitingRelease, 65_535))
	if t.version == app.V5 {
		c.Inbound = e.cfg.Limits.ReceiveMaximum
	}
	return c
}
