package store

import (
	"context"
	"slices"
	"sync"
	"time"
)

// Item is work that is done when its operations are durable. All three
// methods are called on the journal's goroutine, but Size.
type Item interface {
	// Size returns the memory in bytes that the item holds until Done, the
	// same each time.
	Size() int
	// Prepare appends the item's operations to ops and returns it. It is
	// called once, after the Prepare of every item posted before. An item may
	// have no operations: it only keeps its place in the order.
	Prepare(ops []Op) []Op
	// Done says that the operations are durable, or with an error that none
	// of them is. It is called once, after the Done of every item posted
	// before. It may Push.
	Done(err error)
}

// What a batch takes at most, so that no item waits long for its neighbours.
const (
	batchItems = 4096
	batchBytes = 8 << 20
)

// DefaultJournalBytes is a good bound for what a journal holds.
const DefaultJournalBytes = 32 << 20

// Journal commits items in the order in which they are posted: as many as are
// waiting with one Commit, so that the cost of a sync is shared. When idle an
// item is committed at once; under load batches grow by themselves. Its
// methods are safe for concurrent use.
type Journal struct {
	kept  Store
	limit int
	wake  chan struct{} // holds one: there is something to do
	ended chan struct{} // closed when the goroutine has ended

	mu      sync.Mutex
	queue   []Item
	urgent  bool          // somebody waits for one of queue
	bytes   int           // of the queue and of the batch at work
	room    chan struct{} // closed when bytes shrink; nil: nobody waits
	closing bool
	over    bool // nothing is taken any more
	stats   JournalStats
	onPanic func(Item, *PanicError)

	after func() // see AfterBatch
	ops   []Op   // of the batch at work
	ends  []int
	owed  []Op // drops whose commit failed; see settle

	broken map[int]*PanicError // items of the batch at work whose Prepare panicked
	lost   error               // the store panicked
}

// JournalStats says what a journal did.
type JournalStats struct {
	Batches    uint64        // commits that succeeded
	Items      uint64        // that are done, well or not
	Failed     uint64        // of these, with an error
	Waiting    int           // items posted and not yet taken
	Bytes      int           // that items hold, of limit
	LastBatch  int           // items of the last batch
	LastCommit time.Duration // how long its commit took
}

// NewJournal starts a journal that writes to s. Items hold up to limit bytes,
// and one item more. Close ends it; s stays open.
func NewJournal(s Store, limit int) *Journal {
	j := &Journal{kept: s, limit: limit, wake: make(chan struct{}, 1), ended: make(chan struct{})}
	go j.run()
	return j
}

// AfterBatch names what is called on the journal's goroutine when items are
// done: after each manyDone of a batch, and after the last. Call it before the
// first item is posted.
func (j *Journal) AfterBatch(f func()) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.after = f
}

// manyDone is how many items may be done before AfterBatch's function is
// called.
const manyDone = 256

