// Package wal is a log in front of a slower store.KV: a transaction is safe
// when its changes stand in the log, which is one write and one sync, or a write
// that is both, and the KV below is brought up to date in the background, many
// transactions at once. What comes and goes in between never reaches it.
//
//	Update ─► front (memory) ─► active segment (file, synced) ─► done
//	               │ the segment is large enough: front becomes back
//	               ▼
//	             back ─► one Update of the KV below ─► its segment is free
//
// Reading looks in front, in back and in the KV below, in this order. There
// are two segments, used in turn: while one takes what is new, the other's
// changes move to the KV below. When that is too slow, Update waits.
//
// The changes are those of the keys and sealed values of package store as they
// are; the log has no records of its own. Replaying them twice is replaying
// them once, so the KV below need not know exactly how far it came: it stores
// the number of a batch that it has for certain, with the changes.
//
//   - layer.go, list.go: changes in memory, in order of keys
//   - tx.go: a transaction over front, back and the KV below
//   - block.go: the form of a batch in a segment
//   - segment.go, file.go: a segment, and the file it is in
//   - past_linux.go: writing that needs no sync, where there is such a thing
//   - read.go: what a segment holds after a crash, and what is damage
//   - log.go, checkpoint.go: the KV
//   - open.go: what is found, and salvaged
package wal
