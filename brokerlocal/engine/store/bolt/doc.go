// Package bolt is the store in a file, on bbolt, whose only importer it is.
//
// bbolt is a tree of pages in a mapped file: it panics on pages that make no
// sense, faults where the file has lost its end, and waits for ever for a
// lock. Here each of these is an error: every call into it runs under guard.
package bolt
