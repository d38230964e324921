package engine

import (
	"strings"

	"tidings/app"
	"tidings/brokerlocal/engine/message"
	"tidings/brokerlocal/engine/topics"
)

// route is where the messages of one topic go when one publisher sends them.
type route struct {
	topic      string
	generation uint64                   // of the world it was found in
	allowed    bool                     // the publisher may write to the topic
	system     bool                     // the topic is below $SYS
	receivers  []receiver               // never changed: publications keep it
	groups     []*topics.Group[*client] // shared subscriptions: one member of each
	durable    bool                     // a stored session may receive it with QoS > 0
}

// receiver is one client that gets a copy.
type receiver struct {
	client      *client
	group       *topics.Group[*client] // it was picked of; nil: it has subscribed itself
	qos         app.QoS
	asPublished bool
	ids         []uint32
}

// router finds routes and remembers them, for one publisher at a time.
type router struct {
	engine    *Engine
	publisher *client
	known     map[string]*route
	kept      int  // receivers in known, about
	counted   bool // known counts in Engine.routes
	last      *route
	matches   topics.Matches[*client]

	// What is handed to links, and to whom to tell it:
	borrowed message.Borrowed
	frames   frames
	own      []byte
	tally    tally
	touch    func(*connection) // something was appended to its link
	debug    bool              // packets are logged
	quiet    bool              // nothing is counted: it is $SYS itself

	// For choosing a member of a shared group without making a closure:
	topic         string
	online, keeps func(topics.Member[*client]) bool
}

const (
	knownRoutes = 16 << 10  // routes that a router remembers
	keptHeads   = 256 << 10 // receivers of these routes together
	allRoutes   = 256 << 10 // routes of all publishers together, but for fewRoutes of each
	fewRoutes   = 64
	longTopic   = 256 // bytes of a topic above which its route is not remembered
)

// newRouter returns a router for the messages of a client, nil for nobody's;
// touch is told to which links something was appended.
func newRouter(e *Engine, publisher *client, touch func(*connection)) *router {
	x := &router{engine: e, publisher: publisher, touch: touch}
	able := func(cl *client) bool { return e.cfg.Authorizer.Read(cl.identity.Load(), x.topic) }
	x.online = func(m topics.Member[*client]) bool { return m.Session.conn.Load() != nil && able(m.Session) }
	x.keeps = func(m topics.Member[*client]) bool { return m.Options.QoS > app.QoS0 && able(m.Session) }
	return x
}

// generation changes whenever a route may: with a subscription, a rule, or
// who somebody is. Each of the counters only grows, and so does their sum.
func (e *Engine) generation() uint64 {
	return e.index.Generation() + e.cfg.Authorizer.Generation() + e.identities.Load()
}

// find returns the route of a topic, which may alias a buffer. It is good
// until the next find.
func (x *router) find(topic string) *route {
	generation := x.engine.generation()
	r := x.last
	if r == nil || r.topic != topic {
		r = x.known[topic]
	}
	if r == nil {
		r = x.remember(topic)
	} else if r.generation == generation {
		x.last = r
		return r
	}
	x.build(r, generation)
	x.last = nil
	if len(topic) <= longTopic {
		x.last = r
	}
	return r
}

func (x *router) remember(topic string) *route {
	if len(topic) > longTopic {
		return &route{topic: topic}
	}
	n := len(x.known)
	if n >= knownRoutes || x.kept >= keptHeads || n >= fewRoutes && x.engine.routes.Load() >= allRoutes {
		x.forget()
	}
	if x.known == nil {
		x.known = make(map[string]*route)
	}
	if x.counted {
		x.engine.routes.Add(1)
	}
	r := &route{topic: strings.Clone(topic)}
	x.known[r.topic] = r
	return r
}

// forget lets all routes go.
func (x *router) forget() {
	if x.counted {
		x.engine.routes.Add(-int64(len(x.known)))
	}
	x.known, x.kept = nil, 0
}

func (x *router) build(r *route, generation uint64) {
	e := x.engine
	r.generation = generation
	r.system = isSystem(r.topic)
	r.allowed = x.publisher == nil || e.mayWrite(x.publisher.identity.Load(), r.topic)
	r.durable = false
	x.kept -= len(r.receivers)
	e.index.Match(r.topic, &x.matches)
	r.receivers, r.groups = make([]receiver, 0, len(x.matches.Receivers)), r.groups[:0]
	for i := range x.matches.Receivers {
		m := &x.matches.Receivers[i]
		c := m.For(x.publisher)
		if !c.Deliver || !e.cfg.Authorizer.Read(m.Session.identity.Load(), r.topic) {
			continue
		}
		rc := receiver{client: m.Session, qos: c.QoS, asPublished: c.RetainAsPublished}
		if len(c.SubscriptionIDs) > 0 {
			rc.ids = append(rc.ids, c.SubscriptionIDs...)
		}
		r.receivers = append(r.receivers, rc)
		r.durable = r.durable || rc.qos > 0 && m.Session.durable()
	}
	x.kept += len(r.receivers)
	for _, g := range x.matches.Groups {
		r.groups = append(r.groups, g)
		for _, m := range g.Members() {
			r.durable = r.durable || m.Options.QoS > 0 && m.Session.durable()
		}
	}
}

// empty reports whether nobody has subscribed.
func (r *route) empty() bool { return len(r.receivers)+len(r.groups) == 0 }

// pick returns the member of a shared group whose turn it is: one that is
// connected, or else one that keeps a queue (MQTT 5.0 §4.8.2).
func (x *router) pick(g *topics.Group[*client], topic string, qos app.QoS) (receiver, bool) {
	x.topic = topic
	m, ok := g.Pick(x.online)
	if !ok && qos > 0 {
		m, ok = g.Pick(x.keeps)
	}
	return receiverOf(g, &m), ok
}

// receiverOf is the receiver that a member of a shared group is.
func receiverOf(g *topics.Group[*client], m *topics.Member[*client]) receiver {
	rc := receiver{client: m.Session, group: g, qos: m.Options.QoS, asPublished: m.Options.RetainAsPublished}
	if m.Options.ID != 0 {
		rc.ids = []uint32{m.Options.ID}
	}
	return rc
}

// receivers returns everyone a message of this QoS goes to, shared groups
// included, to be kept and not to be changed.
func (x *router) receivers(r *route, qos app.QoS) []receiver {
	if len(r.groups) == 0 {
		return r.receivers
	}
	list := make([]receiver, 0, len(r.receivers)+len(r.groups))
	list = append(list, r.receivers...)
	for _, g := range r.groups {
		if rc, ok := x.pick(g, r.topic, qos); ok {
			list = append(list, rc)
		}
	}
	return list
}

// isSystem reports whether a topic belongs to the broker itself.
func isSystem(topic string) bool {
	return strings.HasPrefix(topic, "$SYS") && (len(topic) == 4 || topic[4] == '/')
}
