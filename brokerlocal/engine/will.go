package engine

import (
	"strings"
	"time"

	"tidings/app/mqtt/wire"
	"tidings/brokerlocal/engine/message"
	"tidings/brokerlocal/engine/store"
)

// will is the message that is published for a client that goes without a
// word (MQTT 5.0 §3.1.2.5). It belongs to its client and stands under its
// lock.
type will struct {
	message   *message.Message // without its expiry, which counts from publication
	delay     uint32           // seconds [MQTT-3.1.3-9]
	expiry    uint32           // seconds
	hasExpiry bool
	due       time.Time // when it goes out; zero while the client is connected
}

func newWill(p *wire.Connect, t *terms, now time.Time) *will {
	w := &p.Will
	props := w.Properties
	props.Remove(wire.MessageExpiry, wire.WillDelay)
	pub := wire.Publish{Topic: w.Topic, Payload: w.Payload, QoS: w.QoS, Retain: w.Retain, Properties: props}
	return &will{
		message: message.New(&pub, strings.Clone(t.id), now),
		delay:   w.Properties.WillDelay,
		expiry:  w.Properties.MessageExpiry, hasExpiry: w.Properties.Has(wire.MessageExpiry),
	}
}

// wait returns how long the will waits once the connection is lost: its
// delay, cut at the end of the session.
func (w *will) wait(sessionExpiry uint32) time.Duration {
	return seconds(min(w.delay, sessionExpiry))
}

// make returns the message to publish now.
func (w *will) make(now time.Time) *message.Message {
	m := w.message.Clone()
	if w.hasExpiry {
		m.Expires = now.Add(seconds(w.expiry)).UnixNano()
	}
	return m
}

// stored returns the will as it outlives the process.
func (w *will) stored() *store.Will {
	if w == nil {
		return nil
	}
	s := &store.Will{Message: w.message, Delay: w.delay, Expiry: w.expiry, HasExpiry: w.hasExpiry}
	if !w.due.IsZero() {
		s.Due = w.due.UnixNano()
	}
	return s
}

func restoredWill(s *store.Will) *will {
	if s == nil {
		return nil
	}
	w := &will{message: s.Message, delay: s.Delay, expiry: s.Expiry, hasExpiry: s.HasExpiry}
	if s.Due != 0 {
		w.due = time.Unix(0, s.Due)
	}
	return w
}

// willIsOverdue reports whether the client is away and its will should be out
// by now.
func (cl *client) willIsOverdue(now time.Time) bool {
	cl.mu.Lock()
	defer cl.mu.Unlock()
	return cl.conn.Load() == nil && !cl.gone && cl.will != nil && !cl.will.due.IsZero() && !now.Before(cl.will.due)
}

// publishWill publishes the will of a client that is away, if it still has
// one. The caller has the client's turn.
func (e *Engine) publishWill(cl *client) {
	cl.mu.Lock()
	w := cl.will
	cl.will = nil
	cl.settleUp()
	e.clock.cancel(cl.willDue)
	cl.willDue = nil
	who := cl.identity.Load()
	cl.mu.Unlock()
	if w == nil {
		return
	}
	without := e.sessionOps(cl)            // in one commit with the message: it comes once
	if !e.mayWrite(who, w.message.Topic) { // rules may have changed since CONNECT
		e.record(without...)
		return
	}
	e.log.debug("Sending will of %s to '%s'.", cl.id, w.message.Topic)
	e.publish(w.make(time.Now()), cl, without...)
}

func seconds(n uint32) time.Duration { return time.Duration(n) * time.Second }
