package brokerlocal

import (
	"log/slog"
	"net/netip"
	"time"

	"tidings/app"
)

// What a Config field gets when it is left zero.
const (
	DefaultHost           = "127.0.0.1"
	DefaultPort           = 1883
	DefaultMaxPacket      = 16 << 20 // bytes
	DefaultConnectTimeout = 10 * time.Second
	DefaultSysInterval    = 10 * time.Second
)

const (
	maxConnections = 10_000      // open connections; more are closed at once and counted
	maxPacketLimit = 256<<20 + 4 // the largest packet MQTT can express, with its fixed header
	nextPorts      = 20          // ports tried after the wanted one
	stopLimit      = 900 * time.Millisecond
)

// Config says how a Broker runs. The zero value is a broker on any free port
// of the loopback addresses; see the Default constants for the rest.
type Config struct {
	// Host is a loopback address or "localhost". An IPv4 loopback address is
	// joined by ::1 where the system has it, so that "localhost" works
	// whichever way a client resolves it.
	Host string
	// Port is the wanted port; 0 takes any free one.
	Port int
	// NextFreePort tries up to 20 ports after a busy one. Snapshot tells the
	// outcome by Port and WantedPort.
	NextFreePort bool
	// MaxPacket is the largest packet taken, in bytes with its fixed header.
	MaxPacket int
	// ConnectTimeout is how long a connection may stand without CONNECT.
	ConnectTimeout time.Duration
	// SysInterval is the time between two rounds of $SYS, at least a second.
	SysInterval time.Duration
	// Users maps user names to passwords. Empty: everyone on this machine
	// may connect, with any name or none.
	Users map[string]app.Secret
	// Log takes what a developer wants to know; nil discards it.
	Log *slog.Logger
	// Changed is called after a client came or went and after the broker
	// started, stopped or failed; it must return at once. It is called
	// without locks held, from several goroutines.
	Changed func()
}

func (c Config) withDefaults() Config {
	if c.Host == "" || c.Host == "localhost" {
		c.Host = DefaultHost
	}
	if c.MaxPacket <= 0 {
		c.MaxPacket = DefaultMaxPacket
	}
	c.MaxPacket = min(c.MaxPacket, maxPacketLimit)
	if c.ConnectTimeout <= 0 {
		c.ConnectTimeout = DefaultConnectTimeout
	}
	if c.SysInterval <= 0 {
		c.SysInterval = DefaultSysInterval
	}
	c.SysInterval = max(c.SysInterval, time.Second)
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Changed == nil {
		c.Changed = func() {}
	}
	return c
}

// check refuses what the broker must not or cannot do.
func (c Config) check() *app.Error {
	addr, err := netip.ParseAddr(c.Host)
	if err != nil || !addr.IsLoopback() {
		return &app.Error{
			What: app.Say("broker.error.not_loopback", "Host", c.Host),
			Do:   app.Say("broker.error.not_loopback_do"), Cause: err,
		}
	}
	if c.Port < 0 || c.Port > 65535 {
		return &app.Error{
			What: app.Say("broker.error.bad_port", "Port", c.Port),
			Do:   app.Say("broker.error.bad_port_do"),
		}
	}
	return nil
}
