package main

import (
	"context"
	"fmt"
	"time"

	"tidings/app"
	"tidings/brokerlocal/peers/load"
)

// scenario is one thing that is done to a fresh broker.
type scenario struct {
	name    string
	rows    []row // what it finds
	durable bool  // the broker has a data folder
	relay   bool  // the relay can do it
	run     func(context.Context, *trial) error
}

const (
	// span and warm are how long a flow is and is not measured, at scale 1.
	span = 1500 * time.Millisecond
	warm = 300 * time.Millisecond

	// ahead is how many messages of QoS 0 a broker may still have to read:
	// some megabytes, and not all that the system's buffers would take, which
	// a slow broker reads for a minute after the last has been written.
	ahead = 50_000

	many    = 100_000 // messages that are stored or queued
	flood   = 500_000 // messages of the overrun
	singles = 5_000   // messages of the latency
	idlers  = 5_000   // connections that do nothing
)

// scenarios returns all, in the order of the table.
func scenarios() []scenario {
	flows := []scenario{
		flow("q0-64", "1→1 QoS 0, 64 B", atLeast(1, "nats"), load.Flow{Payload: 64, Ahead: ahead}),
		flow("q0-topics", "the same over 10,000 topics to `#`", atLeast(1, "nats"), load.Flow{Payload: 64, Topics: 10_000, Ahead: ahead}),
		flow("q0-1k", "1→1 QoS 0, 1 KiB", atLeast(1, "nats"), load.Flow{Payload: 1024, Ahead: ahead / 10}),
		flow("fan-out", "1→100 QoS 0, 64 B, deliveries", atLeast(1, "nats"), load.Flow{Payload: 64, Subscribers: 100, Ahead: ahead / 50}),
		flow("q1", "1→1 QoS 1, window 100", atLeast(1.5, "mosquitto"), load.Flow{Payload: 64, QoS: app.QoS1, Window: load.Window}),
		flow("q2", "1→1 QoS 2, window 100", atLeast(1.5, "mochi"), load.Flow{Payload: 64, QoS: app.QoS2, Window: load.Window}),
	}
	flows[0].rows = append(flows[0].rows, row{key: cpuKey("q0-64"), title: "broker CPU per delivery, 64 B", unit: micro, goal: atMost(1)})
	for i := range 4 {
		flows[i].relay = true
	}
	return append(flows, queues(false)[0], queues(false)[1], queues(false)[2], overrun(), connections(), latency(), idle())
}

// durables returns what is run with a data folder.
func durables() []scenario {
	keep := func(name, title string, goal goal, f load.Flow) scenario {
		f.Keep, f.Window, f.Payload = true, load.Window, 64
		s := flow(name, title, goal, f)
		s.durable = true
		return s
	}
	list := []scenario{
		keep("durable-q1", "1→1 QoS 1 to a session that is kept, window 100", ofMemory(0.5, "q1"), load.Flow{QoS: app.QoS1}),
		keep("durable-q2", "1→1 QoS 2 to a session that is kept, window 100", noGoal(), load.Flow{QoS: app.QoS2}),
	}
	return append(list, queues(true)...)
}

// flow makes a scenario of a load.Flow: deliveries per second, and what they
// cost the broker and the generator.
func flow(name, title string, goal goal, f load.Flow) scenario {
	return scenario{name: name, rows: []row{{key: name, title: title, unit: thousands, goal: goal}}, run: func(ctx context.Context, t *trial) error {
		f := f
		f.Warm, f.For = t.scaled(warm), t.scaled(span)
		broker, own := t.cpuMeter()
		f.Mark = func() { broker.mark(); own.mark() }
		r, err := f.Run(ctx, t.addr)
		if err != nil {
			return err
		}
		t.note(name, figure{value: r.PerSecond() / 1000, count: r.Count})
		t.costs(name, broker, own, float64(r.Deliveries))
		return nil
	}}
}

func cpuKey(name string) string { return name + " broker CPU" }
func ownKey(name string) string { return name + " generator CPU" }

