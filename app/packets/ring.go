package packets

import (
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
	chunkRecords = chunkBytes / 64 // smaller packets than 64 bytes fill the records first
	recordBytes  = 24
)

// record is what the ring knows of a packet beside its bytes.
type record struct {
	at      int64  // unix nanoseconds
	size    uint32 // of the whole packet
	offset  uint32 // of its first byte in the chunk
	from    wire.Direction
	version app.Version
	paired  bool // the chunk's ties know more
}

// kept returns how many bytes of the packet are kept.
func (r record) kept() uint32 { return min(r.size, MaxKept) }

// tie is how a packet belongs to others; most packets have none.
type tie struct {
	answers uint64 // sequence number of the packet it answers, 0: none
	took    int64  // nanoseconds from that one
	answer  uint64 // of the packet that answers it, 0: none
}

// chunk is a run of packets. What it was made with it is used with again.
type chunk struct {
	first   uint64 // sequence number of records[0]
	records []record
	bytes   []byte
	ties    map[uint64]tie // by sequence number
}

// frame returns the bytes kept of a packet.
func (c *chunk) frame(r *record) []byte { return c.bytes[r.offset : r.offset+r.kept()] }

// tie changes how a packet belongs to others.
func (c *chunk) tie(seq uint64, change func(*tie)) {
	if c.ties == nil {
		c.ties = make(map[uint64]tie)
	}
	t := c.ties[seq]
	change(&t)
	c.ties[seq] = t
	c.records[seq-c.first].paired = true
}

func (c *chunk) fits(n int) bool {
	return len(c.records) < cap(c.records) && len(c.bytes)+n <= cap(c.bytes)
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
	spoken  app.Version // of the last CONNECT
}

// New returns an empty Ring that takes at most limit bytes of memory, two
// chunks of 256 KiB at least; 0 means DefaultLimit.
func New(limit int) *Ring {
	if limit <= 0 {
		limit = DefaultLimit
	}
	return &Ring{limit: max(limit/(chunkBytes+chunkRecords*recordBytes), 2), next: 1}
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
		n := len(frames)
		if h, err := wire.Header(frames); err == nil && h.Length > 0 {
			n = min(n, h.Size())
		}
		r.add(from, frames[:n], at)
		frames = frames[n:]
	}
	r.version.Add(1)
}

// add records one packet.
func (r *Ring) add(from wire.Direction, frame []byte, at int64) {
	kind := wire.Type(frame[0] >> 4)
	if kind == wire.CONNECT {
		r.spoken = connectVersion(frame)
		r.pairs.reset()
	}
	kept := frame[:min(len(frame), MaxKept)]
	c := r.room(len(kept))
	c.records = append(c.records, record{
		at: at, size: uint32(len(frame)), offset: uint32(len(c.bytes)), from: from, version: r.spoken,
	})
	c.bytes = append(c.bytes, kept...)
	if kind != wire.PUBLISH || frame[0]&0x06 != 0 { // nothing answers QoS 0
		redact(c.frame(&c.records[len(c.records)-1]), r.spoken, from)
		r.join(c, from, frame, at)
	}
	r.next++
}

// room returns a chunk that takes a packet of n bytes. When the ring is full,
// the oldest chunk goes as a whole and is written anew.
func (r *Ring) room(n int) *chunk {
	if k := len(r.chunks); k > 0 && r.chunks[k-1].fits(n) {
		return r.chunks[k-1]
	}
	var c *chunk
	if len(r.chunks) < r.limit {
		c = &chunk{records: make([]record, 0, chunkRecords), bytes: make([]byte, 0, chunkBytes)}
	} else {
		c = r.chunks[0]
		r.evicted += uint64(len(c.records))
		copy(r.chunks, r.chunks[1:])
		r.chunks = r.chunks[:len(r.chunks)-1]
		c.records, c.bytes, c.ties = c.records[:0], c.bytes[:0], nil
	}
	c.first = r.next
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
	took := at - q.records[asked-q.first].at
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
		case seq >= c.first+uint64(len(c.records)):
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
		Bytes: int64(len(r.chunks)) * (chunkBytes + chunkRecords*recordBytes)}
}

func (r *Ring) first() uint64 {
	if len(r.chunks) == 0 {
		return r.next
	}
	return r.chunks[0].first
}
