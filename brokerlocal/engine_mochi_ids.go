package brokerlocal

import (
	"math"

	mqtt "github.com/mochi-mqtt/server/v2"
	"github.com/mochi-mqtt/server/v2/packets"
)

// packetIDs keeps the packet identifiers of a client apart from the broker's
// (MQTT 5.0 §2.2.1: each side has its own). The engine has one map for both,
// so a client's identifiers are renamed into ones that are free there, from
// the top, while the engine counts its own from the bottom. It belongs to a
// session; only the goroutine that serves the client uses it.
type packetIDs struct {
	toEngine, toClient map[uint16]uint16
	next               uint16
	// unnamed is the client's identifier of a packet that the engine sees as
	// 0, which is never in its map: SUBSCRIBE, UNSUBSCRIBE, unknown PUBREL.
	unnamed uint16
}

func newPacketIDs() *packetIDs {
	return &packetIDs{toEngine: make(map[uint16]uint16), toClient: make(map[uint16]uint16), next: math.MaxUint16}
}

// incoming renames a packet of the client's.
func (p *packetIDs) incoming(cl *mqtt.Client, pk packets.Packet) packets.Packet {
	switch pk.FixedHeader.Type {
	case packets.Subscribe, packets.Unsubscribe:
		p.unnamed, pk.PacketID = pk.PacketID, 0
		pk.FixedHeader.Qos = 0 // or the engine asks for an identifier
	case packets.Pubrel:
		if id, ok := p.toEngine[pk.PacketID]; ok {
			pk.PacketID = id
		} else {
			p.unnamed, pk.PacketID = pk.PacketID, 0
		}
	case packets.Publish:
		if pk.FixedHeader.Qos > 0 {
			return p.publish(cl, pk)
		}
	}
	return pk
}

// publish renames a PUBLISH. One of QoS 2 that came before is answered here,
// and delivered no second time [MQTT-4.3.3-10]; the engine gets an
// acknowledgement of nothing in its place.
func (p *packetIDs) publish(cl *mqtt.Client, pk packets.Packet) packets.Packet {
	client := pk.PacketID
	if id, ok := p.toEngine[client]; ok {
		known, ok := cl.State.Inflight.Get(id)
		if ok && known.FixedHeader.Type == packets.Pubrec && pk.FixedHeader.Qos == 2 {
			_ = cl.WritePacket(packets.Packet{FixedHeader: packets.FixedHeader{Type: packets.Pubrec}, PacketID: id})
			return packets.Packet{FixedHeader: packets.FixedHeader{Type: packets.Puback}}
		}
		p.drop(client)
	}
	for range math.MaxUint16 {
		id := p.next
		if p.next--; p.next == 0 {
			p.next = math.MaxUint16
		}
		if _, taken := p.toClient[id]; taken {
			continue
		}
		if _, taken := cl.State.Inflight.Get(id); !taken {
			p.toEngine[client], p.toClient[id] = id, client
			pk.PacketID = id
			return pk
		}
	}
	return pk // every identifier is in use: as the engine would have it
}

// outgoing gives a packet of the engine's its name back.
func (p *packetIDs) outgoing(pk packets.Packet) packets.Packet {
	switch pk.FixedHeader.Type {
	case packets.Suback, packets.Unsuback:
		pk.PacketID = p.unnamed
	case packets.Puback, packets.Pubrec, packets.Pubcomp:
		client, ok := p.toClient[pk.PacketID]
		if !ok {
			if pk.PacketID == 0 {
				pk.PacketID = p.unnamed
			}
			return pk
		}
		pk.PacketID = client
		if pk.FixedHeader.Type != packets.Pubrec || pk.ReasonCode >= packets.ErrUnspecifiedError.Code {
			p.drop(client)
		}
	}
	return pk
}

func (p *packetIDs) drop(client uint16) {
	delete(p.toClient, p.toEngine[client])
	delete(p.toEngine, client)
}