// queues are the scenarios in which a broker has to keep messages.
func queues(durable bool) []scenario {
	name := func(s string) string {
		if durable {
			return "durable-" + s
		}
		return s
	}
	time, rss := atMostOf(0.9, "mosquitto"), atMost(55)
	if durable {
		time, rss = noGoal(), noGoal()
	}
	retained, slow, absent := name("retained"), name("slow"), name("absent")
	list := []scenario{
		{name: retained, rows: []row{
			{key: retained, title: "100 k retained to a fresh `#`, all arrived after", unit: seconds, goal: time.withoutLoss()},
			{key: retained + " RSS", title: "100 k retained stored, RSS", unit: megabytes, goal: rss},
		}, run: func(ctx context.Context, t *trial) error {
			c, took, err := load.Retained(ctx, t.addr, t.count(many), func() { t.noteRSS(retained + " RSS") })
			t.note(retained, figure{value: took.Seconds(), count: c})
			return err
		}},
		{name: slow, rows: []row{{key: slow, title: "100 k QoS 1 to a slow subscriber", unit: lost, goal: complete()}},
			run: func(ctx context.Context, t *trial) error {
				c, err := load.Slow(ctx, t.addr, t.count(many), durable)
				t.note(slow, figure{count: c})
				return err
			}},
		{name: absent, rows: []row{{key: absent, title: "100 k QoS 1 queued for an absent one", unit: lost, goal: complete()}},
			run: func(ctx context.Context, t *trial) error {
				c, err := load.Absent(ctx, t.addr, t.count(many))
				t.note(absent, figure{count: c})
				return err
			}},
	}
	for i := range list {
		list[i].durable = durable
	}
	return list
}

func overrun() scenario {
	title := "500 k QoS 0 to a subscriber at 20 k/s, publisher flat out"
	return scenario{name: "overrun", rows: []row{{key: "overrun", title: title, unit: lost, goal: counted()}},
		run: func(ctx context.Context, t *trial) error {
			c, err := load.Overrun(ctx, t.addr, t.count(flood))
			if err != nil {
				return err
			}
			time.Sleep(sysAge)
			n, known, err := load.Dropped(ctx, t.addr)
			f := figure{count: c, note: "says nothing"}
			if known {
				f.note, f.exact = fmt.Sprintf("$SYS: %d of %d", n, c.Lost()), n == c.Lost()
			}
			t.note("overrun", f)
			return err
		}}
}

// sysAge is how old figures under $SYS can be: all brokers that have them are
// told to renew them every second.
const sysAge = 1200 * time.Millisecond

func connections() scenario {
	return scenario{name: "connections", relay: true,
		rows: []row{{key: "connections", title: "connections per second", unit: thousands, goal: atLeast(1, "mosquitto")}},
		run: func(ctx context.Context, t *trial) error {
			broker, own := t.cpuMeter()
			broker.mark()
			own.mark()
			n, err := load.Connects(ctx, t.addr, t.scaled(span))
			broker.mark()
			own.mark()
			t.note("connections", figure{value: float64(n) / t.scaled(span).Seconds() / 1000})
			t.costs("connections", broker, own, float64(n))
			return err
		}}
}

func latency() scenario {
	return scenario{name: "latency", relay: true, rows: []row{
		{key: "latency", title: "latency of 5,000 single messages, median", unit: micro, goal: atMost(30)},
		{key: "latency worst", title: "latency of 5,000 single messages, worst", unit: micro, goal: atMost(1000)},
	}, run: func(ctx context.Context, t *trial) error {
		d, err := load.Latency(ctx, t.addr, t.count(singles))
		t.note("latency", figure{value: float64(d.Median.Nanoseconds()) / 1000})
		t.note("latency worst", figure{value: float64(d.Worst.Nanoseconds()) / 1000})
		return err
	}}
}

func idle() scenario {
	return scenario{name: "idle", rows: []row{{key: "idle", title: "5,000 idle connections, RSS", unit: megabytes, goal: atMost(50)}},
		run: func(ctx context.Context, t *trial) error {
			return load.Idle(ctx, t.addr, t.count(idlers), func() { t.noteRSS("idle") })
		}}
}
