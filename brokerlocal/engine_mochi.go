package brokerlocal

import (
	"log/slog"
	"math"
	"sync/atomic"
	"time"

	mqtt "github.com/mochi-mqtt/server/v2"
	"github.com/mochi-mqtt/server/v2/packets"

	"tidings/app"
)

// topicAliases is how many inbound topic aliases a client may use: each may
// hold 64 KiB.
const topicAliases = 10

// mochi is the engine of today. Its listener, its configuration files and
// its stores are not used.
type mochi struct {
	server *mqtt.Server
	hook   *mochiHook
	sys    int // retained $SYS messages of the engine itself
}

func newMochi(cfg Config) (engine, error) {
	limits := mqtt.NewDefaultServerCapabilities()
	limits.MaximumMessageExpiryInterval = 0 // or retained messages go after a day
	limits.ReceiveMaximum = math.MaxUint16  // or a publisher with more in flight is cut
	limits.MaximumInflight = 32 << 10
	limits.MaximumClientWritesPending = 16 << 10
	limits.TopicAliasMaximum = topicAliases
	limits.MaximumPacketSize = uint32(cfg.MaxPacket)
	server := mqtt.New(&mqtt.Options{
		Capabilities:             limits,
		ClientNetWriteBufferSize: 16 << 10,
		ClientNetReadBufferSize:  4 << 10,
		Logger:                   slog.New(quietHandler{cfg.Log.Handler()}),
		SysTopicResendInterval:   int64(cfg.SysInterval / time.Second),
	})
	h := &mochiHook{server: server, users: hashUsers(cfg.Users), maxPacket: uint32(cfg.MaxPacket), ids: make(map[string]*packetIDs)}
	if err := server.AddHook(h, nil); err != nil {
		return nil, err
	}
	server.Info.Version = sysVersion
	if err := server.Serve(); err != nil {
		return nil, err
	}
	return &mochi{server: server, hook: h, sys: server.Topics.Retained.Len()}, nil
}

// sysVersion is what $SYS/broker/version says: whose broker this is, not
// which engine runs it.
const sysVersion = "Tidings"

func (m *mochi) serve(c *conn) error { return m.server.EstablishConnection("tcp", c) }

// abandon takes the session of a connection whose handling panicked away:
// the engine's own cleaning was skipped.
func (m *mochi) abandon(c *conn) {
	for id, cl := range m.server.Clients.GetAll() {
		if cl.Net.Conn == c {
			m.server.UnsubscribeClient(cl)
			cl.ClearInflights()
			m.server.Clients.Delete(id)
		}
	}
}

func (m *mochi) counters() counters {
	i := m.server.Info
	get := func(p *int64) uint64 { return uint64(max(0, atomic.LoadInt64(p))) }
	return counters{
		subscriptions: int(get(&i.Subscriptions)),
		retained:      max(0, m.server.Topics.Retained.Len()-m.sys),
		messagesIn:    get(&i.MessagesReceived), messagesOut: get(&i.MessagesSent),
		dropped: get(&i.MessagesDropped) + get(&i.InflightDropped),
	}
}

func (m *mochi) farewell() {
	for _, cl := range m.server.Clients.GetAll() {
		if cl.Properties.ProtocolVersion == byte(app.V5) && !cl.Closed() {
			_ = m.server.DisconnectClient(cl, packets.ErrServerShuttingDown)
		}
	}
}

func (m *mochi) close() error { return m.server.Close() }
