package wire

import "tidings/app"

// Decoder decodes the packets of one direction of one connection without
// taking memory per packet. Its packets are its own: one is good until the
// next Decode of the same type. It is for one goroutine. The zero value is
// ready for a first CONNECT.
type Decoder struct {
	// Version is that of the connection. While it is 0 only a CONNECT is
	// accepted [MQTT-3.1.0-1]; whoever decodes one sets it. A CONNECT is
	// always decoded as the version it names.
	Version app.Version
	From    Direction
	// CheckUTF8 refuses a payload that says it is UTF-8 and is not (MQTT 5.0
	// §3.3.2.3.2), with reason 0x99.
	CheckUTF8 bool

	packets [16]Packet
}

// Decode returns the packet in frame, which is one whole packet and no byte
// more. Its strings and slices alias frame. The error is an *Error.
func (d *Decoder) Decode(frame []byte) (Packet, error) {
	r := reader{b: frame, end: len(frame), version: d.Version, from: d.From, checkUTF8: d.CheckUTF8}
	h, ok := r.header()
	if !ok {
		return nil, r.err
	}
	p := d.packets[h.Type]
	if p == nil {
		p = newPacket(h.Type)
		d.packets[h.Type] = p
	}
	r.packet(p, h.Flags)
	if r.err != nil {
		return nil, r.err
	}
	return p, nil
}

// Decode is Decoder.Decode for a single packet of either direction; version 0
// stands for a connection's first packet.
func Decode(version app.Version, frame []byte) (Packet, error) {
	d := Decoder{Version: version}
	return d.Decode(frame)
}

// header reads the fixed header and everything that can be said by it alone.
// ok says that a packet of type h.Type may follow.
func (r *reader) header() (h Head, ok bool) {
	if r.version < app.V31 || r.version > app.V5 {
		r.version = 0
	}
	h, err := Header(r.b)
	if err == nil && h.Length == 0 {
		r.headerShort()
		return h, false
	}
	r.traceHeader(h)
	if err != nil {
		r.fail(ruleVarintLong, 1)
		return h, false
	}
	r.off = h.Length
	if r.version == 0 && h.Type != CONNECT {
		r.fail(ruleFirst, 0)
		r.version = app.V311 // the likelier layout, for a trace
	}
	last := AUTH
	if r.version != 0 {
		last = versionTable[r.version].last
	}
	if h.Type == 0 || h.Type > last {
		r.fail(ruleType, 0)
		return h, false
	}
	r.checkSender(h.Type)
	r.checkFlags(h)
	r.checkSize(h)
	return h, !r.stopped
}

// headerShort notes that the fixed header itself is cut off.
func (r *reader) headerShort() {
	g := r.tr.open(fieldHeader, 0)
	if len(r.b) > 0 {
		r.traceControl(r.b[0])
		r.off = 1
	}
	r.short(fieldRemaining)
	r.tr.close(g, r.end)
}

func (r *reader) checkSender(t Type) {
	from := packetTable[t].from
	if t == DISCONNECT && !versionTable[r.version].serverDisconnect {
		from = FromClient // [MQTT-3.14.4-1] of MQTT 3.1.1 knows the client alone
	}
	if from != Either && r.from != Either && from != r.from {
		r.fail(ruleDirection, 0)
	}
}

func (r *reader) checkFlags(h Head) {
	flags := h.Flags
	if versionTable[r.version].dup>>h.Type&1 != 0 {
		flags &^= flagDup
	}
	switch {
	case h.Type != PUBLISH:
		if flags != packetTable[h.Type].flags {
			r.fail(ruleFlags, 0)
		}
	case flags&flagQoS == flagQoS:
		r.fail(ruleQoS, 0)
	case flags&flagDup != 0 && flags&flagQoS == 0:
		r.fail(ruleDup, 0)
	}
}

