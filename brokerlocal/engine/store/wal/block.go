package wal

import (
	"encoding/binary"
	"hash/crc32"
)

// A batch stands in a segment as blocks of the size that a disk writes whole.
// So a write that was cut short leaves each block as it was or as it should
// be, and any other block is damage.
//
//	0  checksum of the rest of the block, begun with the log's id
//	4  number of the batch, one more than that of the batch before
//	12 how many blocks of the batch come after this one
//	16 checksum of the whole batch, so that two attempts never pass for one
//	20 bytes of the batch in this block
//	22 these bytes, then zeros
const (
	blockBytes = 512
	headBytes  = 22
	roomBytes  = blockBytes - headBytes
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// block is one that was read.
type block struct {
	seq   uint64
	left  uint32
	sum   uint32
	bytes []byte
}

// bytesOf returns how many bytes a batch of n takes in a segment.
func bytesOf(n int) int64 { return int64(n+roomBytes-1) / roomBytes * blockBytes }

// appendBlocks appends the blocks of a batch.
func appendBlocks(dst []byte, id uint32, seq uint64, batch []byte) []byte {
	sum := crc32.Checksum(batch, castagnoli)
	for left := len(batch); left > 0; {
		room := batch[len(batch)-left:]
		room = room[:min(roomBytes, left)]
		left -= len(room)
		start := len(dst)
		dst = append(dst, 0, 0, 0, 0)
		dst = binary.BigEndian.AppendUint64(dst, seq)
		dst = binary.BigEndian.AppendUint32(dst, uint32((left+roomBytes-1)/roomBytes))
		dst = binary.BigEndian.AppendUint32(dst, sum)
		dst = binary.BigEndian.AppendUint16(dst, uint16(len(room)))
		dst = append(dst, room...)
		if len(room) < roomBytes {
			dst = append(dst, make([]byte, roomBytes-len(room))...)
		}
		binary.BigEndian.PutUint32(dst[start:], crc32.Update(id, castagnoli, dst[start+4:]))
	}
	return dst
}

// What a block can be.
type state int

const (
	good state = iota
	empty
	bad
)

// parse reads a block.
func parse(id uint32, b []byte) (block, state) {
	used := int(binary.BigEndian.Uint16(b[20:]))
	if used == 0 || used > roomBytes || crc32.Update(id, castagnoli, b[4:]) != binary.BigEndian.Uint32(b) {
		for _, c := range b {
			if c != 0 {
				return block{}, bad
			}
		}
		return block{}, empty
	}
	return block{
		seq: binary.BigEndian.Uint64(b[4:]), left: binary.BigEndian.Uint32(b[12:]),
		sum: binary.BigEndian.Uint32(b[16:]), bytes: b[headBytes : headBytes+used],
	}, good
}
