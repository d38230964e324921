package engine

import (
	"time"

	"tidings/app"
	"tidings/brokerlocal/engine/message"
	"tidings/brokerlocal/engine/topics"
)

// Snapshot is the state of an engine at one moment. What belongs to $SYS is
// not counted.
type Snapshot struct {
	Since         time.Time
	Clients       int // connected
	Away          int // sessions without a connection
	Subscriptions int
	Retained      int

	MessagesIn, MessagesOut uint64 // PUBLISH packets
	BytesIn, BytesOut       uint64 // of all packets
	Dropped                 Dropped
	Refused                 uint64 // connections cut for what they sent, or too many of them
	Faults                  uint64 // panics caught while serving a connection
}

// Snapshot returns the present state.
func (e *Engine) Snapshot() Snapshot {
	c := &e.count
	connected := int(e.present.Load())
	retained, _ := e.retained.Figures()
	return Snapshot{
		Since: e.began, Clients: connected, Away: max(0, e.registry.len()-connected),
		Subscriptions: e.index.Len(), Retained: retained,
		MessagesIn: c.publishIn.Load(), MessagesOut: c.publishOut.Load(),
		BytesIn: c.bytesIn.Load(), BytesOut: c.bytesOut.Load(),
		Dropped: c.dropped(), Refused: c.refused.Load(), Faults: c.faults.Load(),
	}
}

// Client is a session with or without a connection.
type Client struct {
	ID        string
	User      string // "" when it gave none
	Version   app.Version
	Connected bool

	// Of the connection; zero for a session that is away:
	Address                 string // of the peer, "host:port"
	Clean                   bool   // Clean Session or Clean Start of its CONNECT
	KeepAlive               time.Duration
	Since                   time.Time
	MessagesIn, MessagesOut uint64 // PUBLISH packets
	BytesIn, BytesOut       uint64 // of all packets
	WaitingBytes            int    // written to the link and not to the network

	// Of the session:
	Away     time.Time // since when it has no connection
	Expires  time.Time // when it ends; zero: not by itself, or not while connected
	Queued   int       // QoS 1 and 2 messages held for it, in flight or waiting
	InFlight int       // of these, sent and not acknowledged
	Dropped  uint64    // messages it did not get
	Filters  int       // subscriptions
}

// Clients returns the clients that are connected, in no order.
func (e *Engine) Clients() []Client { return e.clients(true) }

// Sessions returns the sessions that are away, in no order.
func (e *Engine) Sessions() []Client { return e.clients(false) }

func (e *Engine) clients(connected bool) []Client {
	var list []Client
	for _, cl := range e.registry.all() {
		if c, ok := cl.view(); ok && c.Connected == connected {
			list = append(list, c)
		}
	}
	return list
}

func (cl *client) view() (Client, bool) {
	cl.mu.Lock()
	defer cl.mu.Unlock()
	if cl.gone {
		return Client{}, false
	}
	stats := cl.session.Stats()
	v := Client{
		ID: cl.id, Version: cl.version, Away: cl.away,
		Queued: stats.Messages, InFlight: stats.InFlight, Dropped: cl.lost.Load(), Filters: len(cl.filters),
	}
	if who := cl.identity.Load(); who != nil {
		v.User = who.User
	}
	c := cl.conn.Load()
	if c == nil {
		if cl.expiry != never {
			v.Expires = cl.away.Add(seconds(cl.expiry))
		}
		return v, true
	}
	traffic := c.link.Stats()
	v.Connected, v.Address, v.Since, v.Clean = true, c.address, c.since, c.terms.clean
	v.KeepAlive = time.Duration(c.terms.keepAlive) * time.Second
	v.MessagesIn, v.MessagesOut = c.received.Load(), c.sent.Load()
	v.BytesIn, v.BytesOut = uint64(traffic.BytesIn), uint64(traffic.BytesOut)
	_, v.WaitingBytes = c.link.Pending()
	return v, true
}

// Subscription is one subscription as the broker sees it.
type Subscription struct {
	Client string
	Filter string // "$share/…" where it is shared
	topics.Options
}

// Subscriptions returns all subscriptions, in no order.
func (e *Engine) Subscriptions() []Subscription {
	var list []Subscription
	for _, cl := range e.registry.all() {
		cl.mu.Lock()
		for f, o := range cl.filters {
			list = append(list, Subscription{Client: cl.id, Filter: f, Options: o})
		}
		cl.mu.Unlock()
	}
	return list
}

// Retained returns up to n retained messages in the order of their topics,
// from the first one after the topic after; "" is before all.
func (e *Engine) Retained(after string, n int) []*message.Message {
	return e.retained.Page(after, n)
}
