package load

import (
	"context"
	"errors"
	"time"

	"tidings/app"
)

// Window is how many messages a publisher of QoS 1 or 2 has in the air.
const Window = 100

// small is the payload of everything that is not about size, in bytes.
const small = 64

// Retained stores n retained messages of 64 bytes on n topics with QoS 1, so
// that the broker has said it has them; then subscribes to "#" anew and
// returns how long it takes until the last arrives. stored is called when all
// are stored; it may be nil.
func Retained(ctx context.Context, addr string, n int, stored func()) (Count, time.Duration, error) {
	t := traffic{topics: n, payload: small, qos: app.QoS1, retain: true}
	if err := send(ctx, addr, t, uint64(n)); err != nil {
		return Count{}, 0, err
	}
	if stored != nil {
		stored()
	}
	s, err := subscribe(ctx, addr, "", 0, n, options{})
	if err != nil {
		return Count{}, 0, err
	}
	begin := time.Now()
	if err := s.conn.subscribe("#", app.QoS0); err != nil {
		_ = s.Close()
		return Count{}, 0, err
	}
	s.start()
	last := settle(ctx, []*subscriber{s}, uint64(n), quiet)
	return s.stop(uint64(n)), last.Sub(begin), ctx.Err()
}

// send publishes count messages and returns when all are acknowledged.
func send(ctx context.Context, addr string, t traffic, count uint64) error {
	p, err := newPublisher(ctx, addr, t, Window)
	if err != nil {
		return err
	}
	defer p.disconnect()
	return p.flood(count, time.Time{})
}

// slowRate is how many messages a second Slow's subscriber takes.
const slowRate = 5_000

// Slow publishes n messages with QoS 1 to a subscriber that takes 5,000 a
// second until the last is acknowledged to the publisher, and all there are
// from then on. keep says that its session outlives its connection.
func Slow(ctx context.Context, addr string, n int, keep bool) (Count, error) {
	var o options
	if keep {
		o.id = "bench-slow"
	}
	return throttled(ctx, addr, n, app.QoS1, slowRate, o)
}

// overrunRate is how many messages a second Overrun's subscriber takes.
const overrunRate = 20_000

// Overrun publishes n messages with QoS 0, flat out, to a subscriber that
// takes 20,000 a second until the broker has read the last of them, and all
// there are from then on.
func Overrun(ctx context.Context, addr string, n int) (Count, error) {
	return throttled(ctx, addr, n, app.QoS0, overrunRate, options{})
}

func throttled(ctx context.Context, addr string, n int, qos app.QoS, rate int64, o options) (Count, error) {
	s, err := subscribe(ctx, addr, topicName(0), qos, 1, o)
	if err != nil {
		return Count{}, err
	}
	s.rate.Store(rate)
	s.start()
	err = send(ctx, addr, traffic{payload: small, qos: qos}, uint64(n))
	s.rate.Store(0)
	settle(ctx, []*subscriber{s}, uint64(n), quiet)
	return s.stop(uint64(n)), errors.Join(err, ctx.Err())
}

// Absent publishes n messages with QoS 1 for a session whose client is away,
// and returns what it gets when it comes back.
func Absent(ctx context.Context, addr string, n int) (Count, error) {
	const id = "bench-absent"
	away, err := subscribe(ctx, addr, topicName(0), app.QoS1, 1, options{id: id})
	if err != nil {
		return Count{}, err
	}
	away.disconnect()
	if err := send(ctx, addr, traffic{payload: small, qos: app.QoS1}, uint64(n)); err != nil {
		return Count{}, err
	}
	back, err := subscribe(ctx, addr, "", 0, 1, options{id: id})
	if err != nil {
		return Count{}, err
	}
	back.start()
	settle(ctx, []*subscriber{back}, uint64(n), quiet)
	return back.stop(uint64(n)), ctx.Err()
}
