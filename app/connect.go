package app

import (
	"net"
	"strconv"
	"time"
)

// Will is the last will of a connection (MQTT 5.0 §3.1.2.5).
type Will struct {
	Topic   string
	Payload []byte
	QoS     QoS
	Retain  bool
}

// ConnectOptions is all that one attempt to connect needs. The zero value is
// not usable: Host, Port, Version and Sink are required.
type ConnectOptions struct {
	Host      string // name, IPv4 or IPv6 literal without brackets
	Port      int    // 1..65535
	TLS       bool   // TLS with the system's certificate authorities
	Version   Version
	ClientID  string
	User      string
	Password  Secret // empty: no password is sent
	Clean     bool   // 3.x Clean Session, 5 Clean Start
	KeepAlive time.Duration
	// SessionExpiry is the MQTT 5 session expiry interval in seconds
	// (MQTT 5.0 §3.1.2.11.2); ignored by 3.x.
	SessionExpiry uint32
	Will          *Will
	// Sink takes every message received on the connection.
	Sink Sink
	// Frames, when not nil, sees every control packet of the connection.
	Frames FrameSink
}

// Address returns "host:port", with brackets around an IPv6 literal.
func (o ConnectOptions) Address() string {
	return net.JoinHostPort(o.Host, strconv.Itoa(o.Port))
}

// ConnAck is the broker's answer to CONNECT (MQTT 5.0 §3.2). The fields that
// only MQTT 5 has are zero for 3.x.
type ConnAck struct {
	SessionPresent   bool
	Reason           ReasonCode
	ReasonString     string
	AssignedClientID string
	ServerKeepAlive  time.Duration // 0: the broker keeps the client's value
	MaximumQoS       QoS           // 2 unless the broker announced less
	RetainAvailable  bool          // true unless the broker announced otherwise
	WildcardAvail    bool          // true unless the broker announced otherwise
	MaximumPacket    uint32        // bytes; 0: no limit announced
	ReceiveMaximum   uint16        // 65535 unless announced
	SessionExpiry    uint32        // seconds, as the broker settled it
	Took             time.Duration // from the first byte sent to the CONNACK
}
