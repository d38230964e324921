package sessiontest

import (
	"fmt"
	"sync"
	"time"

	"tidings/app"
)

func will(o *app.ConnectOptions) {
	o.Will = &app.Will{Topic: "will", Payload: []byte("gone"), QoS: app.QoS1}
}

func caseWillOnDrop(e *env) {
	watcher, in := e.dial()
	e.subscribe(watcher, "will", app.QoS1)
	c, _ := e.dial(will)
	if err := c.Drop(); err != nil {
		e.Fatal(err)
	}
	if m := in.Next(e); m.Topic != "will" || string(m.Payload) != "gone" {
		e.Errorf("got %+v", m)
	}
}

func caseNoWillOnDisconnect(e *env) {
	watcher, in := e.dial()
	e.subscribe(watcher, "will", app.QoS1)
	c, _ := e.dial(will)
	if err := c.Disconnect(e.ctx(), app.ReasonSuccess); err != nil {
		e.Fatal(err)
	}
	// The broker publishes a will before it takes the same identifier's next
	// connection, so that this message would come second.
	other, _ := e.dial()
	e.publish(other, app.Publish{Topic: "will", Payload: []byte("mark"), QoS: app.QoS1})
	if m := in.Next(e); string(m.Payload) != "mark" {
		e.Errorf("got %+v", m)
	}
}

// noEvent checks that nothing is reported: Close, which waits for everything,
// closes an empty channel.
func noEvent(e *env, c app.Client) {
	e.Helper()
	if err := c.Close(); err != nil {
		e.Errorf("close: %v", err)
	}
	for ev := range c.Events() {
		e.Errorf("event %+v", ev)
	}
}

func caseDropQuiet(e *env) {
	c, _ := e.dial()
	if err := c.Drop(); err != nil {
		e.Fatal(err)
	}
	if _, err := c.Connect(e.ctx(), e.options(NewInbox())); err != nil {
		e.Fatal(err)
	}
	if err := c.Disconnect(e.ctx(), app.ReasonSuccess); err != nil {
		e.Fatal(err)
	}
	noEvent(e, c)
}

func caseBrokerDies(e *env) {
	if e.broker.Kill == nil {
		e.Skip("this broker cannot be killed")
	}
	c, _ := e.dial()
	var wg sync.WaitGroup
	stop := make(chan struct{})
	for range 4 { // publishing all the while: every call must end
		wg.Go(func() {
			for {
				res, err := c.Publish(e.ctx(), app.Publish{Topic: "x", QoS: app.QoS2, Payload: make([]byte, 1000)})
				if err != nil {
					return
				}
				select {
				case <-stop:
					e.Errorf("publish without a broker: %+v", res)
					return
				default:
				}
			}
		})
	}
	e.broker.Kill()
	if ev := e.event(c); ev.Kind != app.EventDown && ev.Kind != app.EventServerDisconnect {
		e.Errorf("event %+v", ev)
	} else if ev.Kind == app.EventServerDisconnect {
		if ev = e.event(c); ev.Kind != app.EventDown {
			e.Errorf("event %+v", ev)
		}
	} else if ev.Err == nil {
		e.Error("EventDown without a cause")
	}
	close(stop)
	wg.Wait()
	if _, err := c.Publish(e.ctx(), app.Publish{Topic: "x"}); err == nil {
		e.Error("publish after the end succeeded")
	}
	noEvent(e, c)
}

func caseTakenOver(e *env) {
	c, _ := e.dial(kept("twin"))
	e.dial(kept("twin"))
	ev := e.event(c)
	if e.version == app.V5 && e.broker.SaysTakenOver {
		if ev.Kind != app.EventServerDisconnect || ev.Reason != app.ReasonSessionTakenOver {
			e.Errorf("event %+v", ev)
		}
		ev = e.event(c)
	}
	if ev.Kind != app.EventDown || ev.Err == nil {
		e.Errorf("event %+v", ev)
	}
	noEvent(e, c)
}

func caseSessionPresent(e *env) {
	if e.broker.NoPersistence || e.version == app.V31 {
		e.Skip("3.1 does not tell")
	}
	in := NewInbox()
	o := e.options(in)
	kept("stays")(&o)
	c := e.client()
	for i, want := range []bool{false, true, true} {
		ack, err := c.Connect(e.ctx(), o)
		if err != nil || ack.SessionPresent != want {
			e.Fatalf("connection %d: %+v, %v", i, ack, err)
		}
		if i == 1 {
			err = c.Disconnect(e.ctx(), app.ReasonSuccess)
		} else {
			err = c.Drop()
		}
		if err != nil {
			e.Fatal(err)
		}
	}
	o.Clean = true
	if ack, err := c.Connect(e.ctx(), o); err != nil || ack.SessionPresent {
		e.Errorf("clean: %+v, %v", ack, err)
	}
}

