package engine_test

import (
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"tidings/app"
	"tidings/app/mqtt/wire"
	"tidings/brokerlocal/engine/auth"
	"tidings/brokerlocal/engine/enginetest"
)

// moody lets everyone do everything, and panics when it is asked for one topic
// after it was armed.
type moody struct {
	auth.AllowAll
	armed atomic.Bool
}

func (m *moody) Read(who *auth.Client, topic string) bool {
	if topic == "boom" && m.armed.Load() {
		panic("no mood for " + topic)
	}
	return m.AllowAll.Read(who, topic)
}

// A panic while the journal delivers ends the publisher's connection, is
// logged and counted, and acknowledges nothing; the broker goes on, for the
// receiver too, and the message coming again is taken.
func TestAFaultWhileAMessageIsStoredEndsOneConnection(t *testing.T) {
	mood := &moody{}
	promise{options: options{durable: true, authorizer: mood}}.inTime(t, func(t *testing.T, b *broker, v app.Version) {
		mood.armed.Store(false)
		away, _ := b.stay(t, v, "away")
		away.Sub("#", app.QoS1)
		away.Leave(0)
		sub := b.join(t, v, "sub")
		sub.Sub("#", app.QoS1)
		pub := b.join(t, v, "pub")
		release := b.hold(t)
		p := &wire.Publish{Topic: "boom", Payload: []byte("1"), QoS: app.QoS1, ID: 7}
		pub.Send(p)
		synctest.Wait()
		mood.armed.Store(true)
		release()
		pub.Closed(app.ReasonUnspecified)
		if pub.Waiting() != 0 {
			t.Error("acknowledged")
		}
		mood.armed.Store(false)
		if f := b.ours.Snapshot().Faults; f != 1 {
			t.Errorf("%d faults counted", f)
		}
		if log := b.ours.log.String(); !strings.Contains(log, "no mood for boom") || !strings.Contains(log, "deliver.go") {
			t.Errorf("the log does not say where:\n%s", log)
		}
		pub = b.join(t, v, "pub")
		if r := pub.PublishPacket(p); r.IsError() {
			t.Errorf("acknowledged with %s", r)
		}
		pub.Publish("calm", "2", app.QoS1)
		away, _ = b.stay(t, v, "away")
		last := ""
		for n := 0; last != "calm"; n++ {
			q := away.Receive()
			if last = q.Topic; n > 3 {
				t.Fatal("too many")
			}
		}
		for {
			if q := enginetest.Await[*wire.Publish](sub); q.Topic == "calm" {
				break
			}
		}
	})
}

// A panic while a session sends what was stored for it ends its connection, so
// that what it missed comes on the next.
func TestAFaultWhileASessionSendsEndsItsConnection(t *testing.T) {
	mood := &moody{}
	promise{options: options{durable: true, authorizer: mood}}.inTime(t, func(t *testing.T, b *broker, v app.Version) {
		mood.armed.Store(false)
		sub, _ := b.stay(t, v, "sub")
		sub.Sub("boom", app.QoS1)
		pub := b.join(t, v, "pub")
		release := b.hold(t)
		pub.Send(&wire.Publish{Topic: "boom", Payload: []byte("1"), QoS: app.QoS1, ID: 7})
		synctest.Wait()
		mood.armed.Store(true)
		release()
		sub.Closed(app.ReasonUnspecified)
		enginetest.Await[*wire.PubAck](pub)
		mood.armed.Store(false)
		sub, _ = b.stay(t, v, "sub")
		sub.Want("boom", "1", app.QoS1)
		sub.Quiet()
	})
}
