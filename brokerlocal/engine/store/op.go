package store

import (
	"tidings/app"
	"tidings/brokerlocal/engine/message"
)

// Op is one change of what is stored: one of the types below, by value.
//
// Operations about a session that is not there, because it never was or a
// DropSession came first, change nothing. Dropping what is not there changes
// nothing. Putting what is there replaces it.
type Op interface{ op() }

// Session is what is stored of a session beside its lists.
type Session struct {
	Number       uint64 // of this session; never 0, and never used again
	ClientID     string
	User         string
	Version      app.Version
	Expiry       uint32 // seconds after the connection's end, 0xFFFFFFFF: never
	Disconnected int64  // Unix time in nanoseconds of the connection's end; 0: connected
	Will         *Will  // what is to be published for it, nil: nothing
}

// Will is a will that is not yet published.
type Will struct {
	Message *message.Message // its Expires is 0; Number is not used
	Delay   uint32           // seconds [MQTT-3.1.3-9]
	Expiry  uint32           // seconds the message lives from its publication on; meaningful with HasExpiry
	// HasExpiry says that the will has a Message Expiry Interval, 0 included.
	HasExpiry bool
	Due       int64 // Unix time in nanoseconds; 0 while the client is connected
}

// PutSession stores a session, or what is new about it. Its lists are kept.
type PutSession struct{ Session }

// DropSession removes a session with subscriptions, identifiers and queue.
type DropSession struct{ Session uint64 }

// PutSubscription stores a subscription.
type PutSubscription struct {
	Session      uint64
	Subscription app.Subscription // Filter as the client gave it, $share included
	ID           uint32           // subscription identifier, 0: none
}

// DropSubscription removes the subscription with this filter.
type DropSubscription struct {
	Session uint64
	Filter  string
}

// PutQueued stores an entry of a session's queue, and with it the message.
// Sequence numbers start at 1 and are used once.
type PutQueued struct {
	Session, Seq    uint64
	Message         *message.Message
	QoS             app.QoS
	Retain          bool
	SubscriptionIDs []uint32
	Cleared         uint64 // what SetCleared would say with it; 0: nothing
}

// SetReleased says that PUBREC was received for an entry: only the PUBREL is
// left of it, and the message is forgotten.
type SetReleased struct{ Session, Seq uint64 }

// DropQueued removes entries of a queue, because they were acknowledged, have
// expired or were dropped.
type DropQueued struct {
	Session uint64
	Seqs    []uint64
}

// SetCleared says that the entries up to Seq may have been sent.
//
// The next sequence number of a session is one above both Cleared and the
// last entry of its queue.
type SetCleared struct{ Session, Seq uint64 }

// PutInbound stores the packet identifier of a QoS 2 PUBLISH of the client.
type PutInbound struct {
	Session uint64
	ID      uint16
}

// DropInbound removes an identifier, because PUBREL was received for it.
type DropInbound struct {
	Session uint64
	ID      uint16
}

// PutRetained makes Message the one retained for its topic.
type PutRetained struct{ Message *message.Message }

// DropRetained leaves a topic without a retained message.
type DropRetained struct{ Topic string }

func (PutSession) op()       {}
func (DropSession) op()      {}
func (PutSubscription) op()  {}
func (DropSubscription) op() {}
func (PutQueued) op()        {}
func (SetReleased) op()      {}
func (DropQueued) op()       {}
func (SetCleared) op()       {}
func (PutInbound) op()       {}
func (DropInbound) op()      {}
func (PutRetained) op()      {}
func (DropRetained) op()     {}
