package brokerlocal

import "time"

const (
	smallBuffer = 4 << 10  // bytes an idle connection keeps
	keepBuffer  = 64 << 10 // bytes a buffer may keep once it is empty
)

// framer cuts the stream of one peer into packets and checks each before it
// is handed on. It holds what was read; memory grows with the bytes that
// arrived, never with a length that was announced. Not safe for concurrent
// use.
type framer struct {
	limit int // bytes of a packet, fixed header included

	buf     []byte // buf[r:v] checked and untaken, buf[v:w] not checked yet
	r, v, w int

	connected bool // CONNECT has passed
	goodbye   bool // DISCONNECT has passed: what follows is ignored
	last      time.Time
	acked     []uint16 // deliveries ended, when a window is kept; the reader takes them
	connectInfo
}

// take moves checked bytes to p and returns how many.
func (f *framer) take(p []byte) int {
	n := copy(p, f.buf[f.r:f.v])
	f.r += n
	return n
}

// ready reports whether take has something to give.
func (f *framer) ready() bool { return f.r < f.v }

// check passes every whole packet held and returns the first fault. Packets
// before a fault stay takeable; the caller meets the fault again after them.
func (f *framer) check() *packetError {
	for f.v < f.w && !f.goodbye {
		head, size, ok, bad := f.header(f.buf[f.v:f.w])
		if bad != nil {
			return f.after(bad)
		}
		if !ok || head+size > f.w-f.v {
			return nil
		}
		pkt := f.buf[f.v : f.v+head+size]
		if bad := f.packet(pkt[:1], pkt[head:]); bad != nil {
			return f.after(bad)
		}
		f.v += head + size
		f.last = time.Now()
	}
	return nil
}

// after holds a fault back while checked packets wait to be taken.
func (f *framer) after(bad *packetError) *packetError {
	if f.ready() {
		return nil
	}
	return bad
}

// header reads the fixed header (MQTT 5.0 §2.1): its length, the length of
// what follows, and whether all of the header was there.
func (f *framer) header(b []byte) (head, size int, ok bool, bad *packetError) {
	if !f.connected && b[0] != typeConnect<<4 {
		return 0, 0, false, f.violation("the first packet is no CONNECT") // [MQTT-3.1.0-1]
	}
	for i := 1; i < len(b); i++ {
		if i > 4 {
			return 0, 0, false, f.malformed("the length has more than four bytes")
		}
		size |= int(b[i]&0x7F) << (7 * (i - 1))
		if b[i]&0x80 == 0 {
			head, ok = i+1, true
			break
		}
	}
	limit := f.limit
	if !f.connected {
		limit = min(limit, preConnectCap)
	}
	if size+1 > limit || head+size > limit {
		return 0, 0, false, f.tooLarge()
	}
	return head, size, ok, nil
}

// space returns room to read into.
func (f *framer) space() []byte {
	if f.r == f.w {
		f.r, f.v, f.w = 0, 0, 0
		if f.buf == nil || cap(f.buf) > keepBuffer {
			f.buf = make([]byte, smallBuffer)
		}
	}
	if f.goodbye {
		f.v, f.w = f.r, f.r // nothing after DISCONNECT counts
	}
	if f.r > 0 && f.w == len(f.buf) {
		copy(f.buf, f.buf[f.r:f.w])
		f.v, f.w, f.r = f.v-f.r, f.w-f.r, 0
	}
	if f.w == len(f.buf) {
		bigger := make([]byte, 2*len(f.buf))
		copy(bigger, f.buf)
		f.buf = bigger
	}
	return f.buf[f.w:]
}

// grew says that n bytes were read into space.
func (f *framer) grew(n int) { f.w += n }
