package engine

import (
	"errors"
	"slices"
	"time"

	"tidings/app"
	"tidings/app/mqtt/wire"
	"tidings/brokerlocal/engine/message"
	"tidings/brokerlocal/engine/session"
	"tidings/brokerlocal/engine/store"
)

// needsJournal reports whether a message has to be safe before it is
// delivered and acknowledged, or has to keep its place behind one that does.
func (e *Engine) needsJournal(c *connection, r *route, m *message.Message) bool {
	switch {
	case e.journal == nil:
		return false
	case c != nil && (c.journal.Load() > 0 || m.QoS == app.QoS2 && c.client.durable()):
		return true
	}
	return m.Retain && !r.system || r.durable && m.QoS > app.QoS0
}

// publication is a message, or just an answer, on its way through the
// journal: Prepare gives it its numbers in the sessions that are stored, Done
// delivers and acknowledges it.
type publication struct {
	engine  *Engine
	from    *connection      // who waits for the answer; nil: nobody
	message *message.Message // nil: there is only an answer
	to      []receiver
	route   uint64  // generation of to
	sender  *client // nil: the broker
	late    bool    // to are those who came while it was stored
	left    bool    // to is who gets what another has left: nobody repeats it
	places  []place // of each of to, what Prepare has reserved
	one     [1]place
	ops     []store.Op
	id      uint16
	again   bool      // of QoS 2, and stored before
	answer  wire.Type // 0: none
	reason  app.ReasonCode
}

// delivery is what one of p.to gets.
func (p *publication) delivery(rc *receiver) session.Delivery {
	m := p.message
	return session.Delivery{
		Message: m, QoS: min(rc.qos, m.QoS), Retain: m.Retain && rc.asPublished, SubscriptionIDs: rc.ids,
	}
}

// post hands a publication to the journal, that of a connection at the end of
// its batch; r is nil when there is only an answer.
func (e *Engine) post(x *router, p *publication, r *route) error {
	p.engine = e
	if r != nil {
		p.to, p.route, p.sender = x.receivers(r, p.message.QoS), r.generation, x.publisher
	}
	c := p.from
	if c != nil {
		c.journal.Add(1)
		if p.answer == wire.PUBACK {
			c.unacked.Add(1)
		}
	}
	if c != nil {
		c.posts = append(c.posts, p)
		return nil
	}
	if e.journal.Post(e.running, p) != nil {
		return errStopped
	}
	return nil
}

// postAll hands the journal what the batch has for it, all at once, so that
// one commit holds it. It waits while the journal is full, which holds up this
// publisher alone.
func (c *connection) postAll() {
	if len(c.posts) > 0 && c.engine.journal.Post(c.engine.running, c.posts...) != nil {
		c.link.Close() // the broker stops: nothing is acknowledged
	}
	clear(c.posts)
	c.posts = c.posts[:0]
}

// Size is that of the journal's Item.
func (p *publication) Size() int {
	n := 256 + 64*len(p.to)
	if p.message != nil {
		n += p.message.Size()
	}
	return n
}

// Prepare is that of the journal's Item.
func (p *publication) Prepare(ops []store.Op) []store.Op {
	if p.releases() && !p.from.client.release(p.from, p.id) {
		p.ops = nil
	}
	ops = append(ops, p.ops...)
	m := p.message
	if m == nil {
		return ops
	}
	if p.answer == wire.PUBREC && p.from.client.durable() {
		if p.again = !p.from.client.settle(p.from, p.id); p.again {
			return ops
		}
		ops = append(ops, store.PutInbound{Session: p.from.client.number, ID: p.id})
	}
	if m.Retain && !p.late && !isSystem(m.Topic) {
		ops = append(ops, retainedOp(m))
		p.engine.settling[m.Topic] = m
	}
	if m.QoS == app.QoS0 {
		return ops
	}
	now := time.Now()
	p.places = p.one[:0]
	for i := range p.to {
		var at place
		at, ops = p.reserve(ops, &p.to[i], now)
		p.places = append(p.places, at)
	}
	return ops
}

// reserve gives a receiver its place, and another member of its group stands in
// for one whose session has ended: what is acknowledged is in the store then.
func (p *publication) reserve(ops []store.Op, rc *receiver, now time.Time) (at place, _ []store.Op) {
	for {
		ended := false
		switch {
		case rc.qos > app.QoS0 && rc.client.durable():
			at, ops, ended = rc.client.reserve(ops, p.delivery(rc), now)
		case rc.group != nil:
			ended = rc.client.over()
		}
		if !ended || rc.group == nil {
			return at, ops
		}
		heir, ok := p.engine.committed.heir(rc.group, p.message.Topic)
		if !ok {
			return at, ops
		}
		*rc = heir
	}
}

// releases reports whether this is a PUBREL for an identifier that is stored.
func (p *publication) releases() bool { return p.answer == wire.PUBCOMP && len(p.ops) > 0 }

// Done is that of the journal's Item.
func (p *publication) Done(err error) {
	if err == nil && p.again && !p.from.client.settled(p.id) {
		err = errUnsettled
	}
	if m := p.message; m != nil && m.Retain && !p.late && p.engine.settling[m.Topic] == m {
		delete(p.engine.settling, m.Topic)
	}
	switch {
	case err != nil:
		p.failed(err)
	case p.releases():
		p.from.client.unreceive(p.id) // it may have come twice, and failed the first time
	}
	p.deliver(err)
	c := p.from
	if c == nil {
		return
	}
	if p.answer != 0 {
		c.writeAck(p.answer, p.id, p.reason, &p.engine.committed.tally)
		p.engine.flushLater(c)
	}
	if p.answer == wire.PUBACK {
		c.unacked.Add(-1)
	}
	c.journal.Add(-1)
}

