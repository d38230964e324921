// Package adapter holds what the adapters over both client libraries share:
// the link as the libraries see it, the queue of events, the checks that the
// libraries leave to their callers, and the judgement of a failed CONNECT.
package adapter
