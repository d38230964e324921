package engine

import (
	"log/slog"
	"math"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"tidings/app"
	"tidings/app/mqtt/wire"
	"tidings/brokerlocal/engine/topics"
)

func TestAcknowledgementsAreWhatTheCodecWrites(t *testing.T) {
	packets := map[wire.Type]func(a wire.Ack) wire.Packet{
		wire.PUBACK:  func(a wire.Ack) wire.Packet { return &wire.PubAck{Ack: a} },
		wire.PUBREC:  func(a wire.Ack) wire.Packet { return &wire.PubRec{Ack: a} },
		wire.PUBREL:  func(a wire.Ack) wire.Packet { return &wire.PubRel{Ack: a} },
		wire.PUBCOMP: func(a wire.Ack) wire.Packet { return &wire.PubComp{Ack: a} },
	}
	reasons := map[wire.Type]app.ReasonCode{
		wire.PUBACK: app.ReasonNotAuthorized, wire.PUBREC: reasonQuota,
		wire.PUBREL: reasonIDNotFound, wire.PUBCOMP: reasonIDNotFound,
	}
	for _, v := range []app.Version{app.V31, app.V311, app.V5} {
		for kind, packet := range packets {
			for _, reason := range []app.ReasonCode{0, reasons[kind]} {
				want, err := wire.Append(nil, v, packet(wire.Ack{ID: 0xABCD, Reason: reason}))
				if err != nil {
					t.Fatal(err)
				}
				got := newAck(v, kind, 0xABCD, reason)
				if string(got.b[:got.n]) != string(want) {
					t.Errorf("MQTT %s, %s, %s: % x, want % x", v, kind, reason, got.b[:got.n], want)
				}
			}
		}
	}
}

func TestAFrameIsPassedOnOnlyWhenItIsTheReceiversToo(t *testing.T) {
	with := func(id wire.PropertyID) (p wire.Properties) {
		p.Add(id)
		p.TopicAlias, p.MessageExpiry, p.ContentType = 1, 60, "a/b"
		return p
	}
	for _, c := range []struct {
		name    string
		version app.Version
		props   wire.Properties
		want    bool
	}{
		{"MQTT 3.1.1", app.V311, wire.Properties{}, true},
		{"no properties", app.V5, wire.Properties{}, true},
		{"a content type", app.V5, with(wire.ContentType), true},
		{"an alias of the publisher's", app.V5, with(wire.TopicAlias), false},
		{"an expiry that runs", app.V5, with(wire.MessageExpiry), false},
	} {
		p := &wire.Publish{Topic: "t", Properties: c.props}
		frame, err := wire.Append(nil, c.version, p)
		if err != nil {
			t.Fatal(err)
		}
		if got := asItIs(p, frame, c.version); got != c.want {
			t.Errorf("%s: %t", c.name, got)
		}
	}
	long := []byte{0x30, 0x83, 0x00, 0, 1, 't'} // 3.x allows the length in two bytes
	if asItIs(&wire.Publish{Topic: "t"}, long, app.V311) {
		t.Error("a length in more bytes than it needs is passed on")
	}
}

func TestARouteIsFoundAnewWhenSomethingChanged(t *testing.T) {
	e, err := New(Config{SysInterval: -1})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = e.Stop(t.Context()) }()
	cl := e.newClient("sub", 0)
	cl.identity.Store(nil)
	x := newRouter(e, nil, nil)
	if !x.find("a").empty() {
		t.Fatal("nobody has subscribed")
	}
	e.index.Subscribe("a", cl, topics.Options{QoS: app.QoS1})
	first := x.find("a")
	if len(first.receivers) != 1 || first.receivers[0].qos != app.QoS1 {
		t.Fatalf("the new subscription is missing: %+v", first)
	}
	e.index.Subscribe("a", cl, topics.Options{QoS: app.QoS2})
	if r := x.find("a"); r.receivers[0].qos != app.QoS2 {
		t.Error("the new options are missing")
	}
	e.index.UnsubscribeAll(cl)
	if !x.find("a").empty() {
		t.Error("the subscription has ended")
	}
}

