package load

import (
	"context"
	"fmt"

	"time"

	"tidings/app"
)

// Flow is one publisher that sends as fast as it can to some subscribers.
type Flow struct {
	Topics      int // different names, used in turn; with several, all subscribe to "#"
	Payload     int // bytes
	QoS         app.QoS
	Window      int // of QoS 1 and 2: unacknowledged messages
	Subscribers int
	Ahead       int           // of QoS 0: messages the broker may still have to read, 0 for any number
	Keep        bool          // the subscribers' sessions outlive their connections
	Warm, For   time.Duration // how long it publishes before and while it is measured
	Mark        func()        // called when measuring begins and when it ends; may be nil
}

// quiet is how long nothing must arrive before what is missing is lost; three
// times as long before the first message.
const quiet = 2500 * time.Millisecond

// Rate is what a Flow found.
type Rate struct {
	Count
	Deliveries uint64        // while it was measured
	Elapsed    time.Duration // from the first PUBLISH to the last delivery
}

// PerSecond returns deliveries per second.
func (r Rate) PerSecond() float64 { return float64(r.Deliveries) / max(r.Elapsed.Seconds(), 1e-9) }

// Run runs it against the broker at addr.
func (f Flow) Run(ctx context.Context, addr string) (Rate, error) {
	subs, err := f.subscribers(ctx, addr)
	defer func() { stopAll(subs, 0) }()
	if err != nil {
		return Rate{}, err
	}
	t := traffic{topics: f.Topics, payload: f.Payload, qos: f.QoS}
	p, err := newPublisher(ctx, addr, t, f.Window)
	if err != nil {
		return Rate{}, err
	}
	defer p.disconnect()
	p.ahead = uint64(f.Ahead)
	if err := p.flood(forever, time.Now().Add(f.Warm)); err != nil {
		return Rate{}, err
	}
	settle(ctx, subs, p.block.next, quiet/5)
	if f.Mark != nil {
		f.Mark()
		defer f.Mark()
	}
	before, begin := total(subs), time.Now()
	if err := p.flood(forever, begin.Add(f.For)); err != nil {
		return Rate{}, err
	}
	last := settle(ctx, subs, p.block.next, quiet)
	r := Rate{Deliveries: total(subs) - before, Elapsed: last.Sub(begin)}
	r.Count = stopAll(subs, p.block.next)
	subs = nil
	return r, ctx.Err()
}

func (f Flow) subscribers(ctx context.Context, addr string) (subs []*subscriber, err error) {
	filter := topicName(0)
	if f.Topics > 1 {
		filter = "#"
	}
	n := max(f.Subscribers, 1)
	for i := range n {
		o := options{buffer: max(readBuffer/n, 32<<10)}
		if f.Keep {
			o.id = fmt.Sprintf("bench-%d", i)
		}
		s, err := subscribe(ctx, addr, filter, f.QoS, f.Topics, o)
		if err != nil {
			return subs, err
		}
		s.start()
		subs = append(subs, s)
	}
	return subs, nil
}

// total sums up what subscribers have.
func total(subs []*subscriber) (n uint64) {
	for _, s := range subs {
		n += s.received.Load()
	}
	return n
}

// stopAll stops subscribers that should have sent messages each.
func stopAll(subs []*subscriber, sent uint64) (c Count) {
	for _, s := range subs {
		c = c.plus(s.stop(sent))
	}
	return c
}