// Post adds items, in order and, unless the journal is full, so that one
// commit can hold them all. It blocks while the journal is full, so the caller
// must hold no lock that a Prepare or Done takes, and must not be one of them.
// The error is ctx's or ErrClosed; then the rest of the items are not taken,
// and neither Prepare nor Done are called of them.
func (j *Journal) Post(ctx context.Context, items ...Item) error {
	for {
		taken, room, err := j.addAll(items)
		if room == nil {
			return err
		}
		items = items[taken:]
		select {
		case <-room:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// Push adds an item even if the journal is full, and never blocks: for what
// Done posts, for what is posted under a lock, and for small items of a number
// that something else bounds, such as acknowledgements. The error is
// ErrClosed; then the item is not taken.
func (j *Journal) Push(item Item) error {
	_, err := j.add(item, true, true)
	return err
}

// Leave is Push of an item that is in no hurry: it is carried out with the
// next one that is, however long that takes, so that it costs no commit of its
// own. Close carries out what was left.
func (j *Journal) Leave(item Item) error {
	_, err := j.add(item, true, false)
	return err
}

// addAll adds as many items as there is room for, and returns a channel to
// wait for if that is not all.
func (j *Journal) addAll(items []Item) (taken int, room <-chan struct{}, err error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for i, item := range items {
		if room, err = j.addOne(item, false, true); room != nil || err != nil {
			return i, room, err
		}
	}
	return len(items), nil, nil
}

func (j *Journal) add(item Item, full, urgent bool) (room <-chan struct{}, err error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.addOne(item, full, urgent)
}

// addOne returns a channel to wait for if there is no room. The lock is held.
func (j *Journal) addOne(item Item, full, urgent bool) (room <-chan struct{}, err error) {
	size := item.Size()
	// While the journal closes, what Done pushes is still carried out.
	if j.over || j.closing && !full {
		return nil, ErrClosed
	}
	if !full && j.bytes >= j.limit {
		if j.room == nil {
			j.room = make(chan struct{})
		}
		return j.room, nil
	}
	j.bytes += size
	j.queue = append(j.queue, item)
	if urgent && !j.urgent {
		j.urgent = true
		j.poke()
	}
	return nil, nil
}

func (j *Journal) poke() {
	select {
	case j.wake <- struct{}{}:
	default:
	}
}

// Close carries out what was posted, with what that pushes, and ends the
// goroutine. Post fails from now on. It waits until all is done or ctx is;
// only without an error may the store be closed.
func (j *Journal) Close(ctx context.Context) error {
	j.mu.Lock()
	j.closing = true
	j.makeRoom()
	j.mu.Unlock()
	j.poke()
	select {
	case <-j.ended:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// Stats returns what the journal did so far.
func (j *Journal) Stats() JournalStats {
	j.mu.Lock()
	defer j.mu.Unlock()
	s := j.stats
	s.Waiting, s.Bytes = len(j.queue), j.bytes
	return s
}

// run carries out batches until the journal is closed and empty.
func (j *Journal) run() {
	defer close(j.ended)
	var spare []Item
	for range j.wake {
		for {
			taken := j.take(spare)
			if len(taken) == 0 {
				break
			}
			for rest := taken; len(rest) > 0; {
				n := j.batch(rest)
				clear(rest[:n])
				rest = rest[n:]
			}
			if spare = taken[:0]; cap(spare) > batchItems {
				spare = nil
			}
		}
		if j.finished() {
			break
		}
	}
	if len(j.owed) > 0 {
		_ = j.store(j.owed) // the last try; who dropped them was told before
	}
}

// take returns all items that wait, if one of them is urgent, and leaves spare
// for new ones.
func (j *Journal) take(spare []Item) []Item {
	j.mu.Lock()
	defer j.mu.Unlock()
	if len(j.queue) == 0 {
		return nil // and the memory stays where it is
	}
	if !j.urgent && !j.closing {
		return nil
	}
	j.urgent = false
	items := j.queue
	j.queue = spare[:0]
	return items
}

// finished reports whether the journal is closed and nothing waits. Then
// nothing is taken any more.
func (j *Journal) finished() bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.over = j.closing && len(j.queue) == 0
	return j.over
}

// batch carries out the first of items and returns how many.
func (j *Journal) batch(items []Item) int {
	j.ops, j.ends = j.ops[:0], j.ends[:0]
	bytes, n := 0, 0
	for n < len(items) && n < batchItems && bytes < batchBytes {
		bytes += items[n].Size()
		j.prepare(items[n], n)
		j.ends = append(j.ends, len(j.ops))
		n++
	}
	start := time.Now()
	err := j.commit(0, n)
	took := time.Since(start)
	failed := 0
	if err == nil {
		for i, item := range items[:n] {
			j.done(item, i, nil)
			if i%manyDone == manyDone-1 {
				j.between()
			}
		}
	} else {
		failed = j.apart(items[:n], err)
	}
	j.between()
	failed += len(j.broken)
	j.broken = nil
	clear(j.ops)

	j.mu.Lock()
	defer j.mu.Unlock()
	j.bytes -= bytes
	j.makeRoom()
	j.stats.Items += uint64(n)
	j.stats.Failed += uint64(failed)
	j.stats.LastBatch, j.stats.LastCommit = n, took
	return n
}

// between calls what AfterBatch named.
func (j *Journal) between() {
	j.mu.Lock()
	f := j.after
	j.mu.Unlock()
	if f != nil {
		f()
	}
}

// makeRoom wakes who waits for room.
func (j *Journal) makeRoom() {
	if j.room != nil {
		close(j.room)
		j.room = nil
	}
}

// opsOf returns the operations of the items from first up to last.
func (j *Journal) opsOf(first, last int) []Op {
	start := 0
	if first > 0 {
		start = j.ends[first-1]
	}
	return j.ops[start:j.ends[last-1]]
}

// commit makes the items from first up to last durable, and what is owed.
func (j *Journal) commit(first, last int) error {
	ops := j.opsOf(first, last)
	if len(ops) == 0 {
		return nil
	}
	if len(j.owed) > 0 {
		ops = slices.Concat(j.owed, ops)
	}
	if err := j.store(ops); err != nil {
		return err
	}
	j.owed = nil
	j.mu.Lock()
	j.stats.Batches++
	j.mu.Unlock()
	return nil
}
