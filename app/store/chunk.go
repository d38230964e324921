package store

import "encoding/binary"

const (
	indexEntry    = 4   // bytes of the offset of a record
	chunkOverhead = 128 // bytes for the chunk value and its place in the list
	// maxMessage keeps offsets within 32 bits. MQTT packets end at 256 MiB
	// (MQTT 5.0 §2.1.4).
	maxMessage = 1 << 30
)

// chunk is a run of messages with consecutive sequence numbers in one piece of
// memory: records from the front, offsets of records from the back.
type chunk struct {
	mem     []byte
	end     int    // end of the records
	first   uint64 // sequence number of the first record
	count   int
	payload int64 // sum of the payload sizes
	touched uint64
}

// cost returns the bytes that the chunk counts for.
func (c *chunk) cost() int64 { return int64(len(c.mem)) + chunkOverhead }

// room returns the bytes left between records and index.
func (c *chunk) room() int { return len(c.mem) - c.end - c.count*indexEntry }

// next returns the sequence number after the last record.
func (c *chunk) next() uint64 { return c.first + uint64(c.count) }

// addRecord notes that a record starts at off.
func (c *chunk) addRecord(off int) {
	c.count++
	binary.LittleEndian.PutUint32(c.mem[len(c.mem)-c.count*indexEntry:], uint32(off))
}

// offset returns where record i starts.
func (c *chunk) offset(i int) int {
	return int(binary.LittleEndian.Uint32(c.mem[len(c.mem)-(i+1)*indexEntry:]))
}

// moveTo copies the chunk into mem, which is just large enough.
func (c *chunk) moveTo(mem []byte) {
	copy(mem, c.mem[:c.end])
	n := c.count * indexEntry
	copy(mem[len(mem)-n:], c.mem[len(c.mem)-n:])
	c.mem = mem
}

// topicAt returns the topic written at off. It aliases the chunk.
func (c *chunk) topicAt(off int) []byte {
	n, w := binary.Uvarint(c.mem[off:])
	return c.mem[off+w : off+w+int(n)]
}
