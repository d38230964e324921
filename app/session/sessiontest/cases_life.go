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
	if e.version == app.V5 {
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
		e.Skip("sessions do not outlive a link")
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
	once, twice := 0, 0
	for once < count || twice < count {
		m := in.Next(e)
		want := &once
		if m.Topic == "q/2" {
			want = &twice
		}
		switch string(m.Payload) {
		case fmt.Sprint(*want):
			*want++
		default:
			if m.Topic == "q/2" {
				e.Fatalf("QoS 2: got %s, want %d", m.Payload, *want)
			}
			if !m.Dup {
				e.Errorf("QoS 1: got %s without DUP, want %d", m.Payload, *want)
			}
		}
	}
	e.publish(sender, app.Publish{Topic: "q/2", Payload: []byte("end"), QoS: app.QoS2})
	for {
		m := in.Next(e)
		if string(m.Payload) == "end" {
			return
		}
		if m.Topic == "q/2" {
			e.Errorf("QoS 2: %s came again", m.Payload)
		}
	}
}

// patienceLeft keeps a loop within the patience of the suite.
func patienceLeft(start time.Time) bool { return time.Since(start) < patience }
