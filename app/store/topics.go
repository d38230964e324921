package store

import "hash/maphash"

// bytesPerSlot ties the table to the size of a chunk: the shortest record with
// a topic of its own takes 18 bytes and three more on average for the topic,
// so a table of one slot per 16 bytes of chunk is never more than 3/4 full. A
// chunk above the usual size holds a single message.
const bytesPerSlot = 16

// topics finds the topics of the chunk being written: an open hash table of
// offset+1, 0 for a free slot. The hash is seeded, so that a peer cannot
// choose topics that collide.
type topics struct {
	seed  maphash.Seed
	slots []uint32 // a power of two
}

// reset forgets all topics and fits the table to a chunk of n bytes.
func (t *topics) reset(n int) {
	if want := slotsFor(n); len(t.slots) != want {
		t.slots = make([]uint32, want)
		return
	}
	clear(t.slots)
}

// cost returns the bytes of the table.
func (t *topics) cost() int64 { return int64(len(t.slots)) * 4 }

// find returns the offset of topic in c, or false and the slot to put it in.
func (t *topics) find(c *chunk, topic string) (off, slot int, ok bool) {
	mask := len(t.slots) - 1
	slot = int(maphash.String(t.seed, topic)) & mask
	for t.slots[slot] != 0 {
		off = int(t.slots[slot] - 1)
		if string(c.topicAt(off)) == topic {
			return off, slot, true
		}
		slot = (slot + 1) & mask
	}
	return 0, slot, false
}

// tableCost returns the bytes of the table for chunks of n bytes.
func tableCost(n int) int64 { return int64(slotsFor(n)) * 4 }

// slotsFor returns the number of slots for a chunk of n bytes.
func slotsFor(n int) int {
	slots := 1
	for slots < n/bytesPerSlot {
		slots <<= 1
	}
	return slots
}
