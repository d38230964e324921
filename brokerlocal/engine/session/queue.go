package session

import (
	"math/bits"
	"slices"

	"tidings/app"
	"tidings/brokerlocal/engine/message"
)

// state is how far a delivery has come beyond what its number says.
type state byte

const (
	waiting  state = iota // for PUBACK or PUBREC, or not sent yet
	received              // PUBREC came, and is not stored yet
	released              // PUBREC came: PUBREL may go out, the message is gone
)

// entry is one unfinished delivery.
type entry struct {
	message *message.Message
	ids     []uint32
	qos     app.QoS
	retain  bool
	state   state
}

// blockSize is how many numbers a block has: one bit each in block.live.
const blockSize = 32

// block holds the entries number*blockSize and up.
type block struct {
	number  uint64
	live    uint32 // which entries are there
	entries [blockSize]entry
}

// queue holds unfinished deliveries by number. Entries come in rising order
// and leave in any. Blocks without an entry are not kept, so a gap costs
// nothing and an empty queue next to nothing.
type queue struct {
	blocks []*block // rising; those before head are gone
	head   int
}

// keptBlocks is how long a list of blocks may be whose memory an empty queue
// keeps.
const keptBlocks = 8

// index returns where the block with the given number is, or the first one
// behind it.
func (q *queue) index(number uint64) (i int, found bool) {
	if q.head == len(q.blocks) {
		return q.head, false
	}
	first := q.blocks[q.head].number
	if number <= first {
		return q.head, number == first
	}
	if guess := number - first; guess < uint64(len(q.blocks)-q.head) { // right unless there are gaps
		if i = q.head + int(guess); q.blocks[i].number == number {
			return i, true
		}
	}
	i, found = slices.BinarySearchFunc(q.blocks[q.head:], number, func(b *block, n uint64) int {
		switch {
		case b.number < n:
			return -1
		case b.number > n:
			return 1
		}
		return 0
	})
	return q.head + i, found
}

// get returns the entry seq, nil when it is not there.
func (q *queue) get(seq uint64) *entry {
	i, found := q.index(seq / blockSize)
	if !found || q.blocks[i].live>>(seq%blockSize)&1 == 0 {
		return nil
	}
	return &q.blocks[i].entries[seq%blockSize]
}

// first returns the oldest entry from the number from on, nil when there is
// none.
func (q *queue) first(from uint64) (seq uint64, e *entry) {
	i, found := q.index(from / blockSize)
	if found {
		if b := q.blocks[i]; b.live>>(from%blockSize) != 0 {
			seq = from + uint64(bits.TrailingZeros32(b.live>>(from%blockSize)))
			return seq, &b.entries[seq%blockSize]
		}
		i++
	}
	if i == len(q.blocks) {
		return 0, nil
	}
	b := q.blocks[i]
	at := bits.TrailingZeros32(b.live)
	return b.number*blockSize + uint64(at), &b.entries[at]
}

// push adds the entry seq, which is above all others.
func (q *queue) push(seq uint64, e entry, budget *Budget) {
	number := seq / blockSize
	n := len(q.blocks)
	if n == q.head || q.blocks[n-1].number != number {
		if n == cap(q.blocks) && q.head > n/2 {
			n = copy(q.blocks, q.blocks[q.head:])
			clear(q.blocks[n:])
			q.blocks, q.head = q.blocks[:n], 0
		}
		b := budget.block()
		b.number = number
		q.blocks = append(q.blocks, b)
	}
	b := q.blocks[len(q.blocks)-1]
	b.live |= 1 << (seq % blockSize)
	b.entries[seq%blockSize] = e
}

// remove takes the entry seq out, which is there.
func (q *queue) remove(seq uint64, budget *Budget) {
	i, _ := q.index(seq / blockSize)
	b := q.blocks[i]
	b.live &^= 1 << (seq % blockSize)
	b.entries[seq%blockSize] = entry{}
	if b.live != 0 {
		return
	}
	// What is acknowledged is near the head, so closing the gap from there is
	// cheap: at most the blocks of one span of packet identifiers.
	copy(q.blocks[q.head+1:i+1], q.blocks[q.head:i])
	q.blocks[q.head] = nil
	q.head++
	budget.recycle(b)
	q.settle()
}

// sweep removes the entries from the number from on for which drop says so.
func (q *queue) sweep(from uint64, budget *Budget, drop func(seq uint64, e *entry) bool) {
	i, _ := q.index(from / blockSize)
	kept := i
	for ; i < len(q.blocks); i++ {
		b := q.blocks[i]
		for live := b.live; live != 0; live &= live - 1 {
			at := bits.TrailingZeros32(live)
			seq := b.number*blockSize + uint64(at)
			if seq >= from && drop(seq, &b.entries[at]) {
				b.live &^= 1 << at
				b.entries[at] = entry{}
			}
		}
		if b.live == 0 {
			budget.recycle(b)
			continue
		}
		q.blocks[kept] = b
		kept++
	}
	clear(q.blocks[kept:])
	q.blocks = q.blocks[:kept]
	q.settle()
}

// settle gives back the memory of an empty queue.
func (q *queue) settle() {
	if q.head < len(q.blocks) {
		return
	}
	q.blocks, q.head = q.blocks[:0], 0
	if cap(q.blocks) > keptBlocks {
		q.blocks = nil
	}
}
