package engine

import (
	"slices"
	"strings"
	"time"

	"tidings/app"
	"tidings/brokerlocal/engine/message"
	"tidings/brokerlocal/engine/topics"
)

// A member of a shared subscription that leaves for good leaves the QoS 1
// messages that it has not acknowledged to another member (MQTT 5.0 §4.8.2).
// Those of QoS 2 go with it: it may have them already [MQTT-4.8.2-5].

// bequest is a message and the group that another member of gets it.
type bequest struct {
	message *message.Message
	group   *topics.Group[*client]
}

// unacknowledged returns the QoS 1 messages of a member of a shared
// subscription, in order. The caller holds mu, and the session has not ended.
func (cl *client) unacknowledged() (list []*message.Message) {
	if cl.shares() {
		cl.session.Unacknowledged(func(m *message.Message) { list = append(list, m) })
	}
	return list
}

// shares reports whether the client is a member of a group. The caller holds
// mu.
func (cl *client) shares() bool {
	for filter := range cl.filters {
		if strings.HasPrefix(filter, "$share/") {
			return true
		}
	}
	return false
}

// bequests finds out which messages of a client came by a shared subscription,
// while it is still a member. Where it has two subscriptions to a topic nobody
// can tell by which one a message came, so it is left to nobody.
func (e *Engine) bequests(cl *client, left []*message.Message) []bequest {
	var list []bequest
	var matches topics.Matches[*client]
	known := make(map[string]*topics.Group[*client])
	for _, m := range left {
		g, ok := known[m.Topic]
		if !ok {
			e.index.Match(m.Topic, &matches)
			g = onlyGroup(cl, &matches)
			known[m.Topic] = g
		}
		if g != nil {
			list = append(list, bequest{m, g})
		}
	}
	return list
}

// onlyGroup returns the shared group that is all a client gets messages by,
// else nil.
func onlyGroup(cl *client, m *topics.Matches[*client]) (only *topics.Group[*client]) {
	if slices.ContainsFunc(m.Receivers, func(r topics.Receiver[*client]) bool { return r.Session == cl }) {
		return nil
	}
	for _, g := range m.Groups {
		if !slices.ContainsFunc(g.Members(), func(m topics.Member[*client]) bool { return m.Session == cl }) {
			continue
		}
		if only != nil {
			return nil
		}
		only = g
	}
	return only
}

// bequeath gives the messages of a client that has left its groups to other
// members. Without any they are gone.
func (e *Engine) bequeath(list []bequest) {
	if len(list) == 0 {
		return
	}
	x := newRouter(e, nil, func(c *connection) { c.link.Kick() })
	x.debug = e.log.debugs()
	for _, b := range list {
		rc, ok := x.heir(b.group, b.message.Topic)
		switch {
		case !ok:
		case e.journal != nil:
			_ = e.push(&publication{engine: e, message: b.message, to: []receiver{rc}, late: true, left: true}) // closed: it is still in the store
		default:
			x.hand(&rc, b.message, time.Now())
			x.frames.reset()
		}
	}
	e.count.add(&x.tally)
}

// heir is pick for what another member has left. While the broker stops, it
// has to be a session that outlives it.
func (x *router) heir(g *topics.Group[*client], topic string) (receiver, bool) {
	x.topic = topic
	stopping := x.engine.stopping()
	stays := func(m topics.Member[*client]) bool {
		return !m.Session.over() && (!stopping || m.Session.durable() && m.Options.QoS > app.QoS0)
	}
	m, ok := g.Pick(func(m topics.Member[*client]) bool { return x.online(m) && stays(m) })
	if !ok {
		m, ok = g.Pick(func(m topics.Member[*client]) bool { return x.keeps(m) && stays(m) })
	}
	return receiverOf(g, &m), ok
}

// passOn gives a message to another member of its group because the session
// it was on its way to has ended. It waits for nobody: the message may have
// been acknowledged already. A kill before it is stored loses nothing that a
// store held: a session that is stored goes from the store behind it
// (endSession), and with one that is not, all it had would have been lost.
func (e *Engine) passOn(rc *receiver, m *message.Message) {
	if rc.group != nil {
		e.bequeath([]bequest{{m, rc.group}})
	}
}

// over reports whether the session has ended.
func (cl *client) over() bool {
	cl.mu.Lock()
	defer cl.mu.Unlock()
	return cl.gone
}
