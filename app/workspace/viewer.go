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
	if now := v.Detail(); now.Open && now.Stored && now.Seq == seq && !now.Gone {
		v.open(now, view) // stays readable after its eviction
		return
	}
	m, ok := v.store.Message(seq)
	if !ok {
		v.replace(Detail{Open: true, Stored: true, Seq: seq, Gone: true})
		return
	}
	v.open(Detail{Open: true, Stored: true, Seq: seq, Message: m}, view)
}

// ShowMessage opens a message that is not, or no longer, in the store, for
// example a retained one. m must not be changed afterwards.
func (v *Viewer) ShowMessage(m app.Message, view payload.View) {
	v.open(Detail{Open: true, Message: m}, view)
}

// ShowAs shows the open message in another view.
func (v *Viewer) ShowAs(view payload.View) {
	if now := v.Detail(); now.Open && !now.Gone {
		v.open(now, view)
	}
}

// Hide closes what is open.
func (v *Viewer) Hide() { v.replace(Detail{}) }

func (v *Viewer) open(next Detail, view payload.View) {
	next.Kind = payload.Detect(next.Message.Payload)
	next.View = view
	if view == Auto {
		next.View = viewFor(next.Kind)
	}
	next.Loading, next.Doc, next.Err = true, nil, nil
	ctx := v.replace(next)
	v.workers.Go(func(stop context.Context) {
		defer context.AfterFunc(stop, v.stop)()
		doc, err := payload.Format(ctx, next.View, next.Message.Payload)
		v.finish(ctx, doc, err)
	})
}

// replace cancels the formatting under way and shows next.
func (v *Viewer) replace(next Detail) context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	v.mu.Lock()
	v.cancel()
	next.Change = v.now.Change + 1
	v.now, v.cancel = next, cancel
	v.mu.Unlock()
	v.touch()
	return ctx
}

func (v *Viewer) finish(ctx context.Context, doc *payload.Doc, err error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if ctx.Err() != nil { // another message has been opened
		return
	}
	v.now.Loading, v.now.Doc, v.now.Err = false, doc, err
	v.now.Change++
	v.touch()
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
