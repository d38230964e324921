package engine_test

import (
	"fmt"
	"log/slog"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tidings/app"
	"tidings/app/mqtt/wire"
	"tidings/brokerlocal/engine"
	"tidings/brokerlocal/engine/enginetest"
)

// figures reads what is retained under $SYS/broker.
func figures(t *testing.T, b *broker, v app.Version) map[string]string {
	t.Helper()
	c := b.join(t, v, "reader-of-sys")
	c.Sub("$SYS/#", app.QoS0)
	c.Fence()
	list := map[string]string{}
	for c.Waiting() > 0 {
		p := c.Receive()
		list[strings.TrimPrefix(p.Topic, "$SYS/broker/")] = string(p.Payload)
	}
	c.Leave(0)
	return list
}

// The figures stand under mosquitto's topic names.
func TestSysHasMosquittosTopics(t *testing.T) {
	topics := []string{
		"version", "uptime", "clients/total", "clients/maximum", "clients/connected", "clients/disconnected",
		"clients/active", "clients/inactive", "clients/expired", "messages/received", "messages/sent",
		"publish/messages/dropped", "publish/messages/received", "publish/messages/sent",
		"publish/bytes/received", "publish/bytes/sent", "bytes/received", "bytes/sent",
		"retained messages/count", "subscriptions/count", "store/messages/count", "store/messages/bytes",
		"load/messages/received/1min", "load/publish/received/5min", "load/publish/sent/15min", "load/publish/dropped/1min",
		"load/bytes/received/1min", "load/sockets/1min", "load/connections/1min",
	}
	promise{versions: from311, options: options{sysInterval: time.Second}}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		first := b.join(t, v, "c")
		first.Sub("$SYS/broker/uptime", app.QoS0)
		was := first.Receive() // now there has been a round
		for string(first.Receive().Payload) == string(was.Payload) {
			continue // it came both as retained and as published
		} // and now another, which comes after the loads of the first
		got := figures(t, b, v)
		for _, topic := range topics {
			value, ok := got[topic]
			if !ok && !(b.ours == nil && strings.HasPrefix(topic, "load/")) { // mosquitto says loads later
				t.Errorf("%s is missing", topic)
			}
			if _, err := strconv.ParseFloat(strings.TrimSuffix(value, " seconds"), 64); ok && topic != "version" && err != nil {
				t.Errorf("%s: %q is no number", topic, value)
			}
		}
	})
}

// The figures are right, and what belongs to $SYS itself is not in them.
func TestSysCountsWhatHappensAndNotItself(t *testing.T) {
	o := options{sysInterval: 10 * time.Second, queueMessages: 2}
	promise{options: o}.inTime(t, func(t *testing.T, b *broker, v app.Version) {
		away, _ := b.stay(t, v, "away")
		away.Sub("t", app.QoS1)
		away.Leave(0)
		// It never reads, so much of $SYS is dropped for it, uncounted.
		watcher := b.join(t, v, "watcher")
		watcher.Sub("$SYS/#", app.QoS0)
		sub, pub := b.join(t, v, "sub"), b.join(t, v, "pub")
		sub.Sub("t", app.QoS1)
		sub.Sub("$share/g/t", app.QoS1)
		pub.Retain("r", "four", app.QoS1)
		for range 5 {
			pub.Publish("t", "four", app.QoS1)
			sub.Receive()
			sub.Receive()
			sub.Fence() // the queue has room again
		}
		time.Sleep(21 * time.Second)
		synctest.Wait()
		got := figures(t, b, v)
		want := map[string]string{
			"clients/connected": "3", "clients/disconnected": "1", "clients/total": "4",
			"retained messages/count": "1", "publish/messages/received": "6", "publish/messages/sent": "10",
			"publish/messages/dropped": "3", "publish/bytes/received": "24", "publish/bytes/sent": "40",
			"subscriptions/count": "4",
		}
		for topic, value := range want {
			if got[topic] != value {
				t.Errorf("%s: %s, want %s", topic, got[topic], value)
			}
		}
		time.Sleep(30 * time.Minute)
		for topic, value := range want {
			if again := figures(t, b, v)[topic]; again != value && !strings.HasPrefix(topic, "clients") {
				t.Errorf("%s later: %s, want %s", topic, again, value)
			}
		}
	})
}

// $SYS and Snapshot tell the same.
func TestSysAgreesWithTheSnapshot(t *testing.T) {
	promise{options: options{sysInterval: 10 * time.Second}}.inTime(t, func(t *testing.T, b *broker, v app.Version) {
		c := b.join(t, v, "c")
		for i := range 7 {
			c.Sub(fmt.Sprintf("f/%d", i), app.QoS1)
		}
		c.Retain("r/1", "x", app.QoS1)
		time.Sleep(11 * time.Second)
		s := b.ours.Snapshot()
		if s.Clients != 1 || s.Subscriptions != 7 || s.Retained != 1 || s.MessagesIn != 1 || s.MessagesOut != 0 {
			t.Errorf("%+v", s)
		}
		got := figures(t, b, v)
		if got["subscriptions/count"] != "7" || got["retained messages/count"] != "1" {
			t.Errorf("%s subscriptions, %s retained", got["subscriptions/count"], got["retained messages/count"])
		}
	})
}

