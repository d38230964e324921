package brokerlocal

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"log/slog"
	"math"
	"strings"
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
	sys    int // retained $SYS messages of the engine itself
}

func newMochi(cfg Config, report func(*conn, Client)) (engine, error) {
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
		Logger:                   slog.New(debugHandler{cfg.Log.Handler()}),
		SysTopicResendInterval:   int64(cfg.SysInterval / time.Second),
	})
	h := &mochiHook{server: server, users: hashUsers(cfg.Users), report: report, maxPacket: uint32(cfg.MaxPacket)}
	if err := server.AddHook(h, nil); err != nil {
		return nil, err
	}
	if err := server.Serve(); err != nil {
		return nil, err
	}
	return &mochi{server: server, sys: server.Topics.Retained.Len()}, nil
}

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

// mochiHook bends the engine to the standard where it can be bent.
type mochiHook struct {
	mqtt.HookBase
	server    *mqtt.Server
	users     map[string][sha256.Size]byte // nil: everyone may connect
	report    func(*conn, Client)
	maxPacket uint32
}

// ID names the hook in the engine's log.
func (h *mochiHook) ID() string { return "tidings" }

// Provides tells the engine which methods are ours.
func (h *mochiHook) Provides(b byte) bool {
	switch b {
	case mqtt.OnConnectAuthenticate, mqtt.OnACLCheck, mqtt.OnConnect, mqtt.OnSessionEstablished,
		mqtt.OnPacketRead, mqtt.OnPacketEncode, mqtt.OnPacketProcessed, mqtt.OnSubscribe,
		mqtt.OnPublish, mqtt.OnClientExpired:
		return true
	}
	return false
}

func hashUsers(users map[string]app.Secret) map[string][sha256.Size]byte {
	if len(users) == 0 {
		return nil
	}
	m := make(map[string][sha256.Size]byte, len(users))
	for name, password := range users {
		m[name] = sha256.Sum256([]byte(password.Reveal()))
	}
	return m
}

// OnConnectAuthenticate lets everyone in, or those whose password is right.
func (h *mochiHook) OnConnectAuthenticate(_ *mqtt.Client, pk packets.Packet) bool {
	if h.users == nil {
		return true
	}
	want, known := h.users[string(pk.Connect.Username)]
	got := sha256.Sum256(pk.Connect.Password)
	return subtle.ConstantTimeCompare(want[:], got[:]) == 1 && known
}

// OnACLCheck allows everything: this is the user's own machine.
func (h *mochiHook) OnACLCheck(*mqtt.Client, string, bool) bool { return true }

// emptyWill stands for a will payload without bytes, which the engine takes
// for a missing one; OnConnect puts it back.
const emptyWill = "\x00tidings: empty will"

// OnPacketRead corrects what the engine would wrongly refuse: a password or
// a will payload of length zero (MQTT 5.0 §3.1.3.4, §3.1.3.6).
func (h *mochiHook) OnPacketRead(_ *mqtt.Client, pk packets.Packet) (packets.Packet, error) {
	if pk.FixedHeader.Type != packets.Connect {
		return pk, nil
	}
	if pk.Connect.PasswordFlag && len(pk.Connect.Password) == 0 {
		pk.Connect.PasswordFlag = false
	}
	if pk.Connect.WillFlag && len(pk.Connect.WillPayload) == 0 {
		pk.Connect.WillPayload = []byte(emptyWill)
	}
	return pk, nil
}

// OnConnect settles what holds for the connection. The engine's accounting
// of Receive Maximum can stall one client or lock the whole broker, and its
// outbound topic aliases outlive messages that were dropped: both stay off.
func (h *mochiHook) OnConnect(cl *mqtt.Client, pk packets.Packet) error {
	if string(cl.Properties.Will.Payload) == emptyWill {
		cl.Properties.Will.Payload = nil
	}
	cl.Properties.Props.ReceiveMaximum = 0
	cl.State.Inflight.ResetSendQuota(0)
	cl.Properties.Props.TopicAliasMaximum = 0
	if pk.Connect.WillFlag && isSys(pk.Connect.WillTopic) {
		_ = h.server.SendConnack(cl, packets.ErrNotAuthorized, false, nil)
		return packets.ErrNotAuthorized // only the broker writes $SYS
	}
	return nil
}

