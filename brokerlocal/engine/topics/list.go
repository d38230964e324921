package topics

import "iter"

// Of returns the subscriptions of s, in no order.
func (x *Index[S]) Of(s S) []Subscription[S] {
	return x.of(s, nil)
}

// All returns every subscription, session by session, for a screen or a
// listing. It takes the lock anew for each session, so that it delays nobody;
// what changes meanwhile may be there or not.
func (x *Index[S]) All() iter.Seq[Subscription[S]] {
	return func(yield func(Subscription[S]) bool) {
		var rows []Subscription[S]
		for _, s := range x.sessions() {
			rows = x.of(s, rows[:0])
			for _, r := range rows {
				if !yield(r) {
					return
				}
			}
		}
	}
}

// sessions returns all that have a subscription.
func (x *Index[S]) sessions() []S {
	x.mu.RLock()
	defer x.mu.RUnlock()
	all := make([]S, 0, len(x.holders))
	for s := range x.holders {
		all = append(all, s)
	}
	return all
}

func (x *Index[S]) of(s S, rows []Subscription[S]) []Subscription[S] {
	x.mu.RLock()
	defer x.mu.RUnlock()
	h := x.holders[s]
	if h == nil {
		return rows
	}
	for _, p := range h.places {
		rows = append(rows, Subscription[S]{
			Session: s,
			Filter:  p.group.Filter(),
			Options: p.group.seats[p.seat].options,
		})
	}
	return rows
}
