package sessiontest

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"sync"
	"testing"

	"tidings/app"
)

func casePublish(e *env) {
	c, in := e.dial()
	e.subscribe(c, "t/#", app.QoS2)
	for q := range app.QoS(3) {
		res, err := c.Publish(e.ctx(), app.Publish{Topic: fmt.Sprintf("t/%d", q), Payload: []byte("x"), QoS: q})
		if err != nil || res.Reason.IsError() || res.Took <= 0 {
			e.Fatalf("QoS %d: %+v, %v", q, res, err)
		}
		m := in.Next(e)
		if m.Topic != fmt.Sprintf("t/%d", q) || string(m.Payload) != "x" || m.QoS != q || m.Retained || m.Dup {
			e.Errorf("QoS %d: got %+v", q, m)
		}
	}
}

func caseBadTopics(e *env) {
	c, _ := e.dial()
	var said *app.Error
	for _, topic := range []string{"", "a/#", "a\xff", "a\x00"} {
		if _, err := c.Publish(e.ctx(), app.Publish{Topic: topic}); !errors.As(err, &said) {
			e.Errorf("publish %q: %v", topic, err)
		}
	}
	if _, err := c.Publish(e.ctx(), app.Publish{Topic: "a", QoS: 3}); !errors.As(err, &said) {
		e.Errorf("QoS 3: %v", err)
	}
	for _, filter := range []string{"", "a#", "a/#/b", "a+", "a\xff", "$share//x"} {
		if _, err := c.Subscribe(e.ctx(), app.Subscription{Filter: filter}); !errors.As(err, &said) {
			e.Errorf("subscribe %q: %v", filter, err)
		}
		if _, err := c.Unsubscribe(e.ctx(), filter); !errors.As(err, &said) {
			e.Errorf("unsubscribe %q: %v", filter, err)
		}
	}
	e.publish(c, app.Publish{Topic: "a", QoS: app.QoS1}) // the link is as before
}

func caseRefusedPublish(e *env) {
	if e.broker.DeniedTopic == "" || e.version != app.V5 {
		e.Skip("nothing to be told: 3.x has no refusal of a PUBLISH")
	}
	c, _ := e.dial()
	for _, q := range []app.QoS{app.QoS1, app.QoS2} {
		res, err := c.Publish(e.ctx(), app.Publish{Topic: e.broker.DeniedTopic, QoS: q})
		if err != nil || res.Reason != app.ReasonNotAuthorized {
			e.Errorf("QoS %d: %+v, %v", q, res, err)
		}
	}
}

func caseSubscribe(e *env) {
	c, _ := e.dial()
	for q := range app.QoS(3) {
		e.subscribe(c, "granted/+", q)
	}
	if e.broker.DeniedFilter == "" || e.version == app.V31 {
		return // 3.1 has no refusal of a filter
	}
	res, err := c.Subscribe(e.ctx(), app.Subscription{Filter: "fine", QoS: app.QoS1}, app.Subscription{Filter: e.broker.DeniedFilter})
	if err != nil || len(res) != 2 {
		e.Fatalf("%+v, %v", res, err)
	}
	want := app.ReasonUnspecified // 0x80, all that 3.1.1 has
	if e.version == app.V5 {
		want = app.ReasonNotAuthorized
	}
	if q, ok := res[0].Granted(); !ok || q != app.QoS1 {
		e.Errorf("granted %+v", res[0])
	}
	if _, ok := res[1].Granted(); ok || res[1].Reason != want || res[1].Filter != e.broker.DeniedFilter {
		e.Errorf("refused %+v", res[1])
	}
}

func caseSubscribeMany(e *env) {
	c, in := e.dial()
	var subs []app.Subscription
	for i := range 60 {
		subs = append(subs, app.Subscription{Filter: fmt.Sprintf("many/%d", i), QoS: app.QoS(i % 3)})
	}
	res, err := c.Subscribe(e.ctx(), subs...)
	if err != nil || len(res) != len(subs) {
		e.Fatalf("%d results, %v", len(res), err)
	}
	for i, r := range res {
		if r.Filter != subs[i].Filter || r.Reason != app.ReasonCode(subs[i].QoS) {
			e.Errorf("result %d: %+v", i, r)
		}
	}
	e.publish(c, app.Publish{Topic: "many/59"})
	if m := in.Next(e); m.Topic != "many/59" {
		e.Errorf("got %+v", m)
	}
}

func caseUnsubscribe(e *env) {
	c, in := e.dial()
	e.subscribe(c, "a", app.QoS1)
	e.subscribe(c, "b", app.QoS1)
	res, err := c.Unsubscribe(e.ctx(), "a", "never")
	if err != nil || len(res) != 2 || res[0] != (app.SubResult{Filter: "a"}) || res[1].Filter != "never" {
		e.Fatalf("%+v, %v", res, err)
	}
	e.publish(c, app.Publish{Topic: "a", QoS: app.QoS1})
	e.publish(c, app.Publish{Topic: "b", QoS: app.QoS1})
	if m := in.Next(e); m.Topic != "b" {
		e.Errorf("got %+v", m)
	}
}

