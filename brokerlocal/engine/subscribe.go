package engine

import (
	"slices"
	"strings"

	"tidings/app"
	"tidings/app/mqtt/wire"
	"tidings/brokerlocal/engine/store"
	"tidings/brokerlocal/engine/topics"
)

// onSubscribe takes a SUBSCRIBE: each filter is judged alone, SUBACK comes
// when what was granted is stored, and retained messages follow it.
func (c *connection) onSubscribe(p *wire.Subscribe) error {
	e := c.engine
	if c.debug {
		e.log.debug("Received SUBSCRIBE from %s", c.name())
	}
	id := uint32(0)
	if p.Properties.Has(wire.SubscriptionID) {
		id = p.Properties.SubscriptionIDs[0]
	}
	ack := &wire.SubAck{ID: p.ID, Reasons: make([]byte, 0, len(p.Filters))}
	var ops []store.Op
	undo := make([]func(), 0, len(p.Filters)) // what could not be stored has not happened
	replays := make([]app.Subscription, 0, len(p.Filters))
	for _, s := range p.Filters {
		s.Filter = strings.Clone(s.Filter)
		if reason := c.judge(&s); reason.IsError() {
			e.log.debug("\t%s (QoS %d), refused: %s", s.Filter, int(s.QoS), reason.String())
			ack.Reasons = append(ack.Reasons, c.refusal(&s, reason))
			continue
		}
		old, ok := c.client.subscribe(s, id)
		if !ok {
			ack.Reasons = append(ack.Reasons, c.refusal(&s, reasonQuota))
			continue
		}
		if c.debug {
			e.log.debug("\t%s (QoS %d)", s.Filter, int(s.QoS))
		}
		n := len(ack.Reasons)
		undo = append(undo, func() {
			c.client.resubscribe(s.Filter, old)
			ack.Reasons[n] = c.refusal(&s, reasonQuota)
		})
		ack.Reasons = append(ack.Reasons, byte(s.QoS))
		if s.RetainHandling == 0 || s.RetainHandling == 1 && old == nil {
			replays = append(replays, s)
		}
		if c.client.durable() {
			ops = append(ops, store.PutSubscription{Session: c.client.number, Subscription: s, ID: id})
		}
	}
	if err := c.commit(ops); err != nil {
		takeBack(undo)
		replays = nil
	}
	if c.debug {
		e.log.debug("Sending SUBACK to %s", c.name())
	}
	if err := c.send(ack); err != nil {
		c.client.joined()
		return err
	}
	for _, s := range replays {
		c.client.startReplay(s.Filter, s.QoS, id)
	}
	c.client.joined()
	return c.goOn()
}

// goOn sends what the session may send now.
func (c *connection) goOn() error {
	cl := c.client
	cl.mu.Lock()
	defer cl.mu.Unlock()
	if cl.conn.Load() != c {
		return errTaken
	}
	if cl.pump(c.now) != nil {
		c.touch(c)
	}
	return nil
}

// commit waits until operations are safe; what the batch has appended so far
// does not wait with it.
func (c *connection) commit(ops []store.Op) error {
	if len(ops) == 0 {
		return nil
	}
	c.flush()
	c.link.Settle() // what is published meanwhile finds the subscriptions
	return c.engine.commit(ops...)
}

// judge says whether the client may subscribe.
func (c *connection) judge(s *app.Subscription) app.ReasonCode {
	e := c.engine
	switch {
	case slices.Contains(e.cfg.RefuseSubscribe, s.Filter):
		return app.ReasonUnspecified
	case strings.Count(s.Filter, "/") >= e.cfg.Limits.TopicLevels:
		return reasonFilterInvalid
	case !e.cfg.Authorizer.Subscribe(c.identity.Load(), s.Filter):
		return app.ReasonNotAuthorized
	}
	return app.ReasonSuccess
}

// refusal is how SUBACK says no. MQTT 3.1 cannot: it grants what it will
// never deliver.
func (c *connection) refusal(s *app.Subscription, reason app.ReasonCode) byte {
	if c.version == app.V31 {
		return byte(s.QoS)
	}
	return byte(reason)
}

