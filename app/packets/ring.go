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
	chunkRecords = chunkBytes / 64 // a packet with its record takes 64 bytes or more
	recordBytes  = 56
)

// record is what the ring knows of a packet beside its bytes.
type record struct {
	at      int64  // unix nanoseconds
	answers uint64 // sequence number of the packet it answers, 0: none
	answer  uint64 // of the packet that answers it, 0: none
	took    int64  // nanoseconds from the packet it answers
	size    uint32 // of the whole packet
	offset  uint32 // of its first byte in the chunk
	kept    uint32 // bytes kept
	from    wire.Direction
	version app.Version
}

// chunk is a run of packets. What it was made with it is used with again.
type chunk struct {
	first   uint64 // sequence number of records[0]
	records []record
	bytes   []byte
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

// Observe records a whole packet sent by the given side at a time in unix
// nanoseconds. It copies what it keeps and never waits for a reader longer
// than that takes to copy some rows. A CONNECT tells the version of all that
// follow.
func (r *Ring) Observe(from wire.Direction, frame []byte, at int64) {
	if len(frame) == 0 {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if t := wire.Type(frame[0] >> 4); t == wire.CONNECT {
		r.spoken = connectVersion(frame)
		r.pairs.reset()
	}
	c := r.room(min(len(frame), MaxKept))
	rec := record{
		at: at, size: uint32(len(frame)), offset: uint32(len(c.bytes)),
		kept: uint32(min(len(frame), MaxKept)), from: from, version: r.spoken,
	}
	c.bytes = append(c.bytes, frame[:rec.kept]...)
	redact(c.bytes[rec.offset:], r.spoken, from)
	c.records = append(c.records, rec)
	r.join(&c.records[len(c.records)-1], frame)
	r.next++
	r.version.Add(1)
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
		c.records, c.bytes = c.records[:0], c.bytes[:0]
	}
	c.first = r.next
	r.chunks = append(r.chunks, c)
	return c
}

// join pairs the packet just recorded with the one it answers.
func (r *Ring) join(rec *record, frame []byte) {
	asked, answers := r.pairs.see(rec.from, frame, r.next)
	if !answers {
		return
	}
	if q := r.find(asked); q != nil {
		q.answer, rec.answers = r.next, asked
		rec.took = rec.at - q.at
	}
}

// find returns the record with a sequence number, or nil when it is not kept.
func (r *Ring) find(seq uint64) *record {
	if c := r.chunkOf(seq); c != nil {
		return &c.records[seq-c.first]
	}
	return nil
}

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
