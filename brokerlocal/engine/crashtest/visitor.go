package crashtest

import (
	"fmt"
	"math/rand/v2"
	"time"

	"tidings/app"
	"tidings/app/mqtt/wire"
)

// visitor is a client that comes, does something of everything, and leaves in
// one of the ways there are. It judges nothing but that the broker keeps the
// connection.
type visitor struct {
	world  *world
	name   string
	number int
	random *rand.Rand
	visits int
}

func newVisitor(w *world, number int, seed uint64) *visitor {
	return &visitor{
		world: w, number: number, name: fmt.Sprintf("visitor-%d", number),
		random: rand.New(rand.NewPCG(seed, uint64(1000+number))),
	}
}

// chance is true once in n times.
func (v *visitor) chance(n int) bool { return v.random.IntN(n) == 0 }

func (v *visitor) upTo(d time.Duration) time.Duration {
	return time.Duration(v.random.Int64N(int64(d)))
}

// run visits the broker until enough is closed, and then leaves nothing
// behind.
func (v *visitor) run(p *Process, enough <-chan struct{}) {
	for {
		away := v.upTo(2 * time.Second)
		if v.chance(10) {
			away *= 4 // longer than its session may last
		}
		t := time.NewTimer(away)
		select {
		case <-t.C:
			v.visit(p)
			v.visits++
		case <-enough:
			t.Stop()
			if l, _ := v.world.dial(p, wire.Connect{Version: app.V311, Clean: true, ClientID: v.name}); l != nil {
				l.Leave(0)
			}
			return
		case <-v.world.ctx.Done():
			t.Stop()
			return
		}
	}
}

func (v *visitor) visit(p *Process) {
	o := v.connect()
	l, _ := v.world.dial(p, o)
	if l == nil {
		return
	}
	defer l.Drop()
	l.tick = 100 * time.Millisecond
	l.send(&wire.Subscribe{ID: 60_000, Filters: v.filters()})
	for i := range 1 + v.random.IntN(10) {
		l.send(v.message(o.Version, uint16(i+1)))
	}
	if v.chance(20) { // it reads nothing
		v.world.pause(v.upTo(time.Second))
	} else if !v.listen(l, v.upTo(2*time.Second)) {
		return
	}
	switch v.random.IntN(4) {
	case 0:
		l.hangUp()
	case 1:
		reason := app.ReasonSuccess
		if o.Version == app.V5 && v.chance(2) {
			reason = app.ReasonDisconnectWithWill
		}
		l.send(&wire.Disconnect{Reason: reason})
		l.hangUp()
	case 2:
		l.gone.Store(true)
		l.Leave(app.ReasonSuccess)
	case 3: // in the middle of a packet
		l.Raw([]byte{0x30, 100, 0})
		l.hangUp()
	}
}

// connect returns what it says first: version, session and will change.
func (v *visitor) connect() wire.Connect {
	o := wire.Connect{Version: app.V311, ClientID: v.name, Clean: v.chance(2), KeepAlive: 60}
	if v.chance(2) {
		o.Version = app.V5
		o.Properties.Add(wire.SessionExpiry)
		o.Properties.SessionExpiry = uint32(v.random.IntN(4))
	}
	if !v.chance(3) {
		return o
	}
	o.HasWill = true
	o.Will = wire.Will{Topic: "soak/wills/" + v.name, Payload: []byte("gone"), QoS: app.QoS(v.random.IntN(3)), Retain: v.chance(5)}
	if o.Version == app.V5 {
		o.Will.Properties.Add(wire.WillDelay)
		o.Will.Properties.WillDelay = uint32(v.random.IntN(3))
	}
	return o
}

func (v *visitor) filters() []app.Subscription {
	list := []app.Subscription{{Filter: fmt.Sprintf("soak/%d/#", v.random.IntN(50)), QoS: app.QoS(v.random.IntN(3))}}
	if v.chance(3) {
		list = append(list, app.Subscription{Filter: fmt.Sprintf("soak/+/%d", v.random.IntN(200)), QoS: app.QoS1})
	}
	if v.chance(5) {
		list = append(list, app.Subscription{Filter: fmt.Sprintf("$share/g%d/soak/#", v.random.IntN(3)), QoS: app.QoS2})
	}
	return list
}

// message returns one of any QoS; some are retained, delete what is, or
// expire. There are so few topics that what is retained does not grow.
func (v *visitor) message(version app.Version, id uint16) *wire.Publish {
	p := &wire.Publish{Topic: fmt.Sprintf("soak/%d/%d", v.random.IntN(50), v.number), QoS: app.QoS(v.random.IntN(3))}
	p.Payload = filling[:v.random.IntN(1000)]
	if p.QoS > app.QoS0 {
		p.ID = id
	}
	if v.chance(5) {
		p.Retain = true
		p.Topic = fmt.Sprintf("soak/%d/%d", v.random.IntN(50), v.number%4)
		if v.chance(2) {
			p.Payload = nil
		}
	}
	if version == app.V5 && v.chance(3) {
		p.Properties.Add(wire.MessageExpiry)
		p.Properties.MessageExpiry = uint32(1 + v.random.IntN(5))
	}
	return p
}

// listen acknowledges what comes for so long. It reports whether the
// connection still stands.
func (v *visitor) listen(l *link, d time.Duration) bool {
	var got []wire.Packet
	for end := time.Now().Add(d); time.Now().Before(end); {
		var ok bool
		if got, ok = l.batch(got); !ok {
			return false
		}
		var answers []wire.Packet
		for _, p := range got {
			switch p := p.(type) {
			case *wire.Publish:
				switch p.QoS {
				case app.QoS1:
					answers = append(answers, &wire.PubAck{Ack: wire.Ack{ID: p.ID}})
				case app.QoS2:
					answers = append(answers, &wire.PubRec{Ack: wire.Ack{ID: p.ID}})
				}
			case *wire.PubRec:
				answers = append(answers, &wire.PubRel{Ack: wire.Ack{ID: p.ID}})
			case *wire.PubRel:
				answers = append(answers, &wire.PubComp{Ack: wire.Ack{ID: p.ID}})
			}
		}
		l.send(answers...)
	}
	return true
}
