package brokerlocal

import (
	"cmp"
	"crypto/sha256"
	"crypto/subtle"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	mqtt "github.com/mochi-mqtt/server/v2"
	"github.com/mochi-mqtt/server/v2/packets"

	"tidings/app"
)

// mochiHook bends the engine to the standard where it can be bent.
type mochiHook struct {
	mqtt.HookBase
	server    *mqtt.Server
	users     map[string][sha256.Size]byte // nil: everyone may connect
	maxPacket uint32
	serial    atomic.Int64 // of messages

	mu  sync.Mutex
	ids map[string]*packetIDs // by client identifier, as long as its session
}

// ID names the hook in the engine's log.
func (h *mochiHook) ID() string { return "tidings" }

// Provides tells the engine which methods are ours.
func (h *mochiHook) Provides(b byte) bool {
	switch b {
	case mqtt.OnConnectAuthenticate, mqtt.OnACLCheck, mqtt.OnConnect, mqtt.OnSessionEstablish, mqtt.OnSessionEstablished,
		mqtt.OnPacketRead, mqtt.OnPacketEncode, mqtt.OnPacketProcessed, mqtt.OnSubscribe,
		mqtt.OnPublish, mqtt.OnDisconnect, mqtt.OnClientExpired:
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
// The engine's own answer to a wrong one is "not authorized" before MQTT 5;
// the code for it is 4 (MQTT 3.1.1 §3.2.2.3).
func (h *mochiHook) OnConnectAuthenticate(cl *mqtt.Client, pk packets.Packet) bool {
	if h.users == nil || h.knows(pk) {
		return true
	}
	h.refuse(cl, packets.ErrBadUsernameOrPassword, 4)
	return false
}

// refuse answers CONNECT with a reason code, or with a return code of 3.x,
// and ends the client.
func (h *mochiHook) refuse(cl *mqtt.Client, code packets.Code, code3 byte) {
	ack := packets.Packet{FixedHeader: packets.FixedHeader{Type: packets.Connack}, ReasonCode: code.Code}
	if cl.Properties.ProtocolVersion < byte(app.V5) {
		ack.ReasonCode = code3
	}
	_ = cl.WritePacket(ack)
	cl.Stop(code)
}

func (h *mochiHook) knows(pk packets.Packet) bool {
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
// a will payload of length zero (MQTT 5.0 §3.1.3.4, §3.1.3.6), and packet
// identifiers that it uses itself in the other direction.
func (h *mochiHook) OnPacketRead(cl *mqtt.Client, pk packets.Packet) (packets.Packet, error) {
	if pk.FixedHeader.Type != packets.Connect {
		if c, ok := cl.Net.Conn.(*conn); ok && c.ids != nil {
			return c.ids.incoming(cl, pk), nil
		}
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
// of Receive Maximum can stall one client or lock the whole broker (window
// does it instead), and its outbound topic aliases outlive messages that were
// dropped: both stay off.
func (h *mochiHook) OnConnect(cl *mqtt.Client, pk packets.Packet) error {
	if string(cl.Properties.Will.Payload) == emptyWill {
		cl.Properties.Will.Payload = nil
	}
	cl.Properties.Props.ReceiveMaximum = 0
	cl.State.Inflight.ResetSendQuota(0)
	cl.Properties.Props.TopicAliasMaximum = 0
	if pk.Connect.WillFlag && isSys(pk.Connect.WillTopic) {
		h.refuse(cl, packets.ErrNotAuthorized, 5) // only the broker writes $SYS
		return packets.ErrNotAuthorized
	}
	return nil
}

// OnSessionEstablish reports the client, once the previous connection of the
// same client is quite gone. The engine would clean up behind that one by
// client identifier, and so take the subscriptions of this one away.
func (h *mochiHook) OnSessionEstablish(cl *mqtt.Client, _ packets.Packet) {
	if c, ok := cl.Net.Conn.(*conn); ok && c.claim(cl.ID) {
		h.mu.Lock()
		if h.ids[cl.ID] == nil {
			h.ids[cl.ID] = newPacketIDs()
		}
		c.ids = h.ids[cl.ID]
		h.mu.Unlock()
		if away, ok := h.server.Clients.Get(cl.ID); ok {
			inOrder(away)
		}
		c.connected(Client{
			ID: cl.ID, User: string(cl.Properties.Username),
			Version: app.Version(cl.Properties.ProtocolVersion), Clean: cl.Properties.Clean,
		})
	}
}

// OnSessionEstablished switches the quota off that an inherited session
// brought along.
func (h *mochiHook) OnSessionEstablished(cl *mqtt.Client, _ packets.Packet) {
	cl.State.Inflight.ResetSendQuota(0)
}

// OnPacketEncode announces the limits that the engine keeps to itself, and
// gives packet identifiers back.
func (h *mochiHook) OnPacketEncode(cl *mqtt.Client, pk packets.Packet) packets.Packet {
	if pk.FixedHeader.Type == packets.Connack && cl.Properties.ProtocolVersion == byte(app.V5) {
		pk.Properties.MaximumPacketSize = h.maxPacket
		pk.Properties.TopicAliasMaximum = topicAliases
	}
	if c, ok := cl.Net.Conn.(*conn); ok && c.ids != nil {
		return c.ids.outgoing(pk)
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

// inOrder numbers what waits for a client that is away, oldest first: the
// engine sends it in the order of the low 16 bits of Created, which it means
// to be seconds [MQTT-4.6.0-6].
func inOrder(away *mqtt.Client) {
	waiting := away.State.Inflight.GetAll(false)
	slices.SortStableFunc(waiting, func(a, b packets.Packet) int { return cmp.Compare(a.Created, b.Created) })
	for i, pk := range waiting {
		pk.Created = int64(i)
		away.State.Inflight.Set(pk)
	}
}

// OnPublish numbers the messages, for inOrder, and ends a client that used a
// topic alias it never set (MQTT 5.0 §3.3.2.3.4).
func (h *mochiHook) OnPublish(cl *mqtt.Client, pk packets.Packet) (packets.Packet, error) {
	if pk.TopicName == "" {
		_ = h.server.DisconnectClient(cl, packets.ErrTopicAliasInvalid)
		return pk, packets.ErrRejectPacket
	}
	pk.Created = h.serial.Add(1)
	return pk, nil
}

// OnDisconnect forgets what belongs to a session that ends with its link.
func (h *mochiHook) OnDisconnect(cl *mqtt.Client, _ error, expire bool) {
	if expire {
		h.forgetIDs(cl.ID)
	}
}

// OnClientExpired takes the subscriptions of an expired session away.
func (h *mochiHook) OnClientExpired(cl *mqtt.Client) {
	h.server.UnsubscribeClient(cl)
	cl.ClearInflights()
	h.forgetIDs(cl.ID)
}

func (h *mochiHook) forgetIDs(client string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.ids, client)
}

func isSys(topic string) bool {
	return len(topic) >= 4 && strings.EqualFold(topic[:4], "$SYS")
}
