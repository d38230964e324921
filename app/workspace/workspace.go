package workspace

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"tidings/app"
	"tidings/app/packets"
	"tidings/app/retained"
	"tidings/app/session"
	"tidings/app/session/link"
	"tidings/app/store"
	"tidings/app/sysstats"
	"tidings/app/tree"
	"tidings/app/workers"
)

// Params are what a workspace needs from its owner.
type Params struct {
	// NewClient makes the client for a protocol version.
	NewClient func(app.Version) (app.Client, error)
	// Budget bounds the stored messages of all workspaces together.
	Budget *store.Budget
	Log    *slog.Logger
	// Touch says that something changed. It is called from any goroutine, at
	// any rate, and must not block.
	Touch func()
	// SubscriptionsChanged gets the remembered filters after the user added
	// or removed one, with the colours of app.Profile, so that the profile
	// keeps them. Calls do not overlap, and it must not call the workspace.
	// May be nil.
	SubscriptionsChanged func(subs []app.Subscription, colors map[string]int)
	// TemplatesChanged gets the messages kept with the profile after each
	// change of them, on the same terms. May be nil.
	TemplatesChanged func([]app.Template)
}

// Workspace is one open connection. Make it with New, end it with Close.
type Workspace struct {
	p         Params
	session   *session.Session
	ingest    *ingest
	frames    *frames
	workers   *workers.Group
	turns     *workers.Turns // of the commands about one filter
	outbox    *outbox
	viewers   [viewerCount]*Viewer
	filters   *filters
	templates *templates

	changing sync.Mutex // held while SubscriptionsChanged or TemplatesChanged is called

	mu      sync.Mutex
	profile app.Profile
	rates   Rates
	address string // of the last Connect
	leaving int    // tasks in the turn of linkTurn
}

// New returns a workspace for the profile, not yet connected.
func New(p Params, profile app.Profile) *Workspace {
	w := &Workspace{p: p, profile: profile, workers: workers.New(context.Background())}
	w.turns = workers.NewTurns(w.workers)
	w.session = session.New(session.Params{NewClient: p.NewClient, SpeaksTLS: link.SpeaksTLS, Log: p.Log, Changed: p.Touch, Patient: true})
	w.filters, w.templates = newFilters(profile), newTemplates(profile.Templates)
	w.ingest = newIngest(p, w.filters)
	w.frames = &frames{ring: packets.New(maxPackets), touch: p.Touch}
	w.outbox = newOutbox(w.session, p.Touch)
	for i := range w.viewers {
		w.viewers[i] = newViewer(w.ingest.store, w.workers, p.Touch)
	}
	w.workers.Go(w.outbox.run)
	w.workers.Go(w.beat)
	for _, s := range profile.Subscriptions {
		// Without a link the session remembers it, and says so in its error.
		_, _ = w.session.Subscribe(context.Background(), s)
	}
	return w
}

// Profile returns the profile the workspace was opened with, or the one last
// set.
func (w *Workspace) Profile() app.Profile {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.profile
}

// SetProfile replaces the profile; it takes effect with the next Connect.
func (w *Workspace) SetProfile(p app.Profile) {
	w.mu.Lock()
	w.profile = p
	w.mu.Unlock()
	w.p.Touch()
}

// Connect starts connecting with the profile and the given secrets, which may be
// nil. The outcome appears in Snapshot.
func (w *Workspace) Connect(s app.Secrets) {
	o := w.Profile().Options(s)
	o.Sink, o.Frames = w.ingest, w.frames
	w.mu.Lock()
	if before := w.address; before != "" && before != o.Address() {
		// Figures and retained messages are those of one broker.
		w.ingest.sys.Reset()
		w.ingest.retained.Clear()
	}
	w.address = o.Address()
	after := w.leaving > 0
	if after {
		w.inLinkTurn(func(context.Context) { w.session.Connect(o) })
	}
	w.mu.Unlock()
	if !after {
		w.session.Connect(o)
	}
}

// linkTurn is the key of the turns that end the link: no filter is empty.
const linkTurn = ""

// inLinkTurn runs what ends a link, which takes a while, and what was asked
// for meanwhile in the order asked. The caller holds mu.
func (w *Workspace) inLinkTurn(task func(context.Context)) {
	started := w.turns.Go(linkTurn, func(ctx context.Context) {
		task(ctx)
		w.mu.Lock()
		w.leaving--
		w.mu.Unlock()
	})
	if started {
		w.leaving++
	}
}

func (w *Workspace) leave(task func(context.Context)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.inLinkTurn(task)
}

// Disconnect sends DISCONNECT and closes the link: the will does not fire,
// even when Close follows at once.
func (w *Workspace) Disconnect() {
	w.leave(func(ctx context.Context) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		if err := w.session.Disconnect(ctx); err != nil {
			w.p.Log.Info("disconnect", "err", err)
		}
	})
}

// Drop cuts the link without DISCONNECT: the broker publishes the will.
func (w *Workspace) Drop() {
	w.leave(func(context.Context) {
		if err := w.session.Drop(); err != nil {
			w.p.Log.Info("drop", "err", err)
		}
	})
}

// ReconnectNow ends the countdown to the next attempt.
func (w *Workspace) ReconnectNow() { w.session.ReconnectNow() }

// StopRetrying gives up reconnecting.
func (w *Workspace) StopRetrying() {
	w.workers.Go(func(context.Context) { w.session.StopRetrying() })
}

// Messages returns the stored messages.
func (w *Workspace) Messages() *store.Store { return w.ingest.store }

// Tree returns the topic tree.
func (w *Workspace) Tree() *tree.Tree { return w.ingest.tree }

// Retained returns the retained messages received so far.
func (w *Workspace) Retained() *retained.Set { return w.ingest.retained }

// Sys returns the $SYS figures received so far.
func (w *Workspace) Sys() *sysstats.Stats { return w.ingest.sys }

// Packets returns the newest control packets of both directions.
func (w *Workspace) Packets() *packets.Ring { return w.frames.ring }

// Beside returns the bytes that the tree, the retained messages, the packets and
// what was published take, beside the budget of the stored messages.
func (w *Workspace) Beside() int64 {
	w.outbox.mu.Lock()
	published := int64(w.outbox.kept)
	w.outbox.mu.Unlock()
	return published + w.Tree().Stats().Bytes + w.Retained().Stats().Bytes + w.Packets().Stats().Bytes
}

// The viewers of a workspace, one for each screen that shows payloads.
const (
	viewerMessages = iota
	viewerTopics
	viewerRetained
	viewerCount
)

// MessageViewer returns the viewer of the message list.
func (w *Workspace) MessageViewer() *Viewer { return w.viewers[viewerMessages] }

// TopicViewer returns the viewer of the topic tree.
func (w *Workspace) TopicViewer() *Viewer { return w.viewers[viewerTopics] }

// RetainedViewer returns the viewer of the retained messages.
func (w *Workspace) RetainedViewer() *Viewer { return w.viewers[viewerRetained] }

// Clear forgets every stored message; the tree and the retained list stay.
func (w *Workspace) Clear() {
	w.ingest.store.Clear()
	w.filters.reset()
	w.MessageViewer().Hide()
	w.p.Touch()
}

// Close disconnects, waits for every worker and gives the memory back.
func (w *Workspace) Close() error {
	w.workers.Close()
	err := w.session.Close()
	w.ingest.store.Close()
	return err
}