func caseRetained(e *env) {
	c, in := e.dial()
	e.publish(c, app.Publish{Topic: "keep", Payload: []byte("v"), QoS: app.QoS1, Retain: true})
	e.subscribe(c, "keep", app.QoS1)
	if m := in.Next(e); !m.Retained || string(m.Payload) != "v" {
		e.Errorf("stored: %+v", m)
	}
	e.publish(c, app.Publish{Topic: "keep", Payload: []byte("w"), QoS: app.QoS1, Retain: true})
	if m := in.Next(e); m.Retained || string(m.Payload) != "w" { // [MQTT-3.3.1-9]
		e.Errorf("live: %+v", m)
	}
}

func caseEmpty(e *env) {
	c, in := e.dial()
	e.subscribe(c, "e", app.QoS2)
	for q := range app.QoS(3) {
		e.publish(c, app.Publish{Topic: "e", QoS: q})
		if m := in.Next(e); len(m.Payload) != 0 || m.QoS != q {
			e.Errorf("got %+v", m)
		}
	}
}

func caseBig(e *env) {
	if testing.Short() {
		e.Skip("short")
	}
	c, in := e.dial()
	e.subscribe(c, "big", app.QoS1)
	payload := bytes.Repeat([]byte("0123456789"), 1<<20)
	for _, q := range []app.QoS{app.QoS0, app.QoS1} {
		e.publish(c, app.Publish{Topic: "big", Payload: payload, QoS: q})
		if m := in.Next(e); !bytes.Equal(m.Payload, payload) {
			e.Errorf("QoS %d: %d bytes came back", q, len(m.Payload))
		}
	}
}

func caseProperties(e *env) {
	c, in := e.dial()
	e.subscribe(c, "p", app.QoS2)
	sent := &app.Properties{
		PayloadIsUTF8: true, MessageExpiry: new(uint32(600)), ContentType: "text/plain", ResponseTopic: "answer",
		CorrelationData: []byte{0, 1, 2}, User: []app.UserProperty{{Name: "k", Value: "1"}, {Name: "k", Value: "2"}},
	}
	for q := range app.QoS(3) {
		e.publish(c, app.Publish{Topic: "p", Payload: []byte("x"), QoS: q, Properties: sent})
		got := in.Next(e).Properties
		switch {
		case e.version != app.V5:
			if got != nil {
				e.Errorf("QoS %d: properties %+v", q, got)
			}
		case got == nil || got.MessageExpiry == nil || *got.MessageExpiry > 600 || *got.MessageExpiry < 500:
			e.Fatalf("QoS %d: properties %+v", q, got)
		default:
			got.MessageExpiry = sent.MessageExpiry
			if !reflect.DeepEqual(got, sent) {
				e.Errorf("QoS %d: properties %+v, want %+v", q, got, sent)
			}
		}
	}
	e.publish(c, app.Publish{Topic: "p", QoS: app.QoS1})
	if m := in.Next(e); m.Properties != nil {
		e.Errorf("properties %+v of a packet without", m.Properties)
	}
}

func caseConcurrent(e *env) {
	c, in := e.dial()
	e.subscribe(c, "c/#", app.QoS2)
	const workers, each = 8, 25
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for i := range each {
				q := app.QoS((w + i) % 3)
				if res, err := c.Publish(e.ctx(), app.Publish{Topic: fmt.Sprintf("c/%d/%d", w, i), QoS: q}); err != nil || res.Reason.IsError() {
					e.Errorf("publish: %+v, %v", res, err)
				}
				filter := fmt.Sprintf("other/%d", w)
				if _, err := c.Subscribe(e.ctx(), app.Subscription{Filter: filter}); err != nil {
					e.Errorf("subscribe: %v", err)
				}
				if _, err := c.Unsubscribe(e.ctx(), filter); err != nil {
					e.Errorf("unsubscribe: %v", err)
				}
			}
		})
	}
	wg.Wait()
	seen := map[string]int{}
	for range workers * each {
		seen[in.Next(e).Topic]++
	}
	if len(seen) != workers*each {
		e.Errorf("%d topics came, want %d", len(seen), workers*each)
	}
}

func caseTraffic(e *env) {
	c, _ := e.dial()
	counter, ok := c.(interface{ Traffic() app.Traffic })
	if !ok {
		e.Skip("the client counts no traffic")
	}
	before := counter.Traffic()
	for range 2 { // the last packet may not be counted yet when its answer is here
		e.publish(c, app.Publish{Topic: "t", Payload: make([]byte, 100), QoS: app.QoS1})
	}
	after := counter.Traffic()
	if after.FramesOut <= before.FramesOut || after.FramesIn <= before.FramesIn || after.BytesOut < before.BytesOut+100 {
		e.Errorf("before %+v, after %+v", before, after)
	}
	if err := c.Drop(); err != nil {
		e.Fatal(err)
	}
	if _, err := c.Connect(e.ctx(), e.options(NewInbox())); err != nil {
		e.Fatal(err)
	}
	if last := counter.Traffic(); last.BytesOut <= after.BytesOut || last.FramesIn <= after.FramesIn {
		e.Errorf("not the sum of both links: %+v, then %+v", after, last)
	}
}
