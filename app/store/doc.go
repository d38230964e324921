// Package store keeps the messages of a connection in memory, within a byte
// budget that any number of stores share.
//
// Messages lie in flat chunks of about 1 MiB: records grow from the front of
// a chunk, their 4-byte offsets from its back. A topic is written once per
// chunk and found again through a hash table of offsets that belongs to the
// store and serves the chunk being written, so a topic dies with its chunk
// and needs no reference count, and the garbage collector sees one pointer
// per chunk. When the budget is spent, the chunk that was written to least
// recently, whichever store it belongs to, goes as a whole, and what it held
// is counted.
//
// All methods are safe for concurrent use: one lock, held by the Budget,
// covers its stores. Nothing returned aliases the store.
package store
