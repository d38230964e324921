package load

import (
	"context"
	"errors"
	"net"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"tidings/app"
)

// connectWorkers is how many connections are being made at any time.
const connectWorkers = 8

// Connects connects, waits for the CONNACK, says goodbye and closes, for as
// long as told, and returns how many times that went well.
func Connects(ctx context.Context, addr string, span time.Duration) (times int64, err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var done atomic.Int64
	var wg sync.WaitGroup
	begin := time.Now()
	for w := range connectWorkers {
		wg.Go(func() {
			for i := 0; ctx.Err() == nil && time.Since(begin) < span; i++ {
				c, err := dial(ctx, addr, options{buffer: 16, local: localAddr(addr, w, i)})
				if err != nil {
					cancel(err)
					return
				}
				c.disconnect()
				done.Add(1)
			}
		})
	}
	wg.Wait()
	return done.Load(), context.Cause(ctx)
}

// localAddr returns one of many addresses of the loopback to connect from: a
// closed connection keeps its port for a minute, and one address would run
// out of them. Elsewhere it returns nil, which is the system's choice.
func localAddr(addr string, worker, i int) net.Addr {
	host, _, err := net.SplitHostPort(addr)
	if err != nil || host != "127.0.0.1" || !manyLoopbacks {
		return nil
	}
	return &net.TCPAddr{IP: net.IPv4(127, 1, byte(worker), byte(1+i%200))}
}

// Delays are how long single messages took.
type Delays struct {
	Median, Worst time.Duration
}

// Latency publishes n messages with QoS 0, each after the one before has
// arrived.
func Latency(ctx context.Context, addr string, n int) (Delays, error) {
	sub, err := dial(ctx, addr, options{})
	if err != nil {
		return Delays{}, err
	}
	defer sub.disconnect()
	if err := sub.subscribe(topicName(0), app.QoS0); err != nil {
		return Delays{}, err
	}
	pub, err := newPublisher(ctx, addr, traffic{payload: small}, 0)
	if err != nil {
		return Delays{}, err
	}
	defer pub.disconnect()
	if err := errors.Join(blocking(sub), blocking(pub.conn)); err != nil {
		return Delays{}, err
	}
	const warm = 200
	took := make([]time.Duration, 0, n)
	for i := range n + warm {
		d, err := single(pub, sub)
		if err != nil {
			return Delays{}, err
		}
		if i >= warm {
			took = append(took, d)
		}
		if ctx.Err() != nil {
			return Delays{}, ctx.Err()
		}
	}
	slices.Sort(took)
	return Delays{Median: took[len(took)/2], Worst: took[len(took)-1]}, nil
}

// single sends one message and waits for it.
func single(pub *publisher, sub *conn) (time.Duration, error) {
	b, _ := pub.block.take(1)
	begin := time.Now()
	if _, err := pub.Write(b); err != nil {
		return 0, err
	}
	for got := false; !got; {
		err := sub.each(len(sub.buf), func(first byte, _ []byte) error {
			got = got || first&kind == publish
			return nil
		})
		if err != nil {
			return 0, err
		}
	}
	return time.Since(begin), nil
}

// blocking makes a connection block in the system call: parking the goroutine
// instead takes longer than some brokers take for a message. Such a
// connection has no deadlines.
func blocking(c *conn) error {
	tcp, ok := c.Conn.(*net.TCPConn)
	if !ok {
		return nil
	}
	f, err := tcp.File()
	if err != nil {
		return err
	}
	_ = f.Fd() // makes it block
	c.Conn = &blockingConn{TCPConn: tcp, f: f}
	return nil
}

type blockingConn struct {
	*net.TCPConn
	f *os.File
}

func (c *blockingConn) Read(b []byte) (int, error)  { return c.f.Read(b) }
func (c *blockingConn) Write(b []byte) (int, error) { return c.f.Write(b) }
func (c *blockingConn) Close() error                { return errors.Join(c.f.Close(), c.TCPConn.Close()) }

// Idle opens n connections, calls open while all of them are there, and
// closes them.
func Idle(ctx context.Context, addr string, n int, open func()) error {
	conns := make([]*conn, 0, n)
	defer func() {
		for _, c := range conns {
			c.disconnect()
		}
	}()
	for range n {
		c, err := dial(ctx, addr, options{buffer: 16})
		if err != nil {
			return err
		}
		conns = append(conns, c)
	}
	open()
	return nil
}

// Dropped asks the broker's $SYS topics how many messages to clients it has
// dropped. known is false when it does not say. The figure is as old as the
// broker's interval.
func Dropped(ctx context.Context, addr string) (n uint64, known bool, err error) {
	return askSys(ctx, addr, "$SYS/broker/publish/messages/dropped", "$SYS/broker/messages/dropped")
}
