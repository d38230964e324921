package packets

import (
	"sort"
	"sync"
	"sync/atomic"

	"tidings/app"
	"tidings/app/mqtt/wire"
)

const (
	// DefaultLimit is what New takes for a limit of 0, in bytes.
	DefaultLimit = 16 << 20
	// MaxKept is how much of one packet is kept, in bytes.
	MaxKept = 64 << 10

	chunkBytes   = 256 << 10
	chunkPackets = chunkBytes / 32 // when packets are smaller than 32 bytes, they run out first
	chunkBatches = chunkBytes / 64
	chunkMemory  = chunkBytes + 4*chunkPackets + 24*chunkBatches
)

// batch is what packets have in common that were read, or sent, at once.
type batch struct {
	at      int64  // unix nanoseconds
	first   uint32 // index of its first packet in the chunk
	from    wire.Direction
	version app.Version
}

// tie is how a packet belongs to others; most packets have none.
type tie struct {
	answers uint64 // sequence number of the packet it answers, 0: none
	took    int64  // nanoseconds from that one
	answer  uint64 // of the packet that answers it, 0: none
}

// chunk is a run of packets. What it was made with it is used with again.
type chunk struct {
	first   uint64   // sequence number of the first packet
	starts  []uint32 // where each packet begins in bytes
	bytes   []byte
	batches []batch
	ties    map[uint64]tie    // by sequence number
	cut     map[uint64]uint32 // whole size of the packets that are not kept whole

	aliased []aliased // packets without topic name, in order
	names   [][]byte  // that they mean, each once
	named   map[string]uint32
}

func newChunk() *chunk {
	return &chunk{
		starts:  make([]uint32, 0, chunkPackets),
		bytes:   make([]byte, 0, chunkBytes),
		batches: make([]batch, 0, chunkBatches),
	}
}

// reset empties the chunk, which begins with the packet first from now on.
func (c *chunk) reset(first uint64) {
	*c = chunk{first: first, starts: c.starts[:0], bytes: c.bytes[:0], batches: c.batches[:0], aliased: c.aliased[:0]}
}

// frame returns the bytes kept of a packet.
func (c *chunk) frame(seq uint64) []byte {
	i, end := int(seq-c.first), len(c.bytes)
	if i+1 < len(c.starts) {
		end = int(c.starts[i+1])
	}
	return c.bytes[c.starts[i]:end]
}

// size returns how large a packet is, kept or not.
func (c *chunk) size(seq uint64) int {
	if n, ok := c.cut[seq]; ok {
		return int(n)
	}
	return len(c.frame(seq))
}

// batch returns what a packet shares with its neighbours.
func (c *chunk) batch(seq uint64) *batch {
	i := uint32(seq - c.first)
	after := sort.Search(len(c.batches), func(k int) bool { return c.batches[k].first > i })
	return &c.batches[after-1]
}

// tie changes how a packet belongs to others.
func (c *chunk) tie(seq uint64, change func(*tie)) {
	if c.ties == nil {
		c.ties = make(map[uint64]tie)
	}
	t := c.ties[seq]
	change(&t)
	c.ties[seq] = t
}

// fits reports whether a packet of n bytes, with a batch of its own, has room.
func (c *chunk) fits(n int) bool {
	return len(c.starts) < chunkPackets && len(c.batches) < chunkBatches && len(c.bytes)+n <= chunkBytes
}

// open begins a batch, unless the last one is the same.
func (c *chunk) open(b batch) {
	b.first = uint32(len(c.starts))
	if n := len(c.batches); n > 0 {
		last := c.batches[n-1]
		last.first = b.first
		if last == b {
			return
		}
	}
	c.batches = append(c.batches, b)
}

// take appends the QoS 0 PUBLISH packets that frames begins with, as many as
// fit, and returns their number and their bytes. They are most of a fast
// stream: nothing answers them and they hold no secret, so that finding their
// ends is all there is to do.
func (c *chunk) take(frames []byte) (count, size int) {
	base, starts := len(c.bytes), c.starts
	room := min(len(frames), chunkBytes-base)
	for size+3 <= room && frames[size]&0xf6 == byte(wire.PUBLISH)<<4 && len(starts) < chunkPackets {
		n := 2 + int(frames[size+1])
		if n >= 2+0x80 { // the remaining length has a second byte (MQTT 5.0 §1.5.5)
			if frames[size+2] >= 0x80 {
				break
			}
			n = 3 + int(frames[size+1]&0x7f) + int(frames[size+2])<<7
		}
		if size+n > room {
			break
		}
		starts = append(starts, uint32(base+size))
		size += n
	}
	count = len(starts) - len(c.starts)
	c.starts, c.bytes = starts, append(c.bytes, frames[:size]...)
	return count, size
}

// Stats are the figures of a Ring at one moment.
type Stats struct {
	First, Next uint64 // the packets kept have the numbers [First, Next)
	Evicted     uint64 // packets given up for lack of room, ever
	Bytes       int64  // memory taken
}

// Ring keeps the newest packets of one connection, over all its links. Make it
// with New. It is safe for concurrent use.
type Ring struct {
	limit   int
	version atomic.Uint64 // changes with every change

	mu      sync.Mutex
	chunks  []*chunk // oldest first; the last one is being written
	next    uint64   // sequence numbers begin at 1
	evicted uint64
	pairs   pairs
	aliases aliases
	spoken  app.Version // of the last CONNECT
}

