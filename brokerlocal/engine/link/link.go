package link

import (
	"net"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"tidings/app/mqtt/wire"
)

// defaultLow is the low-water mark when Config names none.
const defaultLow = 64 << 10

// Handler is what a link is served by.
type Handler interface {
	// Frame is called on the goroutine of Serve with one whole frame. The
	// frame aliases the read buffer and is good until EndOfBatch returns. An
	// error ends Serve, which returns it.
	Frame(frame []byte) error
	// EndOfBatch is called on the goroutine of Serve after the last whole
	// frame of a read, also when Frame returned an error. It is where the
	// links that were appended to are flushed.
	EndOfBatch()
	// Low is called on the flusher's goroutine, without a lock, each time
	// what waits to be written falls from above Config.Low to it or below. It
	// may append; it need not flush.
	Low()
}

// Config is what all links of a broker share, buffers included. Hand all
// links the same one, and change nothing after the first New.
type Config struct {
	Caps           wire.Caps
	ConnectTimeout time.Duration // from New to Conn.Connected; 0 for none
	Low            int           // low-water mark in bytes; 0 for 64 KiB
	// FirstByte is what every peer begins with: another byte ends the link
	// without waiting for the rest of a packet. 0: anything.
	FirstByte byte
	// Deep runs a function on a stack that has grown already, and returns when
	// it is done; nil: on the caller's. It is asked for the first batches of a
	// connection and for those after a silence, so that the goroutine of a
	// client that does little keeps a small stack (serve.go).
	Deep func(run func())

	once    sync.Once
	low     int64
	limits  [2][16]int32 // by connected and type: Caps.Limit, worked out
	pools   pools
	batches sync.Pool
	ahead   ahead
}

func (cfg *Config) prepare() {
	cfg.low = int64(cfg.Low)
	if cfg.low <= 0 {
		cfg.low = defaultLow
	}
	for t := range 16 {
		cfg.limits[0][t] = int32(cfg.Caps.Limit(wire.Type(t), false))
		cfg.limits[1][t] = int32(cfg.Caps.Limit(wire.Type(t), true))
	}
	cfg.ahead.start()
}

// Close gives back what the links have in common. Links that have not ended
// go on, with less order between them (ahead.go).
func (cfg *Config) Close() { cfg.ahead.unread.close() }

// Conn is one link. Append, Flush and all that is not said to belong to the
// goroutine of Serve is safe for concurrent use.
type Conn struct {
	cfg   *Config
	nc    net.Conn
	raw   syscall.RawConn // nil: not a socket, or not on this system
	timer *time.Timer
	began time.Time

	in      inbound
	out     out
	watched watched

	limits    *[16]int32 // the goroutine of Serve's
	keepAlive int64      // see keepalive.go; under out.mu
	lastFrame atomic.Int64
}

// New returns a link over nc, which it owns from now on. The connect time-out
// starts here. Whoever calls New calls Serve (or Close), then Wait.
func New(nc net.Conn, cfg *Config) *Conn {
	cfg.once.Do(cfg.prepare)
	c := &Conn{cfg: cfg, nc: nc, began: time.Now(), limits: &cfg.limits[0]}
	c.raw, c.out.vectored = socket(nc)
	if c.raw != nil {
		c.in.try, c.out.try = c.tryRead, c.tryWrite
	}
	c.keepAlive = awaitingConnect
	if cfg.ConnectTimeout > 0 {
		c.timer = time.AfterFunc(cfg.ConnectTimeout, c.expire)
	} else {
		c.timer = time.AfterFunc(never, c.expire)
	}
	return c
}

// NetConn returns the connection beneath, for its addresses and TLS state.
// Nobody but the link reads from it, writes to it or closes it.
func (c *Conn) NetConn() net.Conn { return c.nc }

// Stats are counters of one link since New.
type Stats struct {
	BytesIn, BytesOut   int64 // whole batches, as of the last read and write
	FramesIn, FramesOut int64
}

// Stats returns the counters as they are now.
func (c *Conn) Stats() Stats {
	return Stats{
		BytesIn: c.in.bytes.Load(), BytesOut: c.out.bytesOut.Load(),
		FramesIn: c.in.frames.Load(), FramesOut: c.out.framesOut.Load(),
	}
}