func TestRoutesAreBounded(t *testing.T) {
	e, err := New(Config{SysInterval: -1})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = e.Stop(t.Context()) }()
	x := newRouter(e, nil, nil)
	name := []byte("0000000000")
	for i := range 3 * knownRoutes {
		for n := range name {
			name[n] = '0' + byte(i/int(math.Pow10(n))%10)
		}
		x.find(string(name))
	}
	if n := len(x.known); n > knownRoutes {
		t.Errorf("%d routes are remembered", n)
	}
	before := len(x.known)
	x.find(string(make([]byte, longTopic+1)))
	if len(x.known) != before || x.last != nil {
		t.Error("the route of a long topic is remembered")
	}
}

// Many publishers with many topics each do not make the broker grow without
// end: what it remembers for all together is bounded, and given back.
func TestTheRoutesOfAllPublishersAreBounded(t *testing.T) {
	e, err := New(Config{SysInterval: -1})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = e.Stop(t.Context()) }()
	const publishers = allRoutes/knownRoutes + 10
	var all []*router
	for range publishers {
		x := newRouter(e, nil, nil)
		x.counted = true
		all = append(all, x)
		for i := range knownRoutes {
			x.find(strconv.Itoa(i))
		}
	}
	n := 0
	for _, x := range all {
		n += len(x.known)
	}
	if n > allRoutes+publishers*fewRoutes || int64(n) != e.routes.Load() {
		t.Errorf("%d routes are remembered, and %d counted", n, e.routes.Load())
	}
	for _, x := range all {
		x.forget()
	}
	if n := e.routes.Load(); n != 0 {
		t.Errorf("%d routes are left", n)
	}
}

func TestLoadAveragesFade(t *testing.T) {
	var l load
	for i := range 90 { // 10 a second for a quarter of an hour
		l.update(uint64(i+1)*100, 10*time.Second)
	}
	if l.text(0) != "600.00" {
		t.Errorf("600 a minute read %s", l.text(0))
	}
	l.update(9000, time.Minute)
	want := 600 / math.E
	if math.Abs(l.average[0]-want) > 0.01 {
		t.Errorf("after a minute of silence %.2f, want %.2f", l.average[0], want)
	}
}

func TestTheVersionOfARefusalIsThatOfTheConnect(t *testing.T) {
	for _, c := range []struct {
		name    string
		frame   string
		version app.Version
		connect bool
	}{
		{"MQTT 5", "\x10\x07\x00\x04MQTT\x05", app.V5, true},
		{"MQTT 3.1", "\x10\x09\x00\x06MQIsdp\x03", app.V31, true},
		{"MQTT 6", "\x10\x07\x00\x04MQTT\x06", app.V311, true},
		{"cut in the name", "\x10\x04\x00\x04MQ", app.V311, true},
		{"empty", "\x10\x00", app.V311, true},
		{"no CONNECT", "\xc0\x00", 0, false},
	} {
		v, connect := connectVersion([]byte(c.frame))
		if v != c.version || connect != c.connect {
			t.Errorf("%s: %s %t", c.name, v, connect)
		}
	}
}

func TestALogLineIsOneLine(t *testing.T) {
	if got := printable("a\nb\x1b[31m"); got != "a\uFFFDb\uFFFD[31m" {
		t.Errorf("%q", got)
	}
}

// A peer chooses how long its names are, and how often a line tells them.
func TestALogLineIsShort(t *testing.T) {
	var b strings.Builder
	j := journalist{slog.New(slog.NewTextHandler(&b, nil))}
	j.info("New client %s on %s.", "first"+strings.Repeat("й", 32<<10)+"last", strings.Repeat("\n", 65_535))
	j.error("A fault: %s", stack(strings.Repeat("s", 5000)))
	short, long, _ := strings.Cut(b.String(), "A fault")
	if len(short) > 3*maxWord || !utf8.ValidString(short) || !strings.Contains(short, "first") || !strings.Contains(short, "last on ") {
		t.Errorf("%d bytes: %q", len(short), short[:min(len(short), 600)])
	}
	if len(long) < 5000 {
		t.Errorf("the stack has %d bytes", len(long))
	}
	if got := brief("plain"); got != "plain" {
		t.Errorf("%q", got)
	}
}
