package workspace

import (
	"context"
	"time"

	"tidings/app"
	"tidings/app/mqtt/topic"
	"tidings/app/session"
)

// Filter is one subscription as the screen shows it.
type Filter struct {
	session.SubState
	Color    int // number of the filter's colour; it stays while the filter does
	Received uint64
	Rate     float64 // messages a second
}

// Subscribe adds a subscription or changes the options of the one with the
// same filter. It is kept, and made again after every reconnect, until
// Unsubscribe. An invalid filter is refused with the reason.
func (w *Workspace) Subscribe(s app.Subscription) error {
	if err := topic.ValidateFilter(s.Filter); err != nil {
		return err
	}
	w.filters.add(s)
	w.subscriptionsChanged()
	w.subscribe(s)
	return nil
}

// subscribe hands s to the session, which makes it now or when connected.
func (w *Workspace) subscribe(s app.Subscription) {
	w.workers.Go(func(ctx context.Context) {
		ctx, cancel := context.WithTimeout(ctx, handshakeTimeout)
		defer cancel()
		if _, err := w.session.Subscribe(ctx, s); err != nil {
			w.p.Log.Debug("subscribe", "filter", s.Filter, "err", err)
		}
		w.p.Touch()
	})
}

// Unsubscribe removes a subscription.
func (w *Workspace) Unsubscribe(filter string) {
	w.filters.remove(filter)
	w.subscriptionsChanged()
	w.workers.Go(func(ctx context.Context) {
		ctx, cancel := context.WithTimeout(ctx, handshakeTimeout)
		defer cancel()
		if err := w.session.Unsubscribe(ctx, filter); err != nil {
			w.p.Log.Debug("unsubscribe", "filter", filter, "err", err)
		}
		w.p.Touch()
	})
}

// Filters returns the subscriptions in the order they were made.
func (w *Workspace) Filters() []Filter {
	states := w.session.Snapshot().Subscriptions
	w.filters.mu.Lock()
	defer w.filters.mu.Unlock()
	out := make([]Filter, 0, len(w.filters.entries))
	for _, e := range w.filters.entries {
		f := Filter{Color: e.color, Received: e.received, Rate: e.rate}
		f.SubState.Subscription = e.sub
		f.SubState.Pending = true
		for _, s := range states {
			if s.Filter == e.sub.Filter {
				f.SubState = s
			}
		}
		out = append(out, f)
	}
	return out
}

// ColorOf returns the colour number of the first filter a topic name
// matches, or -1.
func (w *Workspace) ColorOf(name string) int { return w.filters.colorOf(name) }

func (w *Workspace) subscriptionsChanged() {
	if w.p.SubscriptionsChanged != nil {
		w.p.SubscriptionsChanged(w.filters.subscriptions())
	}
	w.p.Touch()
}

// handshakeTimeout is how long the screen waits for the broker's answer
// before it says that none came.
const handshakeTimeout = 20 * time.Second
