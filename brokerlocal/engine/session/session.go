package session

import (
	"math"

	"tidings/app"
	"tidings/app/mqtt/wire"
	"tidings/brokerlocal/engine/message"
)

// Config is what the sessions of a broker have in common.
type Config struct {
	Messages int   // that one session may hold, in flight or waiting
	Bytes    int64 // of these messages
	InFlight int   // most deliveries in flight to one client, beside its own Receive Maximum; 1 to 65,535
	Budget   *Budget
}

// Delivery is a message on its way to one client.
type Delivery struct {
	Message         *message.Message
	QoS             app.QoS // the lower one of message and subscription
	Retain          bool    // RETAIN of the PUBLISH that is sent
	SubscriptionIDs []uint32
}

// Connection is what a session must know of the connection it gets.
type Connection struct {
	Version        app.Version
	ReceiveMaximum uint16 // of the client (MQTT 5.0 §3.1.2.11.3); 0: it named none
	MaximumPacket  uint32 // of the client, in bytes (MQTT 5.0 §3.1.2.11.4); 0: it named none
	Inbound        uint16 // most QoS 2 messages of the client's that wait for PUBREL, as the server's Receive Maximum told it; 0: 3.x, no bound
}

// Session is the delivery state of one session. Make one by New; its owner
// locks.
type Session struct {
	config  *Config
	dropped func(seq uint64, m *message.Message, why Cause)
	durable bool

	connection Connection
	online     bool
	ended      bool
	window     int   // most deliveries in flight on this connection
	used       int   // deliveries in flight on this connection: entries below next
	maxPacket  int64 // largest packet the client takes

	queue    queue
	count    int   // of entries, with those reserved
	inFlight int   // entries up to sent
	bytes    int64 // of count messages

	next    uint64 // no entry from next on was sent on this connection
	sent    uint64 // highest number that was ever sent
	cleared uint64 // highest number that may be sent
	asked   uint64 // cleared as it will be when what Raise returned is stored
	wanted  bool   // Wants was true, and Raise not called yet
	put     uint64 // highest number in the queue so far
	last    uint64 // highest number given to a delivery

	earliest int64 // no entry expires before, Unix nanoseconds; 0: none does
	swept    int64 // when Expire last looked at all of them

	inbound map[uint16]bool // Settled
	drops   [causes]uint64
}

// New returns the empty session of a client that is not connected. durable
// says that a store holds it as well: see Reserve, Raise and PubRec. dropped
// is called for every queued delivery that leaves the session without having
// been delivered, so that the store can drop it too; it may be nil and must
// not call the session.
func New(config *Config, durable bool, dropped func(seq uint64, m *message.Message, why Cause)) *Session {
	s := &Session{config: config, durable: durable, dropped: dropped}
	if !durable {
		s.cleared = math.MaxUint64
	}
	return s
}

// Durable reports whether a store holds the session.
func (s *Session) Durable() bool { return s.durable }

// Online reports whether the client is connected.
func (s *Session) Online() bool { return s.online }

// Connected begins a connection, also in place of another. Next then repeats
// first what is in flight: in the old order, PUBLISH with its old identifier
// and DUP, PUBREL where PUBREC came [MQTT-4.4.0-1].
func (s *Session) Connected(c Connection) {
	s.Disconnected()
	s.connection, s.online = c, true
	s.window = s.config.InFlight
	if c.ReceiveMaximum != 0 {
		s.window = min(s.window, int(c.ReceiveMaximum))
	}
	if c.Inbound == 0 {
		s.connection.Inbound = math.MaxUint16
	}
	s.maxPacket = wire.MaxRemaining + 5
	if c.MaximumPacket != 0 {
		s.maxPacket = min(s.maxPacket, int64(c.MaximumPacket))
	}
}

// Disconnected ends a connection.
func (s *Session) Disconnected() {
	s.online = false
	s.used, s.next = 0, 0
	if len(s.inbound) == 0 {
		s.inbound = nil
	}
}

// End gives everything back to the Budget. The session is empty afterwards
// and takes nothing any more; what is still reserved may be Put or abandoned.
func (s *Session) End() {
	s.Disconnected()
	s.ended = true
	s.queue.sweep(0, s.config.Budget, func(uint64, *entry) bool { return true })
	s.config.Budget.Give(s.bytes)
	s.count, s.inFlight, s.bytes, s.inbound = 0, 0, 0, nil
}

// Unacknowledged calls f, in order, for every message of QoS 1 that waits to
// be sent or acknowledged.
func (s *Session) Unacknowledged(f func(*message.Message)) {
	for seq, e := s.queue.first(0); e != nil; seq, e = s.queue.first(seq + 1) {
		if e.qos == app.QoS1 && e.message != nil {
			f(e.message)
		}
	}
}

// Stats are a session's figures.
type Stats struct {
	Messages int   // held, in flight or waiting
	Bytes    int64 // of them
	InFlight int   // sent and not acknowledged to the end
	Inbound  int   // QoS 2 messages of the client that wait for PUBREL
	Dropped  [causes]uint64
}

// Stats returns the session's figures.
func (s *Session) Stats() Stats {
	return Stats{Messages: s.count, Bytes: s.bytes, InFlight: s.inFlight, Inbound: len(s.inbound), Dropped: s.drops}
}

// packetID returns the packet identifier of a delivery.
func packetID(seq uint64) uint16 { return uint16((seq-1)%math.MaxUint16) + 1 }

// size is what a delivery is accounted with: its message, and its entry.
func size(m *message.Message) int64 { return int64(m.Size()) + 40 }

// drop removes an entry that will not be delivered.
func (s *Session) drop(seq uint64, e *entry, why Cause) {
	m := e.message
	s.remove(seq, e)
	s.note(seq, m, why)
}

// note counts a queued delivery that was dropped, and tells the owner.
func (s *Session) note(seq uint64, m *message.Message, why Cause) {
	s.drops[why]++
	if s.dropped != nil {
		s.dropped(seq, m, why)
	}
}

// remove takes an entry out.
func (s *Session) remove(seq uint64, e *entry) {
	s.forget(seq, e)
	s.queue.remove(seq, s.config.Budget)
}

// forget takes an entry out of the figures.
func (s *Session) forget(seq uint64, e *entry) {
	s.lighten(e)
	s.count--
	if seq < s.next {
		s.used--
	}
	if seq <= s.sent {
		s.inFlight--
	}
}

// lighten lets go of an entry's message.
func (s *Session) lighten(e *entry) {
	if e.message == nil {
		return
	}
	n := size(e.message)
	s.bytes -= n
	s.config.Budget.Give(n)
	e.message, e.ids = nil, nil
}
