package crashtest

import (
	"encoding/binary"
	"math/rand/v2"
	"slices"
	"strconv"
	"sync/atomic"
	"time"

	"tidings/app"
	"tidings/app/mqtt/wire"
)

// publisher keeps the rules of a sender across connections: what was not
// answered goes again, in its order, with DUP and its old identifier
// [MQTT-4.4.0-1] [MQTT-4.6.0-1].
type publisher struct {
	world   *world
	connect wire.Connect
	lasts   bool // its session outlives the connection
	known   bool // the broker has acknowledged a connection
	window  int
	pace    time.Duration // between one look for acknowledgements and the next
	random  *rand.Rand
	streams []*stream // load with both QoS, then one of each other

	open  []flight // in the order of sending
	id    uint16
	acked [3]atomic.Int64 // messages, by QoS
	again atomic.Int64    // messages sent again
}

// flight is a message that is not finished.
type flight struct {
	stream   *stream
	n        int
	id       uint16
	received bool // PUBREC was there: PUBREL is what goes again
}

// newPublisher returns the publisher numbered i. QoS 2 needs a session that
// lasts: without, a new connection knows nothing of the old identifiers.
func newPublisher(w *world, i int, c wire.Connect, lasts bool, random *rand.Rand) *publisher {
	p := &publisher{world: w, connect: c, lasts: lasts, random: random, window: 1 + random.IntN(100)}
	name := "/" + strconv.Itoa(i) + "/"
	top := app.QoS1
	if lasts {
		top = app.QoS2
	}
	for k := range 2 {
		topic := strconv.Itoa(k)
		for q := app.QoS1; q <= top; q++ {
			p.streams = append(p.streams, &stream{kind: load, topic: string(load) + name + topic, qos: q})
		}
		p.streams = append(p.streams, &stream{kind: kept, topic: string(kept) + name + topic, qos: min(app.QoS(k+1), top)})
	}
	p.streams = append(p.streams, &stream{kind: nowhere, topic: string(nowhere) + name, qos: app.QoS1})
	if c.Version == app.V5 {
		p.streams = append(p.streams, &stream{kind: brief, topic: string(brief) + name, qos: app.QoS1})
	}
	return p
}

// run publishes, life after life, until quiet is closed and everything is
// acknowledged.
func (p *publisher) run(quiet <-chan struct{}) {
	for last := 0; ; {
		broker, life, ok := p.world.next(last, 0)
		if !ok {
			return
		}
		last = life
		l, ack := p.world.dial(broker, p.connect)
		if l == nil {
			continue
		}
		if p.known && p.lasts && !ack.SessionPresent {
			p.world.found("the session of %s is gone", p.connect.ClientID)
		}
		p.known = true
		finished := p.use(l, quiet)
		l.Drop()
		if finished {
			return
		}
	}
}

// use publishes over one connection. It reports whether all is done.
func (p *publisher) use(l *link, quiet <-chan struct{}) (finished bool) {
	l.send(p.resend()...)
	var got []wire.Packet
	for {
		select {
		case <-quiet:
			if len(p.open) == 0 {
				return true
			}
		default:
			l.send(p.more()...)
			if p.pace > 0 && !p.world.pause(p.pace) {
				return false
			}
		}
		var ok bool
		if got, ok = l.batch(got); !ok {
			return false
		}
		var answers []wire.Packet
		for _, g := range got {
			if a := p.take(g); a != nil {
				answers = append(answers, a)
			}
		}
		l.send(answers...)
	}
}

// resend returns what was not answered on an earlier connection.
func (p *publisher) resend() (out []wire.Packet) {
	for i := range p.open {
		f := &p.open[i]
		if f.received {
			out = append(out, &wire.PubRel{Ack: wire.Ack{ID: f.id}})
			continue
		}
		f.stream.again(f.n)
		p.again.Add(1)
		out = append(out, p.packet(f, p.lasts))
	}
	return out
}

// more returns new messages, as many as the window takes.
func (p *publisher) more() (out []wire.Packet) {
	if len(p.open) > p.window/2 {
		return nil // so that several go together
	}
	for len(p.open) < p.window {
		s := p.choose()
		f := flight{stream: s, n: s.add(), id: p.freeID()}
		p.open = append(p.open, f)
		out = append(out, p.packet(&f, false))
	}
	return out
}

// choose returns the stream of the next message: mostly one of kind load.
func (p *publisher) choose() *stream {
	for {
		s := p.streams[p.random.IntN(len(p.streams))]
		if s.kind == load || p.random.IntN(4) == 0 {
			return s
		}
	}
}

// freeID returns an identifier that is not in use. There are so few that each
// comes again soon: a broker that did not forget it swallows the message.
func (p *publisher) freeID() uint16 {
	for {
		p.id = p.id%300 + 1
		if !slices.ContainsFunc(p.open, func(f flight) bool { return f.id == p.id }) {
			return p.id
		}
	}
}

func (p *publisher) packet(f *flight, dup bool) *wire.Publish {
	s := f.stream
	out := &wire.Publish{Topic: s.topic, QoS: s.qos, ID: f.id, Dup: dup, Payload: s.payload(f.n), Retain: s.kind == kept || s.kind == brief}
	if p.connect.Version != app.V5 {
		return out
	}
	out.Properties.Add(wire.CorrelationData)
	out.Properties.CorrelationData = correlation(f.n)
	if s.kind == brief {
		out.Properties.Add(wire.MessageExpiry)
		out.Properties.MessageExpiry = briefExpiry
	}
	return out
}

// correlation is what MQTT 5 publishers say beside a message's content.
func correlation(n int) []byte { return binary.BigEndian.AppendUint64(nil, uint64(n)) }

// take takes an acknowledgement and returns what answers it.
func (p *publisher) take(got wire.Packet) wire.Packet {
	switch a := got.(type) {
	case *wire.PubAck:
		if f := p.flight(a.ID, app.QoS1, a.Reason); f != nil {
			p.note(f)
			p.finish(a.ID)
		}
	case *wire.PubRec:
		if f := p.flight(a.ID, app.QoS2, a.Reason); f != nil {
			if !f.received {
				p.note(f)
			}
			f.received = true
			return &wire.PubRel{Ack: wire.Ack{ID: a.ID}}
		}
	case *wire.PubComp: // 0x92 says that an earlier PUBREL was taken
		if f := p.flight(a.ID, app.QoS2, 0); f != nil && f.received {
			p.finish(a.ID)
		}
	default:
		p.world.found("%s gets %s", p.connect.ClientID, got.Type())
	}
	return nil
}

func (p *publisher) note(f *flight) {
	f.stream.acknowledged(f.n)
	p.acked[f.stream.qos].Add(1)
}

// flight returns the message with an identifier. Any other acknowledgement is
// a finding, and so is a refusal.
func (p *publisher) flight(id uint16, qos app.QoS, reason app.ReasonCode) *flight {
	i := slices.IndexFunc(p.open, func(f flight) bool { return f.id == id })
	if i < 0 || p.open[i].stream.qos != qos || reason.IsError() {
		p.world.found("%s: acknowledgement %d of QoS %d with %s is not for what was sent", p.connect.ClientID, id, qos, reason)
		return nil
	}
	return &p.open[i]
}

func (p *publisher) finish(id uint16) {
	p.open = slices.DeleteFunc(p.open, func(f flight) bool { return f.id == id })
}
