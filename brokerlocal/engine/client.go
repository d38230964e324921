package engine

import (
	"sync"
	"sync/atomic"
	"time"

	"tidings/app"
	"tidings/brokerlocal/engine/auth"
	"tidings/brokerlocal/engine/message"
	"tidings/brokerlocal/engine/session"
	"tidings/brokerlocal/engine/topics"
)

// client is one session and, while it is connected, its connection. A new
// session is a new client, even with the same identifier: it never inherits.
type client struct {
	engine *Engine
	id     string
	number uint64 // of the session in the store; 0: it is not stored

	// conn is nil while the client is away. It changes under mu and in the
	// client's turn, and is read without either to send QoS 0.
	conn     atomic.Pointer[connection]
	identity atomic.Pointer[auth.Client] // of the latest connection
	// replaying says that retained messages are being replayed: until that is
	// over, what is retained is delivered under mu (replay.go).
	replaying atomic.Bool
	due       bool          // in Engine.dueClients; the journal's goroutine's
	lost      atomic.Uint64 // messages it did not get
	losing    atomic.Bool   // and the log has said so

	mu       sync.Mutex
	session  *session.Session
	filters  map[string]topics.Options // its subscriptions
	named    int                       // bytes of filters
	filed    int64                     // what they take of Engine.upkeep in a session that stays
	replays  []replay
	joining  []string    // filters whose replay begins when they are stored
	held     int         // messages in session, as Engine.held knows
	replayed int         // retained messages on their way through the journal
	version  app.Version // of the latest connection
	expiry   uint32      // seconds the session outlives its connection
	will     *will
	paid     int64     // bytes of Engine.upkeep
	away     time.Time // since when it has no connection
	end      *alarm    // of the session
	willDue  *alarm
	gone     bool // the session has ended
}

// durable reports whether the session is kept in the store.
func (cl *client) durable() bool { return cl.number != 0 }

// newClient returns a client with a new session; number is that of the store.
func (e *Engine) newClient(id string, number uint64) *client {
	cl := &client{engine: e, id: id, number: number}
	cl.session = session.New(&e.sessions, number != 0, cl.dropped)
	return cl
}

// dropped is called by the session, under mu, for a message that was queued
// and will not be delivered.
func (cl *client) dropped(seq uint64, m *message.Message, why session.Cause) {
	cl.engine.lost(cl, m, why)
	cl.engine.drop(cl, seq)
}

// pump appends what the session may send now, until so much waits in the link
// that Low will go on. The caller holds mu. It returns the connection if
// something was appended.
func (cl *client) pump(now time.Time) *connection {
	defer cl.account()
	c := cl.conn.Load()
	if c == nil {
		return nil
	}
	var t tally
	sent := cl.sendQueue(c, now, &t)
	cl.raise()
	if cl.replay(c, now, &t) || sent {
		cl.engine.count.add(&t)
		return c
	}
	return nil
}

// sendQueue appends what is in the session.
func (cl *client) sendQueue(c *connection, now time.Time, t *tally) (sent bool) {
	for c.hasRoom() {
		o, ok := cl.session.Next(now)
		if !ok {
			break
		}
		if cl.forbidden(&o) {
			continue
		}
		c.write(&o, now, t)
		sent = true
	}
	return sent
}

// forbidden reports whether rules that have changed since a message was queued
// keep it from the client; then it is gone. The caller holds mu.
func (cl *client) forbidden(o *session.Out) bool {
	e := cl.engine
	if o.Release || !e.ruled || e.cfg.Authorizer.Read(cl.identity.Load(), o.Message.Topic) {
		return false
	}
	e.count.droppedDenied.Add(1)
	cl.lost.Add(1)
	if o.QoS == app.QoS1 {
		cl.session.PubAck(o.ID)
	} else {
		cl.session.PubRec(o.ID, app.ReasonNotAuthorized)
	}
	e.drop(cl, o.Seq)
	return true
}

// account tells the engine how many messages the session holds. The caller
// holds mu.
func (cl *client) account() {
	if n := cl.session.Stats().Messages; n != cl.held {
		cl.engine.held.Add(int64(n - cl.held))
		cl.held = n
	}
}

// pumpLater is pump on the journal's goroutine, once for all that a batch has
// for the session. The caller holds mu.
func (cl *client) pumpLater() {
	if !cl.due {
		cl.due = true
		cl.engine.dueClients = append(cl.engine.dueClients, cl)
	}
}

// pumpDue is what pumpLater asks for.
func (cl *client) pumpDue(now time.Time) {
	cl.mu.Lock()
	defer cl.mu.Unlock()
	cl.due = false
	if c := cl.pump(now); c != nil {
		cl.engine.flushLater(c)
	}
}

// endSession forgets a session with all that it has, its will first.
// The caller has its turn, and cl has no connection.
func (e *Engine) endSession(cl *client) {
	e.publishWill(cl)
	cl.mu.Lock()
	if cl.gone {
		cl.mu.Unlock()
		return
	}
	cl.gone = true
	cl.settleUp()
	e.clock.cancel(cl.end)
	cl.end = nil
	cl.replays = nil
	left, coming := cl.unacknowledged(), cl.shares() && cl.session.Reserved()
	cl.session.End()
	cl.account()
	cl.filters = nil
	cl.mu.Unlock()
	legacy := e.bequests(cl, left)
	e.index.UnsubscribeAll(cl)
	e.registry.remove(cl)
	e.bequeath(legacy)
	if coming {
		e.awaitJournal() // what is on its way to it is passed on
	}
	e.forget(cl) // last: what a kill interrupts comes twice rather than never
}