// takeBack undoes what was done, the last first: a packet may name a filter
// twice.
func takeBack(undo []func()) {
	for _, f := range slices.Backward(undo) {
		f()
	}
}

// subscribe adds a subscription, or replaces the one to the same filter
// [MQTT-3.8.4-3] and returns that one's options. ok is false when the client
// has too many.
func (cl *client) subscribe(s app.Subscription, id uint32) (old *topics.Options, ok bool) {
	o := topics.Options{QoS: s.QoS, NoLocal: s.NoLocal, RetainAsPublished: s.RetainAsPublished, ID: id}
	cl.mu.Lock()
	defer cl.mu.Unlock()
	if cl.gone {
		return nil, true // taken over: nobody will miss it
	}
	if was, existed := cl.filters[s.Filter]; existed {
		old = &was
	} else if len(cl.filters) >= cl.engine.cfg.Limits.Subscriptions || cl.named+len(s.Filter) > filterBytes || !cl.affordFilter(s.Filter) {
		return nil, false
	}
	cl.remember(s.Filter, o)
	if s.RetainHandling == 0 || s.RetainHandling == 1 && old == nil {
		cl.joining = append(cl.joining, s.Filter)
	}
	cl.engine.index.Subscribe(s.Filter, cl, o)
	return old, true
}

// filterBytes is how long the filters of one client may be together: without
// it, ten thousand of the longest are more than all queues may hold.
const filterBytes = 4 << 20

// remember notes a subscription. The caller holds mu.
func (cl *client) remember(filter string, o topics.Options) {
	if cl.filters == nil {
		cl.filters = make(map[string]topics.Options)
	}
	if _, existed := cl.filters[filter]; !existed {
		cl.named += len(filter)
		cl.filed += sizeOfFilter(filter)
	}
	cl.filters[filter] = o
}

// resubscribe makes a subscription what it was; nil: there was none.
func (cl *client) resubscribe(filter string, o *topics.Options) {
	if o == nil {
		cl.unsubscribe(filter)
		return
	}
	cl.mu.Lock()
	defer cl.mu.Unlock()
	if !cl.gone {
		cl.remember(filter, *o)
		cl.settleUp()
		cl.engine.index.Subscribe(filter, cl, *o)
	}
}

func (cl *client) unsubscribe(filter string) (o topics.Options, existed bool) {
	cl.mu.Lock()
	defer cl.mu.Unlock()
	if o, existed = cl.filters[filter]; existed {
		delete(cl.filters, filter)
		cl.named -= len(filter)
		cl.filed -= sizeOfFilter(filter)
		cl.settleUp()
		cl.engine.index.Unsubscribe(filter, cl)
		cl.replays = slices.DeleteFunc(cl.replays, func(r replay) bool { return r.filter == filter })
	}
	return o, existed
}

// onUnsubscribe takes an UNSUBSCRIBE.
func (c *connection) onUnsubscribe(p *wire.Unsubscribe) error {
	e := c.engine
	if c.debug {
		e.log.debug("Received UNSUBSCRIBE from %s", c.name())
	}
	ack := &wire.UnsubAck{ID: p.ID}
	var ops []store.Op
	var undo []func()
	for _, f := range p.Filters {
		if c.debug {
			e.log.debug("\t%s", f)
		}
		o, existed := c.client.unsubscribe(f)
		if c.version == app.V5 {
			reason := app.ReasonSuccess
			if !existed {
				reason = reasonNoSubscription
			}
			ack.Reasons = append(ack.Reasons, byte(reason))
		}
		if existed && c.client.durable() {
			f = strings.Clone(f)
			ops = append(ops, store.DropSubscription{Session: c.client.number, Filter: f})
			undo = append(undo, func() { c.client.resubscribe(f, &o) })
		}
	}
	if err := c.commit(ops); err != nil {
		takeBack(undo)
		return endingf(reasonQuota, "the end of a subscription could not be stored")
	}
	if c.debug {
		e.log.debug("Sending UNSUBACK to %s", c.name())
	}
	return c.send(ack)
}
