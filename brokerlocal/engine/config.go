package engine

import (
	"log/slog"
	"net"
	"time"

	"tidings/brokerlocal/engine/auth"
	"tidings/brokerlocal/engine/store"
)

// Config says how an Engine behaves. The zero value is a broker in memory
// that lets everyone in.
type Config struct {
	// Store keeps what shall outlive the process; nil keeps nothing. The
	// engine closes it.
	Store store.Store

	Authenticator auth.Authenticator // nil: everyone may connect
	Enhanced      auth.Enhanced      // nil: no authentication method is known
	Authorizer    auth.Authorizer    // nil: everything but writing $SYS is allowed

	Limits Limits

	// ConnectTimeout is how long a connection may stand without CONNECT.
	ConnectTimeout time.Duration
	// ServerKeepAlive, in seconds, is imposed on MQTT 5 clients that ask for
	// none or a longer one [MQTT-3.1.2-21]; 0 imposes nothing.
	ServerKeepAlive uint16
	// RefuseSubscribe are filters that are refused with 0x80 whoever asks.
	RefuseSubscribe []string
	// ResponseTopics is the level below which an MQTT 5 client that asks for
	// Response Information is told topics of its own: "response/dev1/".
	ResponseTopics string

	// SysInterval is the time between two rounds of $SYS; negative: none.
	SysInterval time.Duration
	// Version is what $SYS/broker/version says.
	Version string

	// Log takes the broker's log; nil discards it.
	Log *slog.Logger
	// Changed is called after a client came or went; it must return at once.
	// It is called without locks held, from several goroutines. nil: nobody.
	Changed func()
	// Tap may put something between the engine and a new connection, such as
	// an observer of frames or a fault; nil leaves connections as they are.
	Tap func(net.Conn) net.Conn
}

// Limits bound what clients may make the broker hold. A field left zero gets
// the value of DefaultLimits.
type Limits struct {
	Connections   int // open connections in all
	PacketSize    int // bytes of the largest packet taken
	QueueMessages int // messages waiting per client
	QueueBytes    int // bytes waiting per client
	TotalBytes    int // bytes waiting for all clients together; sessions and wills may take an eighth of it more

	InFlight        uint16 // QoS 1 and 2 messages sent to one client and not acknowledged
	ReceiveMaximum  uint16 // QoS 1 and 2 messages one MQTT 5 client may have in flight to us
	AwaitingRelease int    // QoS 2 messages of one client whose PUBREL has not come
	TopicAliases    uint16 // topic aliases one client may set
	OutboundAliases uint16 // topic aliases we set for one client that takes them

	TopicLevels   int // levels of a topic or filter
	Subscriptions int // subscriptions per client

	SessionExpiry uint32 // seconds a session may outlive its connection
}

// DefaultLimits returns the limits of a broker nobody has configured.
func DefaultLimits() Limits {
	return Limits{
		Connections: 10_000, PacketSize: 16 << 20,
		QueueMessages: 200_000, QueueBytes: 128 << 20, TotalBytes: 1 << 30,
		InFlight: 1024, ReceiveMaximum: 1024, AwaitingRelease: 65_535,
		TopicAliases: 64, OutboundAliases: 32,
		TopicLevels: 128, Subscriptions: 10_000,
		SessionExpiry: never,
	}
}

// What a Config field gets when it is left zero.
const (
	DefaultConnectTimeout = 10 * time.Second
	DefaultSysInterval    = 10 * time.Second
	DefaultResponseTopics = "response"
)

// never is the session expiry interval of a session that does not end by
// itself (MQTT 5.0 §3.1.2.11.2).
const never = 0xFFFF_FFFF

func (c Config) withDefaults() Config {
	if c.Authenticator == nil {
		c.Authenticator = auth.AllowAll{}
	}
	if c.Enhanced == nil {
		c.Enhanced = auth.AllowAll{}
	}
	if c.Authorizer == nil {
		c.Authorizer = auth.AllowAll{}
	}
	fill(&c.ConnectTimeout, DefaultConnectTimeout)
	fill(&c.SysInterval, DefaultSysInterval)
	fill(&c.ResponseTopics, DefaultResponseTopics)
	fill(&c.Version, "Tidings")
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Changed == nil {
		c.Changed = func() {}
	}
	c.Limits = c.Limits.withDefaults()
	return c
}

func (l Limits) withDefaults() Limits {
	d := DefaultLimits()
	fill(&l.Connections, d.Connections)
	fill(&l.PacketSize, d.PacketSize)
	fill(&l.QueueMessages, d.QueueMessages)
	fill(&l.QueueBytes, d.QueueBytes)
	fill(&l.TotalBytes, d.TotalBytes)
	fill(&l.InFlight, d.InFlight)
	fill(&l.ReceiveMaximum, d.ReceiveMaximum)
	fill(&l.AwaitingRelease, d.AwaitingRelease)
	fill(&l.TopicAliases, d.TopicAliases)
	fill(&l.OutboundAliases, d.OutboundAliases)
	fill(&l.TopicLevels, d.TopicLevels)
	fill(&l.Subscriptions, d.Subscriptions)
	fill(&l.SessionExpiry, d.SessionExpiry)
	return l
}

// fill gives a field that was left zero its default.
func fill[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}
