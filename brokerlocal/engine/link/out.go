package link

import (
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// shareFrom is the size from which AppendShared refers to a frame instead of
// copying it: below, a copy costs less than a system call of its own.
const shareFrom = 8 << 10

// piece is a part of what goes out: a pooled chunk, or a shared frame.
type piece struct {
	b      []byte // of a chunk: filled up to len
	sent   int    // bytes of it that are with the peer
	frames int32
	chunk  bool
}

// batch is what goes out together.
type batch struct {
	pieces  []piece
	vectors net.Buffers
}

// out is the outbound half of a link.
type out struct {
	mu       sync.Mutex
	next     *batch // filled by Append; nil: nothing
	flushing bool   // somebody owns current and is writing
	closing  bool   // CloseAfterFlush: close when all is written
	lingers  bool   // CloseAfterFlush: until the peer has closed its side
	cause    error  // why Serve ends, if not by itself
	handler  Handler
	progress chan struct{} // closed when something was written; nil: nobody waits
	ended    chan struct{} // closed when flushing becomes false; nil: nobody waits

	down         atomic.Bool  // nothing can be appended; set under mu
	closed       atomic.Bool  // the connection is closed; set under mu
	bytes, count atomic.Int64 // what waits; written under mu
	busySince    atomic.Int64 // when the write in progress began; 0: none
	bytesOut     atomic.Int64
	framesOut    atomic.Int64
	vectored     bool
	lowDue       bool   // the owner of current has to call Handler.Low
	current      *batch // being written, from piece at on
	at           int
	try          func(fd uintptr) bool // tryWrite, bound once
	tryBuf       []byte
	tryErr       error
}

// Append queues a copy of frame, a whole frame. It returns the bytes that
// wait to be written now, frame included: once that is above Config.Low,
// Handler.Low will be called. 0 says that the link is down and frame is
// dropped. Nothing is written before Flush or Kick.
func (c *Conn) Append(frame []byte) (pending int) {
	c.out.mu.Lock()
	defer c.out.mu.Unlock()
	if c.out.down.Load() {
		return 0
	}
	c.copyIn(frame)
	return c.added(len(frame))
}

// TryAppend is Append, unless more than limit bytes would wait then: it
// returns false, and nothing is queued. It also does so when the link is down.
func (c *Conn) TryAppend(frame []byte, limit int) bool {
	c.out.mu.Lock()
	defer c.out.mu.Unlock()
	if c.out.down.Load() || c.out.bytes.Load()+int64(len(frame)) > int64(limit) {
		return false
	}
	c.copyIn(frame)
	c.added(len(frame))
	return true
}

// AppendFunc is Append of one frame that f appends to dst and returns. size
// is how long it will be; a longer one costs an allocation. f runs under the
// link's lock: it must not call the link.
func (c *Conn) AppendFunc(size int, f func(dst []byte) []byte) (pending int) {
	c.out.mu.Lock()
	defer c.out.mu.Unlock()
	if c.out.down.Load() {
		return 0
	}
	if size > largeSize {
		frame := f(make([]byte, 0, size))
		c.refer(frame)
		return c.added(len(frame))
	}
	p := c.tail(size)
	dst := p.b[len(p.b):]
	frame := f(dst)
	if cap(frame) == cap(dst) { // still in the chunk
		p.b = p.b[:len(p.b)+len(frame)]
		p.frames++
	} else {
		c.copyIn(frame)
	}
	return c.added(len(frame))
}

// AppendShared is Append of a frame that nobody changes any more: a large one
// is referred to, not copied.
func (c *Conn) AppendShared(frame []byte) (pending int) {
	c.out.mu.Lock()
	defer c.out.mu.Unlock()
	if c.out.down.Load() {
		return 0
	}
	c.share(frame)
	return c.added(len(frame))
}

// TryAppendShared is to AppendShared what TryAppend is to Append.
func (c *Conn) TryAppendShared(frame []byte, limit int) bool {
	c.out.mu.Lock()
	defer c.out.mu.Unlock()
	if c.out.down.Load() || c.out.bytes.Load()+int64(len(frame)) > int64(limit) {
		return false
	}
	c.share(frame)
	c.added(len(frame))
	return true
}

// Pending returns what waits to be written, in frames and bytes.
func (c *Conn) Pending() (frames, bytes int) {
	return int(c.out.count.Load()), int(c.out.bytes.Load())
}

// Down says that the link takes nothing more: it is closed, or about to be.
func (c *Conn) Down() bool { return c.out.down.Load() }

// Stalled returns for how long the write in progress has brought nothing to
// the peer; 0 when none is in progress.
func (c *Conn) Stalled() time.Duration {
	since := c.out.busySince.Load()
	if since == 0 {
		return 0
	}
	return max(time.Since(c.began)-time.Duration(since), 1)
}

// added accounts for one more frame. The lock is held.
func (c *Conn) added(n int) int {
	pending := c.out.bytes.Load() + int64(n)
	c.out.bytes.Store(pending)
	c.out.count.Store(c.out.count.Load() + 1)
	return int(pending)
}

// copyIn queues a copy. The lock is held.
func (c *Conn) copyIn(frame []byte) {
	if len(frame) > largeSize {
		c.refer(append([]byte(nil), frame...))
		return
	}
	p := c.tail(len(frame))
	p.b = append(p.b, frame...)
	p.frames++
}

// share queues a frame that is not changed any more. Where each write becomes
// a record or a message of its own, what fits a chunk is copied after all.
// The lock is held.
func (c *Conn) share(frame []byte) {
	if len(frame) < shareFrom || !c.out.vectored && len(frame) <= largeSize {
		c.copyIn(frame)
		return
	}
	c.refer(frame)
}

// refer queues memory as it is. The lock is held.
func (c *Conn) refer(frame []byte) {
	b := c.batch0()
	b.pieces = append(b.pieces, piece{b: frame, frames: 1})
}

// tail returns the last chunk, with room for n bytes, at most a large
// buffer's. A small one grows into a larger one, so that what was appended
// between two writes goes out in one piece. The lock is held.
func (c *Conn) tail(n int) *piece {
	b, pools := c.batch0(), &c.cfg.pools
	class := classFor(n)
	if last := len(b.pieces) - 1; last >= 0 && b.pieces[last].chunk {
		p := &b.pieces[last]
		if cap(p.b)-len(p.b) >= n {
			return p
		}
		if need := classFor(len(p.b) + n); need < unpooled {
			grown := append(pools.get(need)[:0], p.b...)
			pools.put(p.b)
			p.b = grown
			return p
		}
		class = large
	}
	b.pieces = append(b.pieces, piece{b: pools.get(class)[:0], chunk: true})
	return &b.pieces[len(b.pieces)-1]
}

// batch0 returns the batch to append to. The lock is held.
func (c *Conn) batch0() *batch {
	if c.out.next == nil {
		b, ok := c.cfg.batches.Get().(*batch)
		if !ok {
			b = new(batch)
		}
		c.out.next = b
	}
	return c.out.next
}

// recycle gives a batch back, from piece at on.
func (c *Conn) recycle(b *batch, at int) {
	if b == nil {
		return
	}
	for i := at; i < len(b.pieces); i++ {
		if b.pieces[i].chunk {
			c.cfg.pools.put(b.pieces[i].b)
		}
	}
	const most = 64 // pieces that a pooled batch may keep room for
	if cap(b.pieces) > most {
		return
	}
	clear(b.pieces)
	b.pieces = b.pieces[:0]
	c.cfg.batches.Put(b)
}