// caseQueued cuts the link again and again while messages flow in: with a
// kept session each QoS 1 message arrives at least once and each QoS 2
// message exactly once, in order.
func caseQueued(e *env) {
	if e.broker.NoPersistence {
		e.Skip("the broker does not keep what it queues")
	}
	const count, cuts = 120, 6
	in := NewInbox()
	o := e.options(in)
	kept("away")(&o)
	c := e.client()
	connect := func() {
		e.Helper()
		if _, err := c.Connect(e.ctx(), o); err != nil {
			e.Fatalf("connect: %v", err)
		}
	}
	connect()
	e.subscribe(c, "q/#", app.QoS2)
	sender, _ := e.dial()
	var wg sync.WaitGroup
	next := make(chan int, count)
	wg.Go(func() {
		defer close(next)
		for i := range count {
			e.publish(sender, app.Publish{Topic: "q/1", Payload: fmt.Append(nil, i), QoS: app.QoS1})
			e.publish(sender, app.Publish{Topic: "q/2", Payload: fmt.Append(nil, i), QoS: app.QoS2})
			next <- i
		}
	})
	for i := range next {
		if i%(count/cuts) == count/cuts-1 {
			if err := c.Drop(); err != nil {
				e.Fatal(err)
			}
			connect()
		}
	}
	wg.Wait()
	e.publish(sender, app.Publish{Topic: "q/2", Payload: []byte("end"), QoS: app.QoS2})
	seen := map[string]int{}
	var order []string // first arrivals
	for len(seen) < 2*count+1 {
		m := in.Next(e)
		id := m.Topic + " " + string(m.Payload)
		if seen[id]++; seen[id] == 1 {
			order = append(order, id)
		} else if m.QoS == app.QoS2 || !m.Dup {
			e.Errorf("%s came %d times, DUP %t", id, seen[id], m.Dup)
		}
	}
	next1, next2 := 0, 0
	for _, id := range order { // [MQTT-4.6.0-5]
		switch id {
		case fmt.Sprint("q/1 ", next1):
			next1++
		case fmt.Sprint("q/2 ", next2):
			next2++
		case "q/2 end":
		default:
			e.Fatalf("out of order: %s, want %d or %d", id, next1, next2)
		}
	}
}

// caseInFlight loses the link at each step of an outgoing flow. With a kept
// session the message arrives after the reconnect: with QoS 2 exactly once.
func caseInFlight(e *env) {
	if e.broker.NoPersistence || e.broker.Host == "" {
		e.Skip("no link to cut, or a broker that forgets what was in flight")
	}
	watcher, in := e.dial()
	e.subscribe(watcher, "f/#", app.QoS2)
	proxy := startProxy(e)
	for _, step := range []struct {
		name    string
		q       app.QoS
		up      bool // the PUBLISH reaches the broker
		answers int  // answers that reach the client
		waits   app.InFlight
	}{
		{"QoS 1, PUBLISH lost", app.QoS1, false, 0, app.InFlight{PubAck: 1}},
		{"QoS 1, PUBACK lost", app.QoS1, true, 0, app.InFlight{PubAck: 1}},
		{"QoS 2, PUBLISH lost", app.QoS2, false, 0, app.InFlight{PubRec: 1}},
		{"QoS 2, PUBREC lost", app.QoS2, true, 0, app.InFlight{PubRec: 1}},
		{"QoS 2, PUBCOMP lost", app.QoS2, true, 1, app.InFlight{PubComp: 1}},
	} {
		c := e.client()
		o := e.options(NewInbox())
		kept(app.RandomClientID())(&o)
		o.Port, o.KeepAlive = proxy.port, 0
		proxy.open()
		if _, err := c.Connect(e.ctx(), o); err != nil {
			e.Fatalf("%s: %v", step.name, err)
		}
		e.publish(c, app.Publish{Topic: "other", QoS: app.QoS2}) // identifiers move on
		proxy.restrict(step.up, step.answers)
		done := make(chan error, 1)
		go func() {
			_, err := c.Publish(e.ctx(), app.Publish{Topic: "f/1", Payload: []byte(step.name), QoS: step.q})
			done <- err
		}()
		proxy.waitBlocked(e)
		proxy.cut()
		if err := <-done; err == nil {
			e.Errorf("%s: publish without an answer succeeded", step.name)
		}
		if ev := e.event(c); ev.Kind != app.EventDown {
			e.Errorf("%s: event %+v", step.name, ev)
		}
		e.inFlight(c, step.name, step.waits)
		proxy.open()
		if ack, err := c.Connect(e.ctx(), o); err != nil || (e.version != app.V31 && !ack.SessionPresent) {
			e.Fatalf("%s: reconnect: %+v, %v", step.name, ack, err)
		}
		// New requests must not meet the identifiers of the old ones.
		for i := range 3 {
			e.publish(c, app.Publish{Topic: "f/2", Payload: fmt.Append(nil, i), QoS: app.QoS2})
		}
		e.subscribe(c, "x", app.QoS1)
		times := map[string]int{}
		for times["2"] == 0 {
			times[string(in.Next(e).Payload)]++
		}
		if n := times[step.name]; n < 1 || n > 1 && step.q == app.QoS2 {
			e.Errorf("%s: arrived %d times", step.name, n)
		}
		if times["0"] != 1 || times["1"] != 1 {
			e.Errorf("%s: new messages arrived %v", step.name, times)
		}
		e.inFlight(c, step.name+", sent again", app.InFlight{})
		if err := c.Drop(); err != nil {
			e.Error(err)
		}
	}
}

// inFlight waits until the client says that so much is in flight.
func (e *env) inFlight(c app.Client, when string, want app.InFlight) {
	e.Helper()
	counts, ok := c.(interface{ InFlight() app.InFlight })
	if !ok {
		e.Fatal("the client does not tell what is in flight")
	}
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	var got app.InFlight
	for start := time.Now(); patienceLeft(start); <-tick.C {
		got = counts.InFlight()
		if since := got.Oldest; since.IsZero() != (want.Total() == 0) || time.Since(since) > patience && !since.IsZero() {
			continue
		}
		got.Oldest = time.Time{}
		if got == want {
			return
		}
	}
	e.Errorf("%s: in flight %+v, want %+v", when, got, want)
}

// patienceLeft keeps a loop within the patience of the suite.
func patienceLeft(start time.Time) bool { return time.Since(start) < patience }
