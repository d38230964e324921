package engine

import (
	"time"

	"tidings/brokerlocal/engine/session"
	"tidings/brokerlocal/engine/store"
)

// place is a number in a stored session; the zero value is none.
type place struct {
	seq  uint64
	mark uint64 // that was raised with it; 0: none
}

// reserve gives a delivery its number in a stored session, for Prepare, unless
// the session has ended.
func (cl *client) reserve(ops []store.Op, d session.Delivery, now time.Time) (at place, _ []store.Op, ended bool) {
	cl.mu.Lock()
	defer cl.mu.Unlock()
	if cl.gone {
		return at, ops, true
	}
	seq, why := cl.session.Reserve(d, now)
	if why != session.None {
		cl.engine.lost(cl, d.Message, why)
		return at, ops, false
	}
	mark, _ := cl.session.Raise()
	ops = append(ops, store.PutQueued{
		Session: cl.number, Seq: seq, Message: d.Message, QoS: d.QoS, Retain: d.Retain, SubscriptionIDs: d.SubscriptionIDs,
		Cleared: mark,
	})
	return place{seq: seq, mark: mark}, ops, false
}

// done queues what has been stored, or takes the number back unless it is to
// be kept in memory then. It reports whether the session has ended meanwhile.
func (at place) done(cl *client, d session.Delivery, keep bool, err error) (gone bool) {
	if at.seq == 0 {
		return false
	}
	cl.mu.Lock()
	defer cl.mu.Unlock()
	if cl.gone {
		return true
	}
	switch {
	case err == nil:
		cl.session.Cleared(at.mark)
	case at.mark != 0:
		cl.session.NotCleared()
	}
	if err != nil && !keep {
		cl.session.Abandon(d)
		return false
	}
	cl.session.Put(at.seq, d)
	cl.pumpLater()
	return false
}