// New returns an empty Ring that takes at most limit bytes of memory, two
// chunks of 256 KiB at least; 0 means DefaultLimit.
func New(limit int) *Ring {
	if limit <= 0 {
		limit = DefaultLimit
	}
	return &Ring{limit: max(limit/chunkMemory, 2), next: 1}
}

// Observe records whole packets that one side sent, one behind the other, at a
// time in unix nanoseconds. It copies what it keeps and never waits for a
// reader longer than that takes to copy some rows. A CONNECT tells the version
// of all that follow. What is no packet any more counts as one, to the end.
func (r *Ring) Observe(from wire.Direction, frames []byte, at int64) {
	if len(frames) == 0 {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for len(frames) > 0 {
		c := r.room(1)
		c.open(batch{at: at, from: from, version: r.spoken})
		count, n := c.take(frames)
		r.name(c, from, count)
		r.next += uint64(count)
		if n == 0 {
			n = r.add(from, frames, at)
		}
		frames = frames[n:]
	}
	r.version.Add(1)
}

// add records the packet that frames begins with and returns its size.
func (r *Ring) add(from wire.Direction, frames []byte, at int64) int {
	n := len(frames)
	if h, err := wire.Header(frames); err == nil && h.Length > 0 {
		n = min(n, h.Size())
	}
	frame := frames[:n]
	t := wire.Type(frame[0] >> 4)
	if t == wire.CONNECT {
		r.spoken = connectVersion(frame)
		r.pairs.reset()
	}
	if t == wire.CONNECT || t == wire.CONNACK {
		r.aliases.agree(from, r.spoken, frame)
	}
	kept := frame[:min(n, MaxKept)]
	c := r.room(len(kept))
	c.open(batch{at: at, from: from, version: r.spoken})
	c.starts = append(c.starts, uint32(len(c.bytes)))
	c.bytes = append(c.bytes, kept...)
	if len(kept) < n {
		if c.cut == nil {
			c.cut = make(map[uint64]uint32)
		}
		c.cut[r.next] = uint32(n)
	}
	if t == wire.PUBLISH {
		if name := r.aliases.resolve(from, r.spoken, frame); name != nil {
			c.alias(uint32(r.next-c.first), name)
		}
	}
	redact(c.frame(r.next), r.spoken, from)
	r.join(c, from, frame, at)
	r.next++
	return n
}

// name keeps the names that the newest packets of a chunk mean by an alias.
func (r *Ring) name(c *chunk, from wire.Direction, count int) {
	if r.aliases.sides[from].max == 0 {
		return
	}
	for seq := r.next; seq < r.next+uint64(count); seq++ {
		if name := r.aliases.resolve(from, r.spoken, c.frame(seq)); name != nil {
			c.alias(uint32(seq-c.first), name)
		}
	}
}

// room returns a chunk that takes a packet of n bytes. When the ring is full,
// the oldest chunk goes as a whole and is written anew.
func (r *Ring) room(n int) *chunk {
	if k := len(r.chunks); k > 0 && r.chunks[k-1].fits(n) {
		return r.chunks[k-1]
	}
	var c *chunk
	if len(r.chunks) < r.limit {
		c = newChunk()
	} else {
		c = r.chunks[0]
		r.evicted += uint64(len(c.starts))
		copy(r.chunks, r.chunks[1:])
		r.chunks = r.chunks[:len(r.chunks)-1]
	}
	c.reset(r.next)
	r.chunks = append(r.chunks, c)
	return c
}

// join pairs the packet just recorded with the one it answers.
func (r *Ring) join(c *chunk, from wire.Direction, frame []byte, at int64) {
	seq := r.next
	asked, answers := r.pairs.see(from, frame, seq)
	if !answers {
		return
	}
	q := r.chunkOf(asked)
	if q == nil {
		return
	}
	q.tie(asked, func(t *tie) { t.answer = seq })
	took := at - q.batch(asked).at
	c.tie(seq, func(t *tie) { t.answers, t.took = asked, took })
}

// chunkOf returns the chunk that has a packet, nil when it is not kept.
func (r *Ring) chunkOf(seq uint64) *chunk {
	lo, hi := 0, len(r.chunks)
	for lo < hi {
		mid := (lo + hi) / 2
		c := r.chunks[mid]
		switch {
		case seq < c.first:
			hi = mid
		case seq >= c.first+uint64(len(c.starts)):
			lo = mid + 1
		default:
			return c
		}
	}
	return nil
}

// Clear forgets every packet. Sequence numbers go on, so that a number never
// means two packets; what is cleared does not count as evicted.
func (r *Ring) Clear() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.chunks = nil
	r.pairs.reset()
	r.version.Add(1)
}

// Version returns a number that changes with every change of the Ring. It
// costs one atomic load.
func (r *Ring) Version() uint64 { return r.version.Load() }

// Stats returns the figures of the Ring.
func (r *Ring) Stats() Stats {
	r.mu.Lock()
	defer r.mu.Unlock()
	return Stats{First: r.first(), Next: r.next, Evicted: r.evicted,
		Bytes: int64(len(r.chunks)) * chunkMemory}
}

func (r *Ring) first() uint64 {
	if len(r.chunks) == 0 {
		return r.next
	}
	return r.chunks[0].first
}
