package listener

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// Listener is one open listener.
type Listener struct {
	to     target
	opts   Options
	l      net.Listener
	stop   context.Context
	cancel context.CancelFunc
	wsPool sync.Pool // write buffers of WebSocket connections

	mu      sync.Mutex
	serving bool
	shaking map[net.Conn]struct{} // handshakes in progress
	closed  bool
	early   sync.WaitGroup // the accept loop and the handshakes
	served  sync.WaitGroup // the connections

	accepted, failed, origins atomic.Int64

	began  time.Time
	warned atomic.Int64 // when the log last said that connections are refused, since began; 0: never
}

// Listen listens at a URL: tcp://host:port, tls://…, ws://host:port/path,
// wss://…, unix:/path. Without a port it is the usual one (1883, 8883, 8083,
// 8084), port 0 is any, and a WebSocket without a path answers on all. The
// error is an *InUseError when somebody else has the address. Connections
// wait in the system's queue until Serve.
func Listen(ctx context.Context, rawURL string, o Options) (*Listener, error) {
	to, err := parse(rawURL)
	if err != nil {
		return nil, err
	}
	if to.tls() && o.TLS == nil {
		return nil, errNoTLS
	}
	o = o.withDefaults()
	var nl net.Listener
	if to.scheme == "unix" {
		nl, err = listenUnix(ctx, to.address, o.SocketMode)
	} else {
		nl, err = listenTCP(ctx, to.address)
	}
	if err != nil {
		return nil, err
	}
	l := &Listener{to: to, opts: o, l: nl, shaking: make(map[net.Conn]struct{}), began: time.Now()}
	l.stop, l.cancel = context.WithCancel(context.Background())
	return l, nil
}

// URL returns where it listens, with the real port.
func (l *Listener) URL() string { return l.to.url(l.l.Addr()) }

// Addr returns where it listens.
func (l *Listener) Addr() net.Addr { return l.l.Addr() }

// Stats are counters of one listener.
type Stats struct {
	Accepted         int64 // connections the system handed over
	FailedHandshakes int64 // foreign origins included
	RefusedOrigins   int64
}

// Stats returns the counters as they are now. Safe for concurrent use.
func (l *Listener) Stats() Stats {
	return Stats{
		Accepted: l.accepted.Load(), FailedHandshakes: l.failed.Load(), RefusedOrigins: l.origins.Load(),
	}
}

// Serve accepts until Close and calls serve for each connection on a
// goroutine of its own, after the handshakes. serve owns the connection and
// returns when it has closed it. Serve returns nil after Close, and an error
// when the system took the listener away. Call it once.
func (l *Listener) Serve(serve func(net.Conn)) error {
	l.mu.Lock()
	if l.closed || l.serving {
		l.mu.Unlock()
		return nil
	}
	l.serving = true
	l.early.Add(1)
	l.mu.Unlock()
	defer l.early.Done()
	return l.accept(serve)
}

// accept is the loop. An error that is not the close (too many open files, a
// connection aborted in the queue) is tried again after a growing pause.
func (l *Listener) accept(serve func(net.Conn)) error {
	const first, longest = 5 * time.Millisecond, time.Second
	pause := first
	for {
		nc, err := l.l.Accept()
		switch {
		case err == nil:
			pause = first
			l.accepted.Add(1)
			l.admit(nc, serve)
			continue
		case l.stop.Err() != nil:
			return nil
		case errors.Is(err, net.ErrClosed):
			return fmt.Errorf("listener: %s lost: %w", l.URL(), err)
		}
		l.opts.Log.Warn("listener: accept failed, will retry", "url", l.URL(), "error", err, "pause", pause)
		t := time.NewTimer(pause)
		select {
		case <-l.stop.Done():
			t.Stop()
			return nil
		case <-t.C:
		}
		pause = min(pause*2, longest)
	}
}

// admit starts a connection's goroutine, unless there are too many.
func (l *Listener) admit(nc net.Conn, serve func(net.Conn)) {
	release, err := l.opts.Limits.admit(nc.RemoteAddr())
	if err != nil {
		l.refused(nc.RemoteAddr(), err)
		_ = nc.Close()
		return
	}
	l.mu.Lock()
	if l.closed {
		l.mu.Unlock()
		release()
		_ = nc.Close()
		return
	}
	plain := !l.to.tls() && !l.to.websocket()
	if !plain {
		l.shaking[nc] = struct{}{}
		l.early.Add(1)
	}
	l.served.Add(1)
	l.mu.Unlock()
	go func() {
		defer l.served.Done()
		defer release()
		if plain {
			serve(nc)
		} else if ready := l.ready(nc); ready != nil {
			serve(ready)
		}
	}()
}

// refused logs that a connection was turned away, once a second at most: who
// floods the ports shall not flood the log too.
func (l *Listener) refused(from net.Addr, err error) {
	level := slog.LevelDebug
	now, last := max(int64(time.Since(l.began)), 1), l.warned.Load()
	if (last == 0 || now-last >= int64(time.Second)) && l.warned.CompareAndSwap(last, now) {
		level = slog.LevelWarn
	}
	l.opts.Log.Log(l.stop, level, "listener: connection turned away", "url", l.URL(), "address", from, "error", err)
}

// ready brings a connection through its handshakes; nil when it failed.
func (l *Listener) ready(nc net.Conn) net.Conn {
	defer l.early.Done()
	ready, err := l.handshake(nc)
	l.mu.Lock()
	delete(l.shaking, nc)
	closed := l.closed
	l.mu.Unlock()
	if err == nil && !closed {
		return ready
	}
	if err != nil {
		l.failed.Add(1)
		l.opts.Log.Debug("listener: handshake failed", "url", l.URL(), "address", nc.RemoteAddr(), "error", err)
	}
	_ = nc.Close()
	return nil
}

// Close stops listening, ends the handshakes in progress and waits for them.
// Connections that are being served go on: they are their owner's; Wait waits
// for them. Safe for concurrent use, any number of times.
func (l *Listener) Close() error {
	l.cancel()
	l.mu.Lock()
	var err error
	if !l.closed {
		l.closed = true
		err = l.l.Close()
		for nc := range l.shaking {
			_ = nc.Close()
		}
	}
	l.mu.Unlock()
	l.early.Wait()
	return err
}

// Wait returns when every connection's serve has returned. Call it after
// Close.
func (l *Listener) Wait() { l.served.Wait() }
