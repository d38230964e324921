package engine

import (
	"time"

	"tidings/brokerlocal/engine/store"
)

// drop takes entries of a queue out of the store with the next commit, or
// soon: a commit of its own would hold up what is waited for. After a kill
// before that, they are sent once more, with DUP or as PUBREL. It keeps seqs.
func (e *Engine) drop(cl *client, seqs ...uint64) {
	n := uint64(len(seqs))
	if n == 0 || !cl.durable() {
		return
	}
	d := &dropping{client: cl, seqs: seqs}
	if left := e.left.Add(n); left/manyDrops != (left-n)/manyDrops {
		_ = e.journal.Push(d)
		return
	}
	_ = e.journal.Leave(d) // closed: the store is as it is
	if !e.leaving.Swap(true) {
		e.clock.after(dropPause, func() {
			e.leaving.Store(false)
			_ = e.journal.Push(&note{engine: e})
		})
	}
}

const (
	dropPause = 100 * time.Millisecond // for how long a drop is left for the next commit at most
	manyDrops = 1024                   // and how many are
)

// dropping is what drop posts, one for all that a read acknowledged.
type dropping struct {
	client *client
	seqs   []uint64
}

// Size is that of the journal's Item.
func (d *dropping) Size() int { return 64 + 8*len(d.seqs) }

// Prepare is that of the journal's Item.
func (d *dropping) Prepare(ops []store.Op) []store.Op {
	return append(ops, store.DropQueued{Session: d.client.number, Seqs: d.seqs})
}

// Done is that of the journal's Item.
func (d *dropping) Done(err error) {
	if err != nil {
		d.client.engine.storeFails(err)
	}
}

// storeFails says in the log that the store does not take anything, once until
// it does again.
func (e *Engine) storeFails(err error) {
	if err == nil {
		e.failing.Store(false)
	} else if !e.failing.Swap(true) {
		e.log.error("The store takes nothing: %s", err.Error())
	}
}

// note is operations, and who waits for them, if anybody.
type note struct {
	engine *Engine
	ops    []store.Op
	done   chan error
}

// Size is that of the journal's Item.
func (n *note) Size() int { return 128 * len(n.ops) }

// Prepare is that of the journal's Item.
func (n *note) Prepare(ops []store.Op) []store.Op { return append(ops, n.ops...) }

// Done is that of the journal's Item.
func (n *note) Done(err error) {
	if err != nil {
		n.engine.storeFails(err)
	}
	n.answer(err)
}

// answer tells who waits. Only the first answer counts.
func (n *note) answer(err error) {
	if n.done == nil {
		return
	}
	select {
	case n.done <- err:
	default:
	}
}

// record posts operations that nobody waits for.
func (e *Engine) record(ops ...store.Op) {
	if e.journal != nil && len(ops) > 0 {
		_ = e.journal.Push(&note{engine: e, ops: ops}) // closed: the store is as it is
	}
}

// commit posts operations and waits until they are safe. The caller holds no
// lock but a turn.
func (e *Engine) commit(ops ...store.Op) error {
	if e.journal == nil || len(ops) == 0 {
		return nil
	}
	n := &note{engine: e, ops: ops, done: make(chan error, 1)}
	if err := e.journal.Push(n); err != nil {
		return err
	}
	return <-n.done
}

// awaitJournal waits until the journal has done all that was posted so far, or
// the broker stops. The caller holds no lock but a turn.
func (e *Engine) awaitJournal() {
	n := &note{engine: e, done: make(chan error, 1)}
	if e.journal == nil || e.push(n) != nil {
		return
	}
	select {
	case <-n.done: //nolint:errcheck // there was nothing to store
	case <-e.running.Done():
	}
}

// flushLater notes that something was appended to a link on the journal's
// goroutine: all that a batch has for it goes out in one write.
func (e *Engine) flushLater(c *connection) {
	if !c.due {
		c.due = true
		e.due = append(e.due, c)
	}
}

// afterBatch is called between the items of the journal. Who published is
// answered first: while it sends what its window has room for now, the
// sessions send what was queued.
func (e *Engine) afterBatch() {
	e.flushDue()
	if len(e.dueClients) == 0 {
		return
	}
	now := time.Now()
	for _, cl := range e.dueClients {
		e.guardFor(cl, func() { cl.pumpDue(now) })
	}
	clear(e.dueClients)
	e.dueClients = e.dueClients[:0]
	e.flushDue()
}

// flushDue writes what was appended to links on the journal's goroutine.
func (e *Engine) flushDue() {
	e.count.add(&e.committed.tally)
	for _, c := range e.due {
		c.due = false
		c.link.Flush()
	}
	clear(e.due)
	e.due = e.due[:0]
}

// push posts an item without waiting for room.
func (e *Engine) push(i store.Item) error {
	if e.journal.Push(i) != nil {
		return errStopped
	}
	return nil
}
