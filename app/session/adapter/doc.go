// Package adapter holds what the adapters over both client libraries share:
// the life of a client from link to link, the link as the libraries see it,
// the queue of events, the checks that the libraries leave to their callers,
// and the judgement of a failed CONNECT.
package adapter
