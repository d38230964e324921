package brokerlocal

import "encoding/binary"

// window keeps the number of PUBLISH packets with QoS 1 and 2 that a peer has
// not acknowledged within its Receive Maximum [MQTT-3.3.4-9]. What is beyond
// waits here, in order; the engine bounds how many that can be. Not safe for
// concurrent use.
type window struct {
	limit int // 0: no limit
	open  map[uint16]struct{}
	held  [][]byte
}

// admit returns what of p, whole packets, may be sent now.
func (w *window) admit(p []byte) []byte {
	if w.limit == 0 {
		return p
	}
	var now []byte
	for len(p) > 0 {
		head, size := packetSize(p)
		if head == 0 || head+size > len(p) { // not whole packets: nothing to judge
			return append(now, p...)
		}
		pkt := p[:head+size]
		p = p[head+size:]
		id, counts := deliveryID(pkt, head)
		switch {
		case !counts:
			now = append(now, pkt...)
		case len(w.held) == 0 && w.start(id):
			now = append(now, pkt...)
		default:
			w.held = append(w.held, append([]byte(nil), pkt...))
		}
	}
	return now
}

// start opens a delivery if the window allows it. One sent again counts once.
func (w *window) start(id uint16) bool {
	if w.open == nil {
		w.open = make(map[uint16]struct{})
	}
	if _, again := w.open[id]; !again && len(w.open) >= w.limit {
		return false
	}
	w.open[id] = struct{}{}
	return true
}

// ended closes deliveries and returns what may be sent instead.
func (w *window) ended(ids []uint16) []byte {
	for _, id := range ids {
		delete(w.open, id)
	}
	var now []byte
	n := 0
	for n < len(w.held) {
		head, _ := packetSize(w.held[n])
		id, _ := deliveryID(w.held[n], head)
		if !w.start(id) {
			break
		}
		now = append(now, w.held[n]...)
		w.held[n] = nil
		n++
	}
	w.held = w.held[n:]
	if len(w.held) == 0 {
		w.held = nil
	}
	return now
}

// packetSize reads a fixed header: its length and that of what follows. The
// length is 0 when the header is not whole.
func packetSize(p []byte) (head, size int) {
	for i := 1; i < len(p) && i <= 4; i++ {
		size |= int(p[i]&0x7F) << (7 * (i - 1))
		if p[i]&0x80 == 0 {
			return i + 1, size
		}
	}
	return 0, 0
}

// deliveryID returns the packet identifier of a PUBLISH with QoS 1 or 2, and
// whether it is one.
func deliveryID(pkt []byte, head int) (uint16, bool) {
	if pkt[0]>>4 != typePublish || pkt[0]&6 == 0 || len(pkt) < head+2 {
		return 0, false
	}
	at := head + 2 + int(binary.BigEndian.Uint16(pkt[head:]))
	if len(pkt) < at+2 {
		return 0, false
	}
	return binary.BigEndian.Uint16(pkt[at:]), true
}
