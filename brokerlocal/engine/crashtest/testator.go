package crashtest

import (
	"tidings/app"
	"tidings/app/mqtt/wire"
)

// testator is connected with a will, another one each time. When the broker
// dies, so does the connection: the will that a CONNACK agreed to is published
// once, after the restart.
type testator struct {
	world *world
	wills *stream // acknowledged are those that have to be published
}

// run connects in life after life, until enough is closed; then it takes its
// leave, and the last will with it.
func (s *testator) run(enough <-chan struct{}) {
	for last := 0; ; {
		broker, life, ok := s.world.next(last, 0)
		if !ok {
			return
		}
		last = life
		n := s.wills.add()
		c := wire.Connect{Version: app.V5, ClientID: "testator", HasWill: true}
		c.Properties.Add(wire.SessionExpiry)
		c.Properties.SessionExpiry = 3600
		c.Will = wire.Will{Topic: s.wills.topic, QoS: s.wills.qos, Payload: s.wills.payload(n)}
		l, _ := s.world.dial(broker, c)
		if l == nil {
			continue
		}
		if s.wait(l, enough) {
			l.Leave(app.ReasonSuccess)
			return
		}
		s.wills.acknowledged(n)
		l.Drop()
	}
}

// wait returns true when it is enough, false when the broker has died.
func (s *testator) wait(l *link, enough <-chan struct{}) bool {
	var got []wire.Packet
	for ok := true; ok; got, ok = l.batch(got) {
		select {
		case <-enough:
			return true
		default:
		}
	}
	return false
}
