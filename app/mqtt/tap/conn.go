package tap

import (
	"net"
	"sync"
	"sync/atomic"
	"time"

	"tidings/app"
)

// Defaults of Options.
const (
	DefaultMaxPacket = 64 << 20 // bytes
	DefaultBuffer    = 4 << 20  // bytes
)

// Direction says which way a frame went.
type Direction byte

// The two directions, as the client sees them.
const (
	In  Direction = iota // from the broker
	Out                  // to the broker
)

// Options say what a tap does. The zero value is usable with MQTT 3.x.
type Options struct {
	// Version is the one in the CONNECT that will be sent. It decides whether
	// a PUBLISH has properties.
	Version app.Version
	// MaxPacket caps one inbound packet, fixed header included, in bytes. A
	// header that announces more ends the connection with an
	// *app.PacketTooLargeError before any memory is taken. 0 means
	// DefaultMaxPacket.
	MaxPacket int
	// TopicAliasMaximum is the one in the CONNECT that will be sent: how many
	// topic aliases the broker may set. Sink and library see names only.
	TopicAliasMaximum uint16
	// Buffer bounds what waits for the library, in bytes; when it is full the
	// socket is not read. A packet that is not complete yet is held apart and
	// takes the memory its bytes need as they arrive. 0 means DefaultBuffer.
	Buffer int
	// Sink, when not nil, takes every inbound QoS 0 PUBLISH, and the library
	// sees none. See app.Sink; Deliver must not close the Conn. Topics and
	// payloads alias the read buffer, properties do not.
	Sink app.Sink
	// Accept, when not nil, judges the CONNACK, a whole packet, on the reader's
	// goroutine, before anything behind it is looked at. An error ends reading.
	Accept func(connAck []byte) error
	// Observe, when not nil, is called with whole frames, one or several behind
	// each other, every one of them, in order per direction, on the reader's or the writer's goroutine: it must not block
	// or keep the frames. at is when they were read or are being written.
	Observe func(dir Direction, frames []byte, at time.Time)
}

// Conn is a net.Conn for the client side of MQTT, made by Wrap. All methods
// are safe for concurrent use.
//
// It is a sync.Locker as paho.golang expects: where a packet is sent in several
// calls of Write, every writer holds the lock for the length of a packet.
// Where each Write is whole packets, as of paho.mqtt.golang, none needs it.
type Conn struct {
	o    Options
	raw  net.Conn
	q    *queue
	out  writer
	done chan struct{} // closed when the pump has ended

	packet   sync.Mutex // Lock and Unlock
	closed   atomic.Bool
	end      sync.Once
	closeErr error

	framesIn, bytesIn atomic.Uint64
	connAck           atomic.Uint32 // connAckSeen | flags<<8 | code
	err               atomic.Pointer[error]
}

const connAckSeen = 1 << 16

// Wrap taps c and starts the pump. From then on c belongs to the Conn: nobody
// else reads, writes or closes it.
func Wrap(c net.Conn, o Options) *Conn {
	if o.MaxPacket <= 0 {
		o.MaxPacket = DefaultMaxPacket
	}
	if o.Buffer <= 0 {
		o.Buffer = DefaultBuffer
	}
	t := &Conn{o: o, raw: c, q: newQueue(max(o.Buffer/2, 1)), done: make(chan struct{})}
	t.out = writer{raw: c, observe: o.Observe}
	go func() { // ended by Close, which waits
		defer close(t.done)
		p := newPump(t)
		t.stop(p.run())
	}()
	return t
}

// stop records why reading ended. A broken rule ends the link at once.
func (t *Conn) stop(err error) {
	if t.closed.Load() {
		err = net.ErrClosed
	}
	t.err.Store(&err)
	if reason, broken := violation(err); broken {
		if _, _, up := t.ConnAck(); up && t.o.Version >= app.V5 {
			t.out.goodbye(reason)
		}
		_ = t.shut()
	}
	t.q.fail(err) // last: the library closes the link when it reads err
}

