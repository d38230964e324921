package workspace

import (
	"sync/atomic"

	"tidings/app"
	"tidings/app/retained"
	"tidings/app/store"
	"tidings/app/sysstats"
	"tidings/app/tree"
)

// ingest is the sink of the connection: the path every received message
// takes. It runs on the connection's reader, appends and counts, and never
// waits for the screen.
type ingest struct {
	store    *store.Store
	tree     *tree.Tree
	retained *retained.Set
	sys      *sysstats.Stats
	filters  *filters
	touch    func()
	received atomic.Uint64
	bytes    atomic.Uint64
}

// What the tree and the retained messages of one connection may take, in
// bytes, beside the budget of the stored messages.
const (
	maxTree     = 64 << 20
	maxRetained = 64 << 20
)

var _ app.Sink = (*ingest)(nil)

func newIngest(p Params, f *filters) *ingest {
	return &ingest{
		store:    store.New(p.Budget),
		tree:     tree.New(tree.Options{MaxBytes: maxTree}),
		retained: retained.New(retained.Options{MaxBytes: maxRetained}),
		sys:      sysstats.New(),
		filters:  f,
		touch:    p.Touch,
	}
}

// Deliver implements app.Sink.
func (in *ingest) Deliver(batch []app.Message) {
	var size uint64
	for i := range batch {
		size += uint64(len(batch[i].Payload))
	}
	in.received.Add(uint64(len(batch)))
	in.bytes.Add(size)
	in.store.Append(batch)
	in.tree.Update(batch)
	in.retained.Update(batch)
	in.sys.Update(batch)
	in.filters.count(batch)
	in.touch()
}
