package engine

import (
	"strings"

	"tidings/brokerlocal/engine/auth"
)

// Sessions that outlive their connection, their subscriptions, and wills take
// room though nobody is connected, so they have a budget of their own: an
// eighth of what messages may take. Messages that fill theirs keep no client
// from coming back, and what is beyond this one is refused at CONNECT and
// SUBSCRIBE, where somebody is told. No session is ended before its time for
// the sake of another: it would have lost its subscriptions and messages unseen.

const (
	upkeepShare  = 8       // the budget is that part of Limits.TotalBytes
	levelBytes   = 128     // what a level of a filter takes beside its name, about
	sessionBytes = 1 << 10 // what an empty session takes, about, without names
)

// upkeepOf returns the bytes that a client takes on the terms of its CONNECT,
// beside its messages, once it is away; filters are those of its filters.
func upkeepOf(who *auth.Client, expiry uint32, w *will, filters int64) (n int64) {
	if expiry > 0 && who != nil {
		n = sessionBytes + int64(len(who.ID)+len(who.User)) + filters
	}
	if w != nil {
		n += int64(w.message.Size())
	}
	return n
}

// settleUp gives back what the client takes no more of the budget for sessions
// and wills, or takes what it takes now, whatever the bound: it was granted
// before. The caller holds mu.
func (cl *client) settleUp() {
	n := int64(0)
	if !cl.gone {
		n = upkeepOf(cl.identity.Load(), cl.expiry, cl.will, cl.filed)
	}
	cl.engine.upkeep.Give(cl.paid - n)
	cl.paid = n
}

// afford takes what a CONNECT asks for of the budget beyond what the client
// has of it; nil: there is none yet. If that is too much, the error says so,
// and nothing is taken.
func (e *Engine) afford(cl *client, c *connection) (granted int64, err error) {
	t, filters, paid := c.terms, int64(0), int64(0)
	if cl != nil {
		cl.mu.Lock()
		filters, paid = cl.filed, cl.paid
		cl.mu.Unlock()
	}
	if t.clean {
		filters = 0 // they go
	}
	granted = upkeepOf(c.identity.Load(), t.expiry, t.will, filters) - paid
	switch {
	case granted <= 0:
		return 0, nil
	case !e.upkeep.Take(granted):
		e.log.warn("Client %s refused: there is no room for its session and will.", t.id)
		return 0, endingf(reasonQuota, "the broker keeps no more sessions and wills")
	}
	return granted, nil
}

// affordFilter takes what one more subscription takes of the budget, if the
// session outlives its connection, or returns false. The caller holds mu.
func (cl *client) affordFilter(filter string) bool {
	n := sizeOfFilter(filter)
	switch {
	case cl.expiry == 0:
		return true
	case !cl.engine.upkeep.Take(n):
		return false
	}
	cl.paid += n
	return true
}

func sizeOfFilter(filter string) int64 {
	return int64(len(filter) + levelBytes*(1+strings.Count(filter, "/")))
}
