package packets

import (
	"bytes"

	"tidings/app"
	"tidings/app/mqtt/wire"
)

// PreviewSize is the most bytes of a payload that a Row carries.
const PreviewSize = 256

// Row is one packet as a list shows it. It shares no memory with the Ring.
// Which of the fields mean something follows from Type, Version and From.
type Row struct {
	Seq     uint64
	At      int64  // unix nanoseconds
	Answers uint64 // number of the packet it answers, 0: none
	Took    int64  // nanoseconds since that one
	Answer  uint64 // number of the packet that answers it, 0: none so far
	From    wire.Direction
	Version app.Version
	Type    wire.Type
	Size    int    // bytes, the whole packet
	Kept    int    // bytes of it that are kept
	Broken  string // why it is malformed, in technical English; "" when it is whole and valid

	ID     uint16 // packet identifier, 0: none
	QoS    app.QoS
	Dup    bool
	Retain bool
	// Topic is that of a PUBLISH, also when the packet has only an Alias for
	// it; empty when nobody set the alias.
	Topic   string
	Alias   uint16
	Preview []byte // the first bytes of its payload, at most PreviewSize
	Payload int    // bytes of its payload

	Reasons []app.ReasonCode // of acknowledgements, CONNACK, DISCONNECT, AUTH; SUBACK has one per filter
	Filters []app.Subscription

	ClientID       string
	User           string
	HasPassword    bool
	Clean          bool
	KeepAlive      uint16 // seconds
	SessionExpiry  uint32 // seconds, meaningful with HasExpiry
	HasExpiry      bool
	HasWill        bool
	WillTopic      string
	SessionPresent bool
	AssignedID     string
	ReasonString   string
}

// Packet is one packet with its bytes.
type Packet struct {
	Row
	Bytes []byte // Kept bytes; secrets are overwritten with asterisks
}

// Fields takes the packet apart. What was cut off for lack of room is no
// violation: the row says how much is kept. The field that is the packet as a
// whole is left out, unless what is wrong is said of that.
func (p Packet) Fields() []wire.Field {
	fields := wire.Dissect(p.Version, p.From, p.Bytes, wire.DissectOptions{CheckUTF8: p.Kept == p.Size})
	if len(fields) > 1 && fields[0].Violation == "" {
		return fields[1:]
	}
	return fields
}

// Rows appends to dst the packets with numbers in [from, from+n) that are
// kept, oldest first.
func (r *Ring) Rows(from uint64, n int, dst []Row) []Row {
	for seq := from; seq < from+uint64(max(n, 0)); seq++ {
		if p, ok := r.Packet(seq); ok {
			dst = append(dst, p.Row)
		}
	}
	return dst
}

// Packet returns a packet, or false when it is not kept.
func (r *Ring) Packet(seq uint64) (Packet, bool) {
	row, b, ok := r.copy(seq)
	if !ok {
		return Packet{}, false
	}
	row.decode(b)
	return Packet{Row: row, Bytes: b}, true
}

// copy takes a packet out, so that it is decoded without the lock.
func (r *Ring) copy(seq uint64) (Row, []byte, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	c := r.chunkOf(seq)
	if c == nil {
		return Row{}, nil, false
	}
	b, shared := bytes.Clone(c.frame(seq)), c.batch(seq)
	tie, name := c.ties[seq], ""
	if wire.Type(b[0]>>4) == wire.PUBLISH {
		name = string(c.topic(seq))
	}
	return Row{
		Seq: seq, At: shared.at, Answers: tie.answers, Took: tie.took, Answer: tie.answer,
		From: shared.from, Version: shared.version,
		Type: wire.Type(b[0] >> 4), Size: c.size(seq), Kept: len(b), Topic: name,
	}, b, true
}

// decode fills in what the packet says.
func (row *Row) decode(b []byte) {
	d := wire.Decoder{Version: row.Version, From: row.From}
	p, err := d.Decode(b)
	switch {
	case err == nil:
		row.take(p)
	case row.Kept < row.Size:
		row.takeCut(b)
	default:
		row.Broken, row.Topic = err.Error(), ""
		row.ID = packetID(b)
	}
}

// takeCut says what the kept beginning of a large packet says.
func (row *Row) takeCut(b []byte) {
	row.ID = packetID(b)
	if row.Type == wire.PUBLISH {
		row.QoS, row.Dup, row.Retain = app.QoS(b[0]>>1&3), b[0]&8 != 0, b[0]&1 != 0
	}
}

// take copies what the list shows. Strings of a decoded packet alias its
// frame, which belongs to the row's own copy.
func (row *Row) take(p wire.Packet) {
	switch p := p.(type) {
	case *wire.Connect:
		row.takeConnect(p)
	case *wire.ConnAck:
		row.SessionPresent, row.AssignedID = p.SessionPresent, p.Properties.AssignedClientID
		row.reason(p.Reason, &p.Properties)
	case *wire.Publish:
		row.ID, row.QoS, row.Dup, row.Retain = p.ID, p.QoS, p.Dup, p.Retain
		row.Alias, row.Payload = p.Properties.TopicAlias, len(p.Payload)
		row.Preview = append([]byte(nil), p.Payload[:min(len(p.Payload), PreviewSize)]...)
	case *wire.PubAck:
		row.acknowledge(&p.Ack)
	case *wire.PubRec:
		row.acknowledge(&p.Ack)
	case *wire.PubRel:
		row.Dup = p.Dup
		row.acknowledge(&p.Ack)
	case *wire.PubComp:
		row.acknowledge(&p.Ack)
	case *wire.Subscribe:
		row.ID, row.Dup, row.Filters = p.ID, p.Dup, append([]app.Subscription(nil), p.Filters...)
	case *wire.Unsubscribe:
		row.ID, row.Dup = p.ID, p.Dup
		for _, f := range p.Filters {
			row.Filters = append(row.Filters, app.Subscription{Filter: f})
		}
	case *wire.SubAck:
		row.ID, row.ReasonString = p.ID, p.Properties.ReasonString
		row.verdicts(p.Reasons)
	case *wire.UnsubAck:
		row.ID, row.ReasonString = p.ID, p.Properties.ReasonString
		row.verdicts(p.Reasons)
	case *wire.Disconnect:
		row.reason(p.Reason, &p.Properties)
	case *wire.Auth:
		row.reason(p.Reason, &p.Properties)
	}
}

func (row *Row) takeConnect(p *wire.Connect) {
	row.ClientID, row.Clean, row.KeepAlive = p.ClientID, p.Clean, p.KeepAlive
	row.User, row.HasPassword = p.User, p.HasPassword
	row.HasWill, row.WillTopic = p.HasWill, p.Will.Topic
	row.HasExpiry = p.Properties.Has(wire.SessionExpiry)
	row.SessionExpiry = p.Properties.SessionExpiry
}

func (row *Row) acknowledge(a *wire.Ack) {
	row.ID = a.ID
	row.reason(a.Reason, &a.Properties)
}

func (row *Row) reason(c app.ReasonCode, p *wire.Properties) {
	row.Reasons = []app.ReasonCode{c}
	row.ReasonString = p.ReasonString
}

func (row *Row) verdicts(codes []byte) {
	for _, c := range codes {
		row.Reasons = append(row.Reasons, app.ReasonCode(c))
	}
}
