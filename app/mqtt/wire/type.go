package wire

// Type is the kind of a control packet (MQTT 5.0 §2.1.2).
type Type byte

// The control packets.
const (
	CONNECT     Type = 1
	CONNACK     Type = 2
	PUBLISH     Type = 3
	PUBACK      Type = 4
	PUBREC      Type = 5
	PUBREL      Type = 6
	PUBCOMP     Type = 7
	SUBSCRIBE   Type = 8
	SUBACK      Type = 9
	UNSUBSCRIBE Type = 10
	UNSUBACK    Type = 11
	PINGREQ     Type = 12
	PINGRESP    Type = 13
	DISCONNECT  Type = 14
	AUTH        Type = 15
)

// String returns the name the standard gives the packet, for example
// "PUBLISH", and "RESERVED" for 0 and everything above 15.
func (t Type) String() string {
	if int(t) >= len(packetTable) {
		return packetTable[0].name
	}
	return packetTable[t].name
}

// Direction says who sent a packet. The zero value, Either, allows what at
// least one of the two may send.
type Direction byte

// The directions.
const (
	Either Direction = iota
	FromClient
	FromServer
)

// String returns "client", "server" or "either".
func (d Direction) String() string {
	switch d {
	case FromClient:
		return "client"
	case FromServer:
		return "server"
	}
	return "either"
}
