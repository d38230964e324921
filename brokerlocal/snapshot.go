package brokerlocal

import (
	"time"

	"tidings/app"
)

// Snapshot is the state of a Broker at one moment. Counters start at zero
// with every Start and keep their last value after Stop.
type Snapshot struct {
	Running    bool
	Host       string // the address listened on
	Port       int    // the port listened on; 0 when it never ran
	WantedPort int    // the port asked for; differs from Port when that was busy
	Since      time.Time

	Clients       int // connected now
	Subscriptions int
	Retained      int    // messages, $SYS not counted
	MessagesIn    uint64 // PUBLISH packets received
	MessagesOut   uint64 // PUBLISH packets sent
	Dropped       uint64 // messages a subscriber was too slow for
	BytesIn       uint64
	BytesOut      uint64
	Refused       uint64 // connections cut for what they sent, or too many of them
	Faults        uint64 // panics caught while serving a connection

	// Err is why the broker failed to start or stopped by itself.
	Err *app.Error
}

// Client is one connected client.
type Client struct {
	ID        string
	Address   string // of the peer, "host:port"
	User      string // empty when it gave none
	Version   app.Version
	Clean     bool          // Clean Session or Clean Start of its CONNECT
	KeepAlive time.Duration // 0: none
	Since     time.Time
}

// Event is one line of the broker's log, worded as mosquitto words it.
type Event struct {
	Time time.Time
	Text string
}
