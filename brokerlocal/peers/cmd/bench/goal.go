package main

import (
	"fmt"

	"tidings/brokerlocal/peers/fleet"
)

// goal is what our figure of a row has to be.
type goal struct {
	text string
	// met judges our figures; peers returns the median of a row at a peer. ok
	// is false when there is nothing to judge by.
	met func(r results, row row) (met, ok bool)
}

// noGoal is for figures that are published without one.
func noGoal() goal {
	return goal{text: "–", met: func(results, row) (bool, bool) { return false, false }}
}

// atLeast is a rate: factor times the peer's.
func atLeast(factor float64, peer string) goal {
	return against(factor, peer, func(ours, bound float64) bool { return ours >= bound })
}

// atMostOf is a time: factor times the peer's.
func atMostOf(factor float64, peer string) goal {
	return against(factor, peer, func(ours, bound float64) bool { return ours <= bound })
}

func against(factor float64, peer string, good func(ours, bound float64) bool) goal {
	return goal{text: fmt.Sprintf("%.1f × %s", factor, peer), met: func(r results, row row) (bool, bool) {
		ours, ok := r.median(row.key, fleet.Ours)
		theirs, ok2 := r.median(row.key, peer)
		return good(ours, factor*theirs), ok && ok2
	}}
}

// ofMemory is a rate with a data folder: factor times our own without one.
func ofMemory(factor float64, key string) goal {
	return goal{text: fmt.Sprintf("%.1f × in memory", factor), met: func(r results, row row) (bool, bool) {
		ours, ok := r.median(row.key, fleet.Ours)
		memory, ok2 := r.median(key, fleet.Ours)
		return ours >= factor*memory, ok && ok2
	}}
}

// atMost is a bound of its own.
func atMost(bound float64) goal {
	return goal{text: fmt.Sprintf("≤ %g", bound), met: func(r results, row row) (bool, bool) {
		ours, ok := r.median(row.key, fleet.Ours)
		return ours <= bound, ok
	}}
}

// complete is every message, once and in order, in every round.
func complete() goal {
	return goal{text: "0 lost", met: func(r results, row row) (bool, bool) {
		return all(r.good(row.key, fleet.Ours), func(f figure) bool {
			return f.count.Lost() == 0 && f.count.Disordered == 0
		})
	}}
}

// counted is that the broker knows what it dropped, to the last one, in every
// round.
func counted() goal {
	return goal{text: "all counted", met: func(r results, row row) (bool, bool) {
		return all(r.good(row.key, fleet.Ours), func(f figure) bool { return f.exact })
	}}
}

// withoutLoss adds complete to a goal.
func (g goal) withoutLoss() goal {
	if g.text == noGoal().text {
		return complete()
	}
	both, whole := g, complete()
	both.text += ", " + whole.text
	both.met = func(r results, row row) (bool, bool) {
		a, ok := g.met(r, row)
		b, ok2 := whole.met(r, row)
		return a && b, ok && ok2
	}
	return both
}

// all reports whether every figure is right; ok is false without any.
func all(list []figure, right func(figure) bool) (met, ok bool) {
	for _, f := range list {
		if !right(f) {
			return false, true
		}
	}
	return true, len(list) > 0
}
