package workspace

import (
	"context"
	"sync"

	"tidings/app"
	"tidings/app/payload"
	"tidings/app/store"
	"tidings/app/workers"
)

// Detail is the message opened for reading.
type Detail struct {
	Open    bool
	Stored  bool   // Seq is valid
	Seq     uint64 // of the stored message
	Change  uint64 // grows with every change of this struct
	Message app.Message
	Kind    payload.Kind
	View    payload.View // the view shown; Auto has been resolved
	Loading bool
	Doc     *payload.Doc // nil while loading and on error
	Err     error        // why this view cannot show the payload
	Gone    bool         // the message was evicted before it could be read
}

// Viewer shows one message at a time. It formats the payload in a worker;
// opening another message cancels that. All methods return at once and are
// safe for concurrent use.
type Viewer struct {
	store   *store.Store
	workers *workers.Group
	touch   func()

	mu     sync.Mutex
	now    Detail
	cancel context.CancelFunc
}

func newViewer(s *store.Store, g *workers.Group, touch func()) *Viewer {
	return &Viewer{store: s, workers: g, touch: touch, cancel: func() {}}
}

// Auto asks Show to choose the view by the payload.
const Auto = payload.View(255)

// Detail returns what is open.
func (v *Viewer) Detail() Detail {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.now
}

// Show opens the stored message with sequence number seq in a view. A
// message of any size opens without blocking; Detail says when it is ready.
func (v *Viewer) Show(seq uint64, view payload.View) {
	v.open(view, func(now Detail) Detail {
		if now.Open && now.Stored && now.Seq == seq && !now.Gone {
			return now // stays readable after its eviction
		}
		m, ok := v.store.Message(seq)
		return Detail{Open: true, Stored: true, Seq: seq, Message: m, Gone: !ok}
	})
}

// ShowMessage opens a message that is not, or no longer, in the store, for
// example a retained one. m must not be changed afterwards.
func (v *Viewer) ShowMessage(m app.Message, view payload.View) {
	v.open(view, func(Detail) Detail { return Detail{Open: true, Message: m} })
}

// ShowAs shows the open message in another view.
func (v *Viewer) ShowAs(view payload.View) {
	v.open(view, func(now Detail) Detail { return now })
}

// Hide closes what is open.
func (v *Viewer) Hide() { v.open(Auto, func(Detail) Detail { return Detail{} }) }

// open replaces what is shown with what next makes of it, and formats that
// in a view.
func (v *Viewer) open(view payload.View, next func(now Detail) Detail) {
	ctx, d := v.replace(view, next)
	v.touch()
	if !d.Loading {
		return
	}
	v.workers.Go(func(stop context.Context) {
		defer context.AfterFunc(stop, v.stop)()
		doc, err := payload.Format(ctx, d.View, d.Message.Payload)
		if v.finish(ctx, doc, err) {
			v.touch()
		}
	})
}

// replace cancels the formatting under way.
func (v *Viewer) replace(view payload.View, next func(now Detail) Detail) (context.Context, Detail) {
	ctx, cancel := context.WithCancel(context.Background())
	v.mu.Lock()
	defer v.mu.Unlock()
	v.cancel()
	d := next(v.now)
	d.Change = v.now.Change + 1
	d.Doc, d.Err = nil, nil
	if d.Loading = d.Open && !d.Gone; d.Loading {
		d.Kind = payload.Detect(d.Message.Payload)
		if d.View = view; view == Auto {
			d.View = viewFor(d.Kind)
		}
	}
	v.now, v.cancel = d, cancel
	return ctx, d
}

// finish shows the outcome of a formatting, unless something else is shown
// by now.
func (v *Viewer) finish(ctx context.Context, doc *payload.Doc, err error) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	if ctx.Err() != nil {
		return false
	}
	v.now.Loading, v.now.Doc, v.now.Err = false, doc, err
	v.now.Change++
	return true
}

func (v *Viewer) stop() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.cancel()
}

// viewFor returns the view that shows a kind of payload best.
func viewFor(k payload.Kind) payload.View {
	switch k {
	case payload.KindJSON:
		return payload.JSON
	case payload.KindBinary:
		return payload.Hex
	default:
		return payload.Text
	}
}