// OnSessionEstablished reports the client. A session taken over brings its
// own quota, so that is switched off again.
func (h *mochiHook) OnSessionEstablished(cl *mqtt.Client, _ packets.Packet) {
	cl.State.Inflight.ResetSendQuota(0)
	if c, ok := cl.Net.Conn.(*conn); ok {
		h.report(c, Client{
			ID: cl.ID, User: string(cl.Properties.Username),
			Version: app.Version(cl.Properties.ProtocolVersion), Clean: cl.Properties.Clean,
		})
	}
}

// OnPacketEncode announces the limits that the engine keeps to itself.
func (h *mochiHook) OnPacketEncode(cl *mqtt.Client, pk packets.Packet) packets.Packet {
	if pk.FixedHeader.Type == packets.Connack && cl.Properties.ProtocolVersion == byte(app.V5) {
		pk.Properties.MaximumPacketSize = h.maxPacket
		pk.Properties.TopicAliasMaximum = topicAliases
	}
	return pk
}

// OnPacketProcessed acknowledges a PUBLISH to $SYS, which the engine drops
// without a word.
func (h *mochiHook) OnPacketProcessed(cl *mqtt.Client, pk packets.Packet, err error) {
	if err != nil || pk.FixedHeader.Type != packets.Publish || pk.FixedHeader.Qos == 0 || !isSys(pk.TopicName) {
		return
	}
	ack := packets.Packet{
		FixedHeader: packets.FixedHeader{Type: packets.Puback}, PacketID: pk.PacketID,
		ReasonCode: packets.ErrNotAuthorized.Code,
	}
	if pk.FixedHeader.Qos == 2 {
		ack.FixedHeader.Type = packets.Pubrec
	}
	_ = cl.WritePacket(ack)
}

// OnSubscribe empties filters that are none, which the engine then refuses
// with reason code 0x8F.
func (h *mochiHook) OnSubscribe(_ *mqtt.Client, pk packets.Packet) packets.Packet {
	for i := range pk.Filters {
		if !validFilter(pk.Filters[i].Filter) {
			pk.Filters[i].Filter = ""
		}
	}
	return pk
}

// OnPublish ends a client that used a topic alias it never set
// (MQTT 5.0 §3.3.2.3.4).
func (h *mochiHook) OnPublish(cl *mqtt.Client, pk packets.Packet) (packets.Packet, error) {
	if pk.TopicName == "" {
		_ = h.server.DisconnectClient(cl, packets.ErrTopicAliasInvalid)
		return pk, packets.ErrRejectPacket
	}
	return pk, nil
}

// OnClientExpired takes the subscriptions of an expired session away.
func (h *mochiHook) OnClientExpired(cl *mqtt.Client) {
	h.server.UnsubscribeClient(cl)
	cl.ClearInflights()
}

func isSys(topic string) bool {
	return len(topic) >= 4 && strings.EqualFold(topic[:4], "$SYS")
}

// debugHandler lowers everything the engine logs to debug: what a person
// should know is in our own log.
type debugHandler struct{ next slog.Handler }

// Enabled reports whether debug lines are wanted.
func (h debugHandler) Enabled(ctx context.Context, _ slog.Level) bool {
	return h.next.Enabled(ctx, slog.LevelDebug)
}

// Handle passes the record on at debug level.
func (h debugHandler) Handle(ctx context.Context, r slog.Record) error {
	r.Level = slog.LevelDebug
	return h.next.Handle(ctx, r)
}

// WithAttrs returns the handler with more attributes.
func (h debugHandler) WithAttrs(a []slog.Attr) slog.Handler {
	return debugHandler{h.next.WithAttrs(a)}
}

// WithGroup returns the handler with a group.
func (h debugHandler) WithGroup(name string) slog.Handler { return debugHandler{h.next.WithGroup(name)} }
