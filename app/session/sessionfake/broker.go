package sessionfake

import (
	"errors"
	"slices"
	"sync"
	"time"

	"tidings/app"
	"tidings/app/mqtt/topic"
)

// queueCap bounds what one absent session keeps; what comes later is dropped.
const queueCap = 10_000

// Broker is a broker in memory. It answers at once. Its methods are safe for
// concurrent use; messages are delivered on the publisher's goroutine.
type Broker struct {
	order sync.Mutex // held around deliveries: they keep their order
	mu    sync.Mutex

	links    map[string]*link // by client identifier
	sessions map[string]*session
	retained map[string]app.Publish
	attempts []app.ConnectOptions
	refuse   error
	user     string
	password app.Secret
	denied   []string
	stall    chan struct{}
}

// session is what outlives a link.
type session struct {
	subs  []app.Subscription
	queue []app.Message
	keep  bool
}

// link is one connection.
type link struct {
	client *Client
	opts   app.ConnectOptions
	*session
}

// NewBroker returns a broker that takes everybody.
func NewBroker() *Broker {
	return &Broker{links: map[string]*link{}, sessions: map[string]*session{}, retained: map[string]app.Publish{}}
}

// Refuse makes every Connect from now on fail with err; nil takes them again.
func (b *Broker) Refuse(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.refuse = err
}

// RequireUser takes only user with password from now on.
func (b *Broker) RequireUser(user string, password app.Secret) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.user, b.password = user, password
}

// Deny refuses, from now on, a SUBSCRIBE of exactly this filter and a PUBLISH
// to exactly this topic.
func (b *Broker) Deny(filter string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.denied = append(b.denied, filter)
}

// Stall makes Connect wait from now on, as with a broker that does not
// answer, until its context or the client ends, or resume is called.
func (b *Broker) Stall() (resume func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	ch := make(chan struct{})
	b.stall = ch
	return sync.OnceFunc(func() {
		b.mu.Lock()
		b.stall = nil
		b.mu.Unlock()
		close(ch)
	})
}

// Cut breaks every link; the clients report EventDown with err.
func (b *Broker) Cut(err error) {
	b.endAll(app.Event{Kind: app.EventDown, Err: err})
}

// Disconnect says goodbye to everybody, as an MQTT 5 broker does.
func (b *Broker) Disconnect(r app.ReasonCode, text string) {
	b.endAll(
		app.Event{Kind: app.EventServerDisconnect, Reason: r, ReasonString: text},
		app.Event{Kind: app.EventDown, Reason: r, ReasonString: text, Err: errors.New("the broker sent DISCONNECT")},
	)
}

func (b *Broker) endAll(events ...app.Event) {
	b.mu.Lock()
	var wills []app.Publish
	for _, l := range b.links {
		wills = append(wills, b.end(l, true)...)
		l.client.down(l, events)
	}
	b.mu.Unlock()
	for _, w := range wills {
		b.Publish(w)
	}
}

// Forget drops every session without a link, as a broker that was restarted
// without persistence does.
func (b *Broker) Forget() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for id := range b.sessions {
		if b.links[id] == nil {
			delete(b.sessions, id)
		}
	}
}

// Attempts returns the options of every Connect so far, refused ones too.
func (b *Broker) Attempts() []app.ConnectOptions {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.attempts)
}

// Subscriptions returns what the session of a client identifier holds.
func (b *Broker) Subscriptions(clientID string) []app.Subscription {
	b.mu.Lock()
	defer b.mu.Unlock()
	if s := b.sessions[clientID]; s != nil {
		return slices.Clone(s.subs)
	}
	return nil
}

// Publish delivers p as if a client had sent it.
func (b *Broker) Publish(p app.Publish) { b.publish(p, nil) }

func (b *Broker) publish(p app.Publish, from *session) {
	b.order.Lock()
	defer b.order.Unlock()
	b.mu.Lock()
	if p.Retain {
		if len(p.Payload) == 0 {
			delete(b.retained, p.Topic)
		} else {
			b.retained[p.Topic] = p
		}
	}
	type delivery struct {
		sink app.Sink
		m    app.Message
	}
	var out []delivery
	for id, s := range b.sessions {
		sub, ok := s.match(p.Topic)
		if !ok || sub.NoLocal && s == from {
			continue
		}
		m := message(p, sub.QoS, p.Retain && sub.RetainAsPublished)
		switch l := b.links[id]; {
		case l != nil:
			out = append(out, delivery{l.opts.Sink, m.versioned(l.opts.Version)})
		case m.QoS > app.QoS0 && len(s.queue) < queueCap:
			s.queue = append(s.queue, app.Message(m))
		}
	}
	b.mu.Unlock()
	for _, d := range out {
		d.sink.Deliver([]app.Message{d.m})
	}
}

// match returns the subscription with the highest QoS that takes a topic.
func (s *session) match(name string) (best app.Subscription, ok bool) {
	for _, sub := range s.subs {
		if topic.Match(sub.Filter, name) && (!ok || sub.QoS > best.QoS) {
			best, ok = sub, true
		}
	}
	return best, ok
}

type sent app.Message

func message(p app.Publish, granted app.QoS, retained bool) sent {
	return sent{
		Topic: p.Topic, Payload: slices.Clone(p.Payload), QoS: min(p.QoS, granted),
		Retained: retained, Received: time.Now(), Properties: p.Properties,
	}
}

// versioned drops what the version does not carry.
func (m sent) versioned(v app.Version) app.Message {
	if v != app.V5 {
		m.Properties = nil
	} else if m.Properties != nil {
		p := *m.Properties
		m.Properties = &p
	}
	return app.Message(m)
}

// end takes a link away and returns the will, if it is to go out. mu is held.
func (b *Broker) end(l *link, will bool) []app.Publish {
	id := l.opts.ClientID
	if b.links[id] != l {
		return nil
	}
	delete(b.links, id)
	if !l.keep {
		delete(b.sessions, id)
	}
	if w := l.opts.Will; w != nil && will {
		return []app.Publish{{Topic: w.Topic, Payload: w.Payload, QoS: w.QoS, Retain: w.Retain}}
	}
	return nil
}
