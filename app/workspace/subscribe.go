package workspace

import (
	"context"
	"errors"
	"slices"
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
	w.turns.Go(s.Filter, func(ctx context.Context) {
		ctx, cancel := context.WithTimeout(ctx, handshakeTimeout)
		defer cancel()
		if _, err := w.session.Subscribe(ctx, s); err != nil {
			w.p.Log.Debug("subscribe", "filter", s.Filter, "err", err)
		}
		w.p.Touch()
	})
	return nil
}

// Unsubscribe removes a subscription. When the broker refuses to, or does
// not answer, the subscription comes back with the reason: its messages go on
// to arrive.
func (w *Workspace) Unsubscribe(filter string) {
	entry, place := w.filters.remove(filter)
	if entry == nil {
		return
	}
	w.subscriptionsChanged()
	w.turns.Go(filter, func(ctx context.Context) {
		why := w.unsubscribe(ctx, filter)
		if why != nil && ctx.Err() == nil && w.filters.putBack(entry, place, why) {
			w.subscriptionsChanged()
		}
		w.p.Touch()
	})
}

// unsubscribe asks until the broker answers or the session, without a link,
// takes it upon itself to say it later. It returns what went wrong.
func (w *Workspace) unsubscribe(ctx context.Context, filter string) *app.Error {
	ctx, cancel := context.WithTimeout(ctx, handshakeTimeout)
	defer cancel()
	for {
		err := w.session.Unsubscribe(ctx, filter)
		var why *app.Error
		if !errors.As(err, &why) {
			return nil
		}
		w.p.Log.Debug("unsubscribe", "filter", filter, "err", err)
		if why.Cause == nil { // the broker's own word, not the link's end
			return why
		}
		select {
		case <-ctx.Done():
			return why
		case <-time.After(retryAfter):
		}
	}
}

// Filters returns the subscriptions in the order they were made.
func (w *Workspace) Filters() []Filter {
	states := w.session.Snapshot().Subscriptions
	w.filters.mu.Lock()
	defer w.filters.mu.Unlock()
	out := make([]Filter, 0, len(w.filters.entries))
	for i, e := range w.filters.entries {
		f := Filter{Color: e.color, Received: e.received, Rate: e.rate}
		f.SubState = session.SubState{Subscription: e.sub, Pending: true}
		same := func(s session.SubState) bool { return s.Filter == e.sub.Filter }
		if i >= len(states) || !same(states[i]) { // the orders differ rarely
			i = slices.IndexFunc(states, same)
		}
		if i >= 0 {
			f.SubState = states[i]
		}
		if e.kept != nil {
			f.Err = e.kept
		}
		out = append(out, f)
	}
	return out
}

// ColorOf returns the colour number of the first filter a topic name
// matches, or -1.
func (w *Workspace) ColorOf(name string) int { return w.filters.colorOf(name) }

// subscriptionsChanged hands over what the profile is to remember. The lock
// makes the newest state the last one handed over.
func (w *Workspace) subscriptionsChanged() {
	if w.p.SubscriptionsChanged != nil {
		w.changing.Lock()
		w.p.SubscriptionsChanged(w.filters.subscriptions())
		w.changing.Unlock()
	}
	w.p.Touch()
}

// handshakeTimeout is how long the screen waits for the broker's answer
// before it says that none came, and retryAfter how long it takes to notice
// that the link is gone.
const (
	handshakeTimeout = 20 * time.Second
	retryAfter       = 500 * time.Millisecond
)