// Read returns bytes of whole packets that the tap did not keep. After the
// last one it returns what Err returns; after Close net.ErrClosed; after the
// read deadline os.ErrDeadlineExceeded.
func (t *Conn) Read(p []byte) (int, error) { return t.q.read(p) }

// Write sends p. Bytes of an incomplete packet wait until it is complete, so
// that a packet is one write to the socket; of a packet above 64 KiB the
// pieces go out as they come. An error is final: the stream may be cut inside
// a packet. One before CONNACK waits a moment for the end of reading, so that
// Err tells what the broker said before it hung up.
func (t *Conn) Write(p []byte) (int, error) {
	if t.closed.Load() {
		return 0, net.ErrClosed
	}
	n, err := t.out.write(p)
	if err != nil && t.closed.Load() {
		return n, net.ErrClosed
	}
	if _, _, up := t.ConnAck(); err != nil && !up {
		t.hear()
	}
	return n, err
}

// lastWords is how long reading may take to end once writing has failed.
const lastWords = time.Second

// hear waits for the end of reading. A broker that dislikes the client's
// certificate says so in an alert of TLS and closes: with TLS 1.3 both may come
// while CONNECT is being written.
func (t *Conn) hear() {
	late := time.NewTimer(lastWords)
	defer late.Stop()
	select {
	case <-t.done:
	case <-late.C:
	}
}

// Lock begins a packet that is written in several calls. See Conn.
func (t *Conn) Lock() { t.packet.Lock() }

// Unlock ends it.
func (t *Conn) Unlock() { t.packet.Unlock() }

// Close closes the socket, ends every Read and Write, and waits for the pump.
// A second call returns the first one's result.
func (t *Conn) Close() error {
	t.closed.Store(true)
	t.q.close()
	err := t.shut()
	<-t.done
	return err
}

// shut closes the socket once.
func (t *Conn) shut() error {
	t.end.Do(func() { t.closeErr = t.raw.Close() })
	return t.closeErr
}

// Err returns why reading ended, nil while it goes on: io.EOF or another
// error of the socket, net.ErrClosed after Close, an *app.PacketTooLargeError,
// a *MalformedError, or what Options.Accept said.
func (t *Conn) Err() error {
	if p := t.err.Load(); p != nil {
		return *p
	}
	return nil
}

// Traffic returns the whole frames and the bytes seen so far.
func (t *Conn) Traffic() app.Traffic {
	return app.Traffic{
		FramesIn: t.framesIn.Load(), BytesIn: t.bytesIn.Load(),
		FramesOut: t.out.frames.Load(), BytesOut: t.out.bytes.Load(),
	}
}

// ConnAck returns the acknowledge flags and the return or reason code of the
// CONNACK, and whether one arrived. It is read from the frame itself, so that
// the refusal of a 3.x broker is seen by a client of MQTT 5, whose library
// cannot parse it (MQTT 3.1.1 §3.2; MQTT 5.0 §3.2).
func (t *Conn) ConnAck() (flags, code byte, ok bool) {
	v := t.connAck.Load()
	return byte(v >> 8), byte(v), v&connAckSeen != 0
}

// NetConn returns the wrapped connection, to look at (its TLS state), not to
// read or write.
func (t *Conn) NetConn() net.Conn { return t.raw }

// LocalAddr returns the socket's local address.
func (t *Conn) LocalAddr() net.Addr { return t.raw.LocalAddr() }

// RemoteAddr returns the broker's address.
func (t *Conn) RemoteAddr() net.Addr { return t.raw.RemoteAddr() }

// SetDeadline sets both deadlines.
func (t *Conn) SetDeadline(d time.Time) error {
	if err := t.SetReadDeadline(d); err != nil {
		return err
	}
	return t.SetWriteDeadline(d)
}

// SetReadDeadline bounds how long Read waits. The pump goes on reading the
// socket all the same.
func (t *Conn) SetReadDeadline(d time.Time) error { return t.q.setDeadline(d) }

// SetWriteDeadline bounds how long Write waits for the socket.
func (t *Conn) SetWriteDeadline(d time.Time) error { return t.raw.SetWriteDeadline(d) }
