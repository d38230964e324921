package link

import "sync/atomic"

// inbound is the read buffer: buf[start:end] has been read and not yet been
// handed out. Everything but the counters belongs to the goroutine of Serve.
type inbound struct {
	buf        []byte // nil: none is held
	start, end int
	want       int  // size of the frame that buf[start:end] begins; 0: not known
	class      int  // of the next buffer, where it cannot be known that one is needed
	batches    int  // handed out so far, up to firstBatches
	waited     bool // for the bytes that were read last
	rested     bool // waited, as it was when the present batch began
	changing   bool // counted in ahead.changing

	try func(fd uintptr) bool // tryRead, bound once
	err error                 // what tryRead met

	bytes, frames atomic.Int64
}

// read reads at least one byte behind what is there.
func (c *Conn) read() error {
	if c.raw != nil {
		return c.readSocket()
	}
	in := &c.in
	in.room(&c.cfg.pools, in.class)
	space := in.space()
	n, err := c.nc.Read(space)
	in.took(n)
	in.adapt(n, len(space))
	if n > 0 {
		return nil // an error comes again
	}
	return err
}

// adapt chooses the size of the next buffer by what the last read brought.
func (in *inbound) adapt(n, space int) {
	switch {
	case n == space && in.class < large:
		in.class++
	case in.class > small && n < classSize(in.class-1):
		in.class--
	}
}

func (in *inbound) took(n int) {
	in.end += n
	in.bytes.Store(in.bytes.Load() + int64(n))
}

// space is where the next bytes go. A frame that has a buffer of its own is
// read to its end and no further.
func (in *inbound) space() []byte {
	if in.want > largeSize {
		return in.buf[in.end:min(in.want, cap(in.buf))]
	}
	return in.buf[in.end:]
}

// room sees to it that there is space, in a buffer of at least the class.
func (in *inbound) room(p *pools, class int) {
	have := in.end - in.start
	if in.want > largeSize {
		in.grow(p, have)
		return
	}
	class = min(max(class, classFor(have+1)), large)
	switch {
	case have == 0 && cap(in.buf) != classSize(class):
		in.release(p)
		in.buf = p.get(class)
	case cap(in.buf) < classSize(class):
		in.move(p, p.get(class))
	case in.start > 0:
		copy(in.buf, in.buf[in.start:in.end])
		in.start, in.end = 0, have
	}
}

// grow makes room for a frame that no pooled buffer holds: twice what has
// arrived, so that nobody gets memory for bytes that are only announced.
func (in *inbound) grow(p *pools, have int) {
	switch {
	case in.start == 0 && have < cap(in.buf):
	case have < largeSize:
		in.move(p, p.get(large))
	default:
		in.move(p, make([]byte, min(in.want, 2*have)))
	}
}

// shrink gives back what a wait for the peer need not hold.
func (in *inbound) shrink(p *pools) {
	have := in.end - in.start
	if have == 0 {
		in.release(p)
		return
	}
	if class := classFor(have); class < unpooled && classSize(class) < cap(in.buf) {
		in.move(p, p.get(class))
	}
}

// move takes what is there into buf.
func (in *inbound) move(p *pools, buf []byte) {
	n := copy(buf, in.buf[in.start:in.end])
	p.put(in.buf)
	in.buf, in.start, in.end = buf, 0, n
}

// release gives the buffer back, with whatever is in it.
func (in *inbound) release(p *pools) {
	p.put(in.buf)
	in.buf, in.start, in.end = nil, 0, 0
}