// checkSize holds the Remaining Length against the bytes there are. A trace
// goes on with what both have.
func (r *reader) checkSize(h Head) {
	if r.version == app.V5 && h.Length != 1+uvarintLen(h.Remaining) {
		r.fail(ruleVarintMinimal, 1) // for CONNECT, connect looks again
	}
	if h.Size() != len(r.b) {
		r.fail(ruleFrame, 1)
	}
	r.end = min(len(r.b), h.Size())
}

// traceHeader notes the fixed header.
func (r *reader) traceHeader(h Head) {
	if r.tr == nil {
		return
	}
	n := h.Length
	if n == 0 {
		n = 5
	}
	g := r.tr.open(fieldHeader, 0)
	r.traceControl(r.b[0])
	r.tr.number(fieldRemaining, 1, n-1, uint32(h.Remaining))
	r.tr.close(g, n)
	r.off = n
}

func (r *reader) traceControl(b byte) {
	if r.tr == nil {
		return
	}
	r.tr.packet = Type(b >> 4)
	r.tr.fields[0].Value = r.tr.packet.String()
	g := r.tr.open(fieldControl, 0)
	r.tr.bits(fieldType, 0, 0xf0, b)
	r.tr.word(r.tr.packet.String())
	if r.tr.packet == PUBLISH {
		r.tr.bits(fieldDup, 0, flagDup, b)
		r.tr.bits(fieldQoS, 0, flagQoS, b)
		r.tr.bits(fieldRetain, 0, flagRetain, b)
	} else {
		r.tr.bits(fieldFlags, 0, 0x0f, b)
	}
	r.tr.close(g, 1)
}

func newPacket(t Type) Packet {
	return [16]func() Packet{
		CONNECT:     func() Packet { return new(Connect) },
		CONNACK:     func() Packet { return new(ConnAck) },
		PUBLISH:     func() Packet { return new(Publish) },
		PUBACK:      func() Packet { return new(PubAck) },
		PUBREC:      func() Packet { return new(PubRec) },
		PUBREL:      func() Packet { return new(PubRel) },
		PUBCOMP:     func() Packet { return new(PubComp) },
		SUBSCRIBE:   func() Packet { return new(Subscribe) },
		SUBACK:      func() Packet { return new(SubAck) },
		UNSUBSCRIBE: func() Packet { return new(Unsubscribe) },
		UNSUBACK:    func() Packet { return new(UnsubAck) },
		PINGREQ:     func() Packet { return new(PingReq) },
		PINGRESP:    func() Packet { return new(PingResp) },
		DISCONNECT:  func() Packet { return new(Disconnect) },
		AUTH:        func() Packet { return new(Auth) },
	}[t]()
}

// packet reads what follows the fixed header into p. The calls are static, so
// that neither r nor a p of the caller's stack escapes.
func (r *reader) packet(p Packet, flags byte) {
	switch p := p.(type) {
	case *Publish:
		r.publish(p, flags)
	case *PubAck:
		r.ack(&p.Ack, PUBACK)
	case *PubRec:
		r.ack(&p.Ack, PUBREC)
	case *PubRel:
		p.Dup = flags&flagDup != 0
		r.ack(&p.Ack, PUBREL)
	case *PubComp:
		r.ack(&p.Ack, PUBCOMP)
	case *Connect:
		r.connect(p)
	default:
		r.rarePacket(p, flags)
	}
	if !r.stopped && r.off < r.end {
		at := r.off
		r.tr.leaf(fieldUndecoded, at, r.end-at, "")
		r.fail(ruleTrailing, at)
		r.off = r.end
	}
}

func (r *reader) rarePacket(p Packet, flags byte) {
	switch p := p.(type) {
	case *ConnAck:
		r.connAck(p)
	case *Subscribe:
		p.Dup = flags&flagDup != 0
		r.subscribe(p)
	case *SubAck:
		r.subAck(p)
	case *Unsubscribe:
		p.Dup = flags&flagDup != 0
		r.unsubscribe(p)
	case *UnsubAck:
		r.unsubAck(p)
	case *Disconnect:
		r.disconnect(p)
	case *Auth:
		r.auth(p)
	}
}
