package tap

import (
	"time"

	"tidings/app"
)

const (
	readSize  = 256 << 10 // bytes asked of the socket at once
	batchSize = 1024      // messages handed to the Sink at once
)

// pump drains the socket. It runs on one goroutine; nothing in it is shared.
type pump struct {
	t     *Conn
	buf   []byte // buf[:have] was read and is not dealt with yet
	have  int
	batch []app.Message
	now   time.Time // of the last read
	up    bool      // a CONNACK let us in
	alias *aliases
}

func newPump(t *Conn) *pump {
	p := &pump{t: t, buf: make([]byte, readSize), alias: newAliases(t.o.TopicAliasMaximum)}
	if t.o.Sink != nil {
		p.batch = make([]app.Message, 0, batchSize)
	}
	return p
}

// run reads until the socket or a broken rule ends it, and says why.
func (p *pump) run() error {
	for {
		n, err := p.t.raw.Read(p.buf[p.have:])
		if n > 0 {
			p.now = time.Now()
			p.t.bytesIn.Add(uint64(n))
			p.have += n
			if bad := p.consume(); bad != nil {
				return bad
			}
		}
		if err != nil {
			return err
		}
	}
}

// consume deals with the whole packets in buf and moves the rest to its
// start. What came before a broken rule is still delivered.
func (p *pump) consume() error {
	p.observe(p.buf[:p.have])
	used, want, bad := p.cut(p.buf[:p.have])
	p.deliver()
	if bad != nil {
		return bad
	}
	p.have = p.move(used, want)
	return nil
}

// observe shows the whole packets at the start of b, before the library can
// answer one of them.
func (p *pump) observe(b []byte) {
	if p.t.o.Observe == nil {
		return
	}
	n := 0
	for {
		head, size, err := p.next(b[n:])
		if head == 0 || err != nil {
			break
		}
		n += size
	}
	if n > 0 {
		p.t.o.Observe(In, b[:n], p.now)
	}
}

// cut deals with the whole packets at the start of b. It returns how many
// bytes they take and the size of the packet behind them, 0 when unknown.
// Packets for the library go out in runs that are as long as possible.
func (p *pump) cut(b []byte) (used, want int, bad error) {
	run, frames := 0, uint64(0) // b[run:used] is for the library
	for bad == nil {
		var head, size int
		head, size, bad = p.next(b[used:])
		if head == 0 {
			want = size
			break
		}
		frame := b[used : used+size]
		var kept bool
		var instead []byte
		if kept, instead, bad = p.frame(frame, head); bad != nil {
			break
		}
		if kept {
			if bad = p.forward(b[run:used]); bad == nil {
				bad = p.forward(instead)
			}
			run = used + size
		}
		used += size
		frames++
	}
	p.t.framesIn.Add(frames)
	if err := p.forward(b[run:used]); bad == nil {
		bad = err
	}
	return used, want, bad
}

// forward passes whole packets to the library; it waits while the buffer is
// full.
func (p *pump) forward(frames []byte) error {
	if len(frames) == 0 {
		return nil
	}
	return p.t.q.write(frames)
}

// next finds the packet at the start of b; head is 0 when it is not whole.
func (p *pump) next(b []byte) (head, size int, err error) {
	head, size, err = header(b)
	switch {
	case err != nil:
		return 0, 0, malformed(b[0]>>4, err.Error())
	case head > 0 && size > p.t.o.MaxPacket:
		return 0, 0, &app.PacketTooLargeError{Size: size, Cap: p.t.o.MaxPacket}
	case size > len(b):
		return 0, size, nil
	}
	return head, size, nil
}

// frame looks at one whole packet and reports whether the tap keeps it, and
// what the library gets in its place, if anything.
func (p *pump) frame(frame []byte, head int) (kept bool, instead []byte, err error) {
	switch typ := frame[0] >> 4; typ {
	case typePublish:
		if !p.up {
			return false, nil, protocolError(typ, "PUBLISH without a CONNACK that accepts [MQTT-3.2.0-1]")
		}
		return p.publish(frame[0], frame[head:])
	case typeConnAck:
		return false, nil, p.connAck(frame, head)
	case 0:
		return false, nil, malformed(typ, "packet type 0 is reserved (MQTT 5.0 §2.1.2)")
	case typeAuth:
		if p.t.o.Version < app.V5 {
			return false, nil, malformed(typ, "packet type 15 is reserved (MQTT 3.1.1 §2.2.1)")
		}
	}
	return false, nil, nil
}

// connAck takes the first CONNACK; the library refuses all others. Messages of
// a broker that refuses us, or does not prove who it is, are nobody's.
func (p *pump) connAck(frame []byte, head int) error {
	if _, _, seen := p.t.ConnAck(); seen || len(frame) < head+2 {
		return nil
	}
	p.t.connAck.Store(connAckSeen | uint32(frame[head])<<8 | uint32(frame[head+1]))
	if p.t.o.Accept != nil {
		if err := p.t.o.Accept(frame); err != nil {
			return err
		}
	}
	p.up = frame[head+1] == 0
	return nil
}

// publish checks a PUBLISH of any QoS, so that every version and QoS is
// judged alike, and keeps it when it is one for the Sink. The library gets
// every topic by name.
func (p *pump) publish(first byte, body []byte) (kept bool, instead []byte, err error) {
	mine := p.batch != nil && first&qosBits == 0
	if !mine {
		var m app.Message
		err = decodePublish(&m, p.t.o.Version, first, body, false, p.alias)
		if err == nil && body[0]|body[1] == 0 {
			instead, err = named(first, body, m.Topic)
		}
		return instead != nil, instead, err
	}
	if len(p.batch) == cap(p.batch) {
		p.deliver()
	}
	n := len(p.batch)
	p.batch = p.batch[:n+1]
	m := &p.batch[n]
	if err := decodePublish(m, p.t.o.Version, first, body, true, p.alias); err != nil {
		p.batch = p.batch[:n]
		return false, nil, err
	}
	m.Received = p.now
	return true, nil, nil
}

// deliver hands the batch over and forgets it.
func (p *pump) deliver() {
	if len(p.batch) == 0 {
		return
	}
	p.t.o.Sink.Deliver(p.batch)
	clear(p.batch)
	p.batch = p.batch[:0]
}

// move brings what is left of buf to its start and sees to room for more. A
// packet that is larger than buf makes it grow with the bytes that really
// arrived, never with those that were announced. It returns how many bytes
// are left.
func (p *pump) move(used, want int) int {
	left := p.buf[used:p.have]
	switch {
	case len(left) == len(p.buf):
		grown := make([]byte, min(2*len(p.buf), max(want, readSize)+readSize))
		copy(grown, left)
		p.buf = grown
	case len(p.buf) > readSize && want <= readSize && len(left) <= readSize/2:
		p.buf = append(make([]byte, 0, readSize), left...)[:readSize]
	case used > 0:
		copy(p.buf, left)
	}
	return len(left)
}
