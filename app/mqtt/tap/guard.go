package tap

import (
	"sync"

	"tidings/app"
)

// guard keeps answers from the libraries that they do not survive:
// paho.mqtt.golang indexes the filters of a SUBSCRIBE by the return codes of
// its SUBACK, and paho.golang calls an authentication handler nobody set. Both
// panic on a goroutine of their own, which ends the program. It is safe for
// concurrent use: requests pass on the writer's goroutine, answers on the
// pump's.
type guard struct {
	v app.Version

	mu      sync.Mutex
	pending map[uint16]request // by packet identifier
	auth    bool               // CONNECT named an authentication method
}

// request is a SUBSCRIBE or UNSUBSCRIBE that waits for its answer.
type request struct {
	packet  byte
	filters int
}

// outbound notes what an outbound frame allows the broker to answer.
func (g *guard) outbound(frame []byte, head int) {
	r := reader{b: frame[head:]}
	switch typ := frame[0] >> 4; typ {
	case typeConnect:
		r.prefixed() // protocol name
		r.take(4)    // level, flags, keep alive
		if g.v >= app.V5 {
			g.setAuth(findProperty(r.properties(), propAuthMethod))
		}
	case typeSubscribe, typeUnsubscribe:
		id := r.uint16()
		if g.v >= app.V5 {
			r.properties()
		}
		n := 0
		for ; len(r.b) > 0 && !r.short; n++ {
			r.prefixed()
			if typ == typeSubscribe {
				r.take(1)
			}
		}
		g.mu.Lock()
		defer g.mu.Unlock()
		if g.pending == nil {
			g.pending = map[uint16]request{}
		}
		g.pending[id] = request{typ, n}
	}
}

func (g *guard) setAuth(auth bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.auth = auth
}

// inbound checks an inbound frame.
func (g *guard) inbound(frame []byte, head int) error {
	r := reader{b: frame[head:]}
	switch typ := frame[0] >> 4; typ {
	case typeConnAck:
		r.take(2) // flags, code
		if g.v >= app.V5 && !g.mayAuth() && findProperty(r.properties(), propAuthMethod) {
			return protocolError(typ, "authentication method that was not asked for [MQTT-4.12.0-6]")
		}
	case typeAuth:
		if !g.mayAuth() {
			return protocolError(typ, "AUTH that was not asked for [MQTT-4.12.0-6]")
		}
	case typeSubAck, typeUnsubAck:
		id := r.uint16()
		if g.v >= app.V5 {
			r.properties()
		}
		if r.short {
			return malformed(typ, "packet ends too early")
		}
		req, ok := g.answered(id)
		if !ok || typ == typeUnsubAck && g.v < app.V5 {
			return nil // UNSUBACK of MQTT 3 has no codes
		}
		if req.packet+1 != typ {
			return protocolError(typ, "answers a packet of another type")
		}
		if len(r.b) != req.filters { // [MQTT-3.8.4-6] [MQTT-3.11.3-2]
			return protocolError(typ, "not one reason code per topic filter [MQTT-3.8.4-6]")
		}
	}
	return nil
}

func (g *guard) mayAuth() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.auth
}

// answered forgets a request and returns it.
func (g *guard) answered(id uint16) (request, bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	r, ok := g.pending[id]
	delete(g.pending, id)
	return r, ok
}
