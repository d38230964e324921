// Package store keeps what outlives the broker's process: sessions with their
// subscriptions, queues and QoS 2 identifiers, and retained messages.
//
// A Store is a list of operations (Op) applied in batches: Commit makes a
// batch durable, whole or not at all, and Load gives back the operations that
// lead to the present state. So there is one vocabulary for writing and for
// reading, and a copy of a store is Commit of what Load gave.
//
// Messages have no operations of their own. A message is stored with the
// first entry that refers to it (a queue entry, a retained topic), once
// however many do, and it goes with the last: the store counts.
//
// Two layers: New puts records, keys and counting onto a KV, an ordered map of
// bytes that commits whole transactions. Map is the KV in memory; package
// bolt has the one in a file, with the log of package wal in front of it.
// storetest is the contract both pass.
//
// The Journal is the one goroutine that commits: many items, one synced
// commit, then each item learns in order how it went.
package store
