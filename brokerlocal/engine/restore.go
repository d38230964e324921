package engine

import (
	"fmt"
	"time"

	"tidings/app"
	"tidings/brokerlocal/engine/auth"
	"tidings/brokerlocal/engine/session"
	"tidings/brokerlocal/engine/store"
	"tidings/brokerlocal/engine/topics"
)

// sessionNumber returns the number under which a new session is stored, 0
// for one that is not.
func (e *Engine) sessionNumber(t *terms) uint64 {
	if e.journal == nil || t.expiry == 0 {
		return 0
	}
	return e.number.Add(1) - 1
}

// sessionOps returns what stores a client as it is now.
func (e *Engine) sessionOps(cl *client) []store.Op {
	if !cl.durable() {
		return nil
	}
	cl.mu.Lock()
	defer cl.mu.Unlock()
	if cl.gone {
		return nil
	}
	s := store.Session{
		Number: cl.number, ClientID: cl.id, Version: cl.version, Expiry: cl.expiry, Will: cl.will.stored(),
	}
	if who := cl.identity.Load(); who != nil {
		s.User = who.User
	}
	if !cl.away.IsZero() {
		s.Disconnected = cl.away.UnixNano()
	}
	return []store.Op{store.PutSession{Session: s}}
}

// forget removes a session from the store.
func (e *Engine) forget(cl *client) {
	if cl.durable() {
		e.record(store.DropSession{Session: cl.number})
	}
}

// restore takes over what a store holds and starts its journal. Sessions that
// were connected when the process ended have lost their connection now.
func (e *Engine) restore(s store.Store) error {
	r := restoring{engine: e, clients: make(map[uint64]*client), now: time.Now()}
	next, err := s.Load(r.visit)
	if err != nil {
		return fmt.Errorf("read the store: %w", err)
	}
	e.number.Store(next)
	e.journal = store.NewJournal(s, store.DefaultJournalBytes)
	e.journal.AfterBatch(func() { e.guard(e.afterBatch) })
	e.journal.OnPanic(e.journalFault)
	e.record(r.stale...)
	for _, cl := range r.clients {
		if cl.away.IsZero() {
			cl.away = r.now
		}
		cl.account()
		release := e.registry.turn(cl.id)
		if cl.expiry == 0 {
			e.endSession(cl)
		} else {
			e.leaveAway(cl, r.now)
			e.record(e.sessionOps(cl)...)
		}
		release()
	}
	e.awaitExpiry()
	return nil
}

// restoring is a load under way.
type restoring struct {
	engine  *Engine
	clients map[uint64]*client
	now     time.Time
	stale   []store.Op // what has expired meanwhile
}

func (r *restoring) visit(op store.Op) error {
	switch op := op.(type) {
	case store.PutSession:
		r.session(&op.Session)
	case store.PutSubscription:
		if cl := r.clients[op.Session]; cl != nil {
			s := op.Subscription
			o := topics.Options{QoS: s.QoS, NoLocal: s.NoLocal, RetainAsPublished: s.RetainAsPublished, ID: op.ID}
			cl.remember(s.Filter, o)
			r.engine.index.Subscribe(s.Filter, cl, o)
		}
	case store.SetCleared:
		if cl := r.clients[op.Session]; cl != nil {
			cl.session.RestoreCleared(op.Seq)
		}
	case store.PutInbound:
		if cl := r.clients[op.Session]; cl != nil {
			cl.session.RestoreInbound(op.ID)
		}
	case store.PutQueued:
		if cl := r.clients[op.Session]; cl != nil {
			cl.session.Restore(op.Seq, session.Delivery{
				Message: op.Message, QoS: op.QoS, Retain: op.Retain, SubscriptionIDs: op.SubscriptionIDs,
			}, false)
		}
	case store.SetReleased:
		if cl := r.clients[op.Session]; cl != nil {
			cl.session.Restore(op.Seq, session.Delivery{QoS: app.QoS2}, true)
		}
	case store.PutRetained:
		if op.Message.Expired(r.now) {
			r.stale = append(r.stale, store.DropRetained{Topic: op.Message.Topic})
			return nil
		}
		r.engine.retained.Keep(op.Message) // acknowledged before, whatever the limits are now
	}
	return nil
}

func (r *restoring) session(s *store.Session) {
	e := r.engine
	cl := e.newClient(s.ClientID, s.Number)
	cl.version, cl.expiry, cl.will = s.Version, s.Expiry, restoredWill(s.Will)
	if s.Disconnected != 0 {
		cl.away = time.Unix(0, s.Disconnected)
	}
	cl.identity.Store(&auth.Client{ID: s.ClientID, User: s.User, Version: s.Version})
	e.registry.put(cl)
	r.clients[s.Number] = cl
}