// deliver gives everyone its copy. A fault with one leaves no other waiting.
func (p *publication) deliver(err error) {
	kept := err == nil || p.left
	defer func() {
		for i, at := range p.places {
			rc := &p.to[i]
			if at.done(rc.client, p.delivery(rc), p.left, err) && kept {
				p.engine.passOn(rc, p.message)
			}
		}
	}()
	if err == nil && p.message != nil && !p.again {
		p.engine.storeFails(nil)
	}
	if kept && p.message != nil && !p.again {
		p.spread()
	}
}

// spread delivers a message that is safe.
func (p *publication) spread() {
	m := p.message
	if m.Retain && !p.late {
		p.engine.keepRetained(m)
		if p.engine.generation() != p.route {
			defer p.follow()
		}
	}
	x := p.engine.committed
	defer x.frames.reset()
	x.debug = p.engine.log.debugs()
	var now time.Time
	for i := range p.to {
		rc := &p.to[i]
		if rc.qos > app.QoS0 && m.QoS > app.QoS0 && rc.client.durable() {
			continue
		}
		if now.IsZero() {
			now = time.Now()
		}
		x.hand(rc, m, now)
	}
}

// follow sends a retained message to those who have subscribed since its
// receivers were found: what they got as retained is stale now.
func (p *publication) follow() {
	had := make(map[*client]bool, len(p.to))
	for i := range p.to {
		had[p.to[i].client] = true
	}
	x := newRouter(p.engine, p.sender, nil)
	r := x.find(p.message.Topic)
	late := slices.DeleteFunc(slices.Clone(r.receivers), func(rc receiver) bool { return had[rc.client] || rc.client.joins(r.topic) })
	if len(late) > 0 {
		_ = p.engine.push(&publication{engine: p.engine, message: p.message, to: late, late: true}) // closed: they are gone too
	}
}

// failed takes back what Prepare did: the message was never there.
func (p *publication) failed(err error) {
	p.engine.storeFails(err)
	c, m := p.from, p.message
	if m != nil && m.Retain && !p.late {
		p.engine.storeRetained(m) // who left it to us
	}
	switch {
	case c != nil || m == nil:
	case p.left:
		p.engine.log.warn("A message on '%s' that another member of its group gets is in memory alone: %s.", m.Topic, err.Error())
	default:
		p.engine.log.warn("A message on '%s' is lost: %s.", m.Topic, err.Error())
	}
	if c == nil || p.answer == 0 {
		return
	}
	switch {
	case p.answer == wire.PUBREC && p.message != nil && !p.again:
		c.client.unreceive(p.id)
	case p.releases():
		c.client.unrelease(p.id)
	}
	if c.version != app.V5 || p.answer == wire.PUBCOMP { // unacknowledged
		p.answer = 0
		c.dismiss(&ending{reason: reasonQuota, why: "the store takes nothing"})
		return
	}
	p.reason = reasonQuota
}

// errUnsettled says that a message which came again was not stored when it
// came first.
var errUnsettled = errors.New("the message that came before could not be stored")

// settle says that the journal has come to a PUBLISH of QoS 2, and returns
// false when its message has been stored already. What a connection left
// behind that has lost its client since may have been settled and released by
// the next.
func (cl *client) settle(c *connection, id uint16) (fresh bool) {
	cl.mu.Lock()
	defer cl.mu.Unlock()
	owner := cl.conn.Load() == c
	if !owner && !cl.session.Holds(id) {
		return false
	}
	fresh, known := cl.session.Settle(id)
	if !known {
		c.inbound.Add(1)
	}
	return fresh
}

// release says that the journal has come to a PUBREL. false: the connection has
// lost its client since, which will say so again.
func (cl *client) release(c *connection, id uint16) bool {
	cl.mu.Lock()
	defer cl.mu.Unlock()
	if cl.conn.Load() != c {
		return false
	}
	if cl.session.Release(id) {
		c.inbound.Add(-1)
	}
	return true
}

func (cl *client) settled(id uint16) bool {
	cl.mu.Lock()
	defer cl.mu.Unlock()
	return cl.gone || cl.session.Settled(id)
}

// unrelease takes back that PUBREL was received: the store still has the
// identifier.
func (cl *client) unrelease(id uint16) {
	cl.mu.Lock()
	defer cl.mu.Unlock()
	if cl.gone || cl.session.Holds(id) {
		return
	}
	cl.session.RestoreInbound(id)
	if c := cl.conn.Load(); c != nil {
		c.inbound.Add(1)
	}
}

// raise asks the journal to store how far a session may send, if that holds
// it up. The caller holds the client's lock.
func (cl *client) raise() {
	if cl.durable() && cl.session.Wants() {
		_ = cl.engine.push(&mark{client: cl}) // closed: nothing more is sent
	}
}

// mark is what raise posts.
type mark struct {
	client *client
	seq    uint64 // 0: there was nothing to raise any more
}

// Size is that of the journal's Item.
func (*mark) Size() int { return 64 }

// Prepare is that of the journal's Item.
func (i *mark) Prepare(ops []store.Op) []store.Op {
	cl := i.client
	cl.mu.Lock()
	defer cl.mu.Unlock()
	if cl.gone {
		return ops
	}
	seq, ok := cl.session.Raise()
	if !ok {
		return ops
	}
	i.seq = seq
	return append(ops, store.SetCleared{Session: cl.number, Seq: seq})
}

// Done is that of the journal's Item.
func (i *mark) Done(err error) {
	cl := i.client
	cl.mu.Lock()
	defer cl.mu.Unlock()
	switch {
	case cl.gone || i.seq == 0:
	case err != nil:
		cl.session.NotCleared()
	default:
		cl.session.Cleared(i.seq)
		cl.pumpLater()
	}
}
