// Package bolt is the store in a file, on bbolt, whose only importer it is.
//
// bbolt is a tree of pages in a mapped file: it panics on pages that make no
// sense, faults where the file has lost its end, and waits for ever for a
// lock. Here each of these is an error: every call into it runs under guard.
//
// A commit of bbolt is many pages and two syncs, so a log stands in front of
// it (package wal). It is a package of its own because it knows nothing of
// bbolt: its tests put it before a map, on a disk that fails as they please.
package bolt
