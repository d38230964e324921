package topics

import "tidings/app"

// Options are what one subscription asks for (MQTT 5.0 §3.8.3.1). A 3.x
// subscription has a QoS alone.
type Options struct {
	QoS               app.QoS
	NoLocal           bool
	RetainAsPublished bool
	ID                uint32 // the subscription identifier; 0: none
}

// Copy is what one receiver gets of one message.
type Copy struct {
	Deliver           bool    // false: nothing at all, the rest is zero
	QoS               app.QoS // the highest of its matching subscriptions [MQTT-3.3.4-2]
	RetainAsPublished bool    // keep the RETAIN flag of the PUBLISH
	SubscriptionIDs   []uint32
}

func (c *Copy) merge(o Options) {
	c.Deliver = true
	c.QoS = max(c.QoS, o.QoS)
	c.RetainAsPublished = c.RetainAsPublished || o.RetainAsPublished
}

// Receiver is one session with all its matching subscriptions merged: it gets
// one copy, however many of them overlap.
type Receiver[S comparable] struct {
	Session S
	All     Copy // of a message that someone else published
	Own     Copy // of a message of its own: without its no-local subscriptions [MQTT-3.8.3-3]
}

// For returns the copy of a message that publisher sent.
func (r *Receiver[S]) For(publisher S) *Copy {
	if r.Session == publisher {
		return &r.Own
	}
	return &r.All
}

// Member is one session's part in a shared group.
type Member[S comparable] struct {
	Session S
	Options Options
}

// Subscription is one row of a listing.
type Subscription[S comparable] struct {
	Session S
	Filter  string // as subscribed, with "$share/group/" where it is shared
	Options Options
}