// A round comes every ten seconds unless another interval is set.
func TestSysComesEveryTenSeconds(t *testing.T) {
	if engine.DefaultSysInterval != 10*time.Second {
		t.Errorf("the default is %v", engine.DefaultSysInterval)
	}
	promise{versions: onlyV5, options: options{sysInterval: engine.DefaultSysInterval}}.inTime(t, func(t *testing.T, b *broker, v app.Version) {
		c := b.join(t, v, "c")
		c.Sub("$SYS/broker/uptime", app.QoS0)
		c.Timeout = time.Minute
		c.Receive()
		start := time.Now()
		for range 6 {
			if p := c.Receive(); p.Retain {
				t.Error("RETAIN on a live message")
			}
		}
		if d := time.Since(start); d < 50*time.Second || d > 61*time.Second {
			t.Errorf("six rounds in %v", d)
		}
	})
}

// Only the broker writes $SYS. Whoever tries is answered, at every QoS, and
// nobody gets it.
func TestOnlyTheBrokerWritesSys(t *testing.T) {
	promise{mosquitto: "lets clients write there"}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		spy, c := b.join(t, v, "spy"), b.join(t, v, "c")
		spy.Sub("$SYS/fake/#", app.QoS2)
		for qos := app.QoS0; qos <= app.QoS2; qos++ {
			r := c.Retain("$SYS/fake/x", "lie", qos)
			if qos > 0 && v == app.V5 && r != app.ReasonNotAuthorized {
				t.Errorf("QoS %d: %s", qos, r)
			}
		}
		c.Quiet()
		spy.Quiet()
		late := b.join(t, v, "late")
		late.Sub("$SYS/fake/#", app.QoS2)
		late.Quiet()
		m := b.client(t, v)
		o := mortal("mortal", true)
		o.Will.Topic = "$SYS/fake/will"
		if m.Connect(o).Reason == 0 {
			m.Vanish()
		}
		spy.Quiet()
	})
}

// The log says who came, from where and how, in mosquitto's words, what was
// sent, and who left.
func TestTheLogSpeaksLikeMosquitto(t *testing.T) {
	o := options{limits: limits{logLevel: slog.LevelDebug}}
	promise{options: o}.inTime(t, func(t *testing.T, b *broker, v app.Version) {
		c := b.client(t, v)
		c.Join(wire.Connect{ClientID: "dev1", Clean: true, KeepAlive: 60, HasUser: true, User: "ana", HasPassword: true, Password: "s3cr3t-pw"})
		c.Sub("lab/#", app.QoS1)
		c.PublishPacket(&wire.Publish{Topic: "lab/t", Payload: []byte("21.5"), QoS: app.QoS1, ID: 3})
		c.Receive()
		c.Leave(0)
		b.settle()
		log := b.ours.log.String()
		for _, want := range []string{
			`New connection from 127\.0\.0\.1`,
			`New client connected from 127\.0\.0\.1:49152 as dev1 \(p` + map[app.Version]string{app.V31: "1", app.V311: "2", app.V5: "5"}[v] + `, c1, k60, u'ana'\)`,
			`Received SUBSCRIBE from dev1`,
			`Received PUBLISH from dev1 \(d0, q1, r0, m3, 'lab/t', \.\.\. \(4 bytes\)\)`,
			`Sending PUBACK to dev1 \(m3`,
			`Sending PUBLISH to dev1 \(d0, q1, r0, m1, 'lab/t', \.\.\. \(4 bytes\)\)`,
			`Client dev1 .*disconnected`,
		} {
			if !regexp.MustCompile(want).MatchString(log) {
				t.Errorf("the log has no line like %s", want)
			}
		}
		if strings.Contains(log, "s3cr3t-pw") || strings.Contains(log, "21.5") {
			t.Error("the log tells a password or a payload")
		}
		if t.Failed() {
			t.Log(log)
		}
	})
}

// What a screen needs of the clients.
func TestTheBrokerKnowsItsClients(t *testing.T) {
	promise{}.inTime(t, func(t *testing.T, b *broker, v app.Version) {
		c := b.client(t, v)
		c.Join(wire.Connect{ClientID: "dev1", Clean: true, KeepAlive: 60, HasUser: true, User: "ana"})
		c.Sub("t", app.QoS1)
		c.Publish("t", "x", app.QoS1)
		enginetest.Next[*wire.Publish](c)
		away, _ := b.stay(t, v, "away")
		away.Sub("t", app.QoS1)
		away.Leave(0)
		c.Publish("t", "y", app.QoS1)
		b.settle()
		list := b.ours.Clients()
		if len(list) != 1 {
			t.Fatalf("%d clients", len(list))
		}
		got := list[0]
		if got.ID != "dev1" || got.User != "ana" || got.Version != v || got.Address != "127.0.0.1:49152" ||
			got.KeepAlive != time.Minute || !got.Connected || got.MessagesIn != 2 || got.MessagesOut != 2 || got.InFlight != 2 || got.Filters != 1 {
			t.Errorf("%+v", got)
		}
		sessions := b.ours.Sessions()
		if len(sessions) != 1 || sessions[0].ID != "away" || sessions[0].Queued != 1 || sessions[0].Connected {
			t.Errorf("%+v", sessions)
		}
		if n := len(b.ours.Subscriptions()); n != 2 {
			t.Errorf("%d subscriptions", n)
		}
	})
}
