package packets

import "tidings/app/mqtt/wire"

// answers says which packet answers which, and whether a packet identifier
// tells which one (MQTT 5.0 §2.2.1, table 2-3 of MQTT 3.1.1 §2.3.1). The flow
// of QoS 2 is a chain: PUBREC answers PUBLISH, PUBREL answers PUBREC, PUBCOMP
// answers PUBREL [MQTT-4.3.3-11].
var answers = [16]struct {
	by wire.Type
	id bool
}{
	wire.CONNECT:     {wire.CONNACK, false},
	wire.PUBREC:      {wire.PUBREL, true},
	wire.PUBREL:      {wire.PUBCOMP, true},
	wire.SUBSCRIBE:   {wire.SUBACK, true},
	wire.UNSUBSCRIBE: {wire.UNSUBACK, true},
	wire.PINGREQ:     {wire.PINGRESP, false},
}

// question is a packet that is due: of a type, from a side, with an identifier.
type question struct {
	by   wire.Type
	from wire.Direction
	id   uint16
}

// pairs finds the packet that another one answers. It holds at most one
// question per type, side and identifier. The zero value is ready.
type pairs struct{ open map[question]uint64 }

func (p *pairs) reset() { clear(p.open) }

// see takes note of a packet with the sequence number seq, and returns the
// number of the one it answers.
func (p *pairs) see(from wire.Direction, frame []byte, seq uint64) (asked uint64, answered bool) {
	t := wire.Type(frame[0] >> 4)
	id := packetID(frame)
	if len(p.open) > 0 {
		q := question{t, from, id}
		if asked, answered = p.open[q]; answered {
			delete(p.open, q)
		}
	}
	due := answers[t]
	switch {
	case t == wire.PUBLISH && frame[0]&0x06 == 2:
		due.by = wire.PUBACK
	case t == wire.PUBLISH:
		due.by = wire.PUBREC
	case due.by == 0:
		return asked, answered
	}
	if p.open == nil {
		p.open = make(map[question]uint64)
	}
	p.open[question{due.by, other(from), id}] = seq
	return asked, answered
}

func other(d wire.Direction) wire.Direction {
	if d == wire.FromClient {
		return wire.FromServer
	}
	return wire.FromClient
}
