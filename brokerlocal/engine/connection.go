package engine

import (
	"net/netip"
	"sync/atomic"
	"time"

	"tidings/app"
	"tidings/app/mqtt/wire"
	"tidings/brokerlocal/engine/auth"
	"tidings/brokerlocal/engine/link"
	"tidings/brokerlocal/engine/store"
)

// connection is one network connection. Its link calls Frame and EndOfBatch
// on one goroutine, the reader, to which all fields belong but those that
// say otherwise.
type connection struct {
	// What everyone reads who has a message for us stands together, for the
	// sake of the processor's cache.
	link     *link.Conn             // safe for all
	attached atomic.Pointer[client] // as client below, for all
	granted  atomic.Int64           // outbound.go
	stamped  atomic.Uint64          // stamp of the last batch that appended to us
	sent     atomic.Uint64          // PUBLISH packets
	limit    int                    // bytes of the largest packet the client takes; never changes after attach
	aliases  uint16                 // topic aliases the client takes; never changes after attach
	version  app.Version            // never changes after CONNECT

	engine      *Engine
	address     string     // of the peer, as the log shows it; never changes
	peer        netip.Addr // never changes
	certificate string     // common name of the verified client certificate
	since       time.Time  // never changes
	vacated     bool       // its slot is free; under Engine.mu

	decoder  wire.Decoder
	terms    *terms                      // never changes after attach
	client   *client                     // nil before attach, never changes after it
	identity atomic.Pointer[auth.Client] // never nil after attach
	exchange auth.Exchange               // of an authentication that is under way

	// Of the batch of frames at work:
	working bool
	now     time.Time
	debug   bool
	tally   tally
	touched []*connection // links that were appended to
	posts   []store.Item  // for the journal
	dones   []uint64      // numbers of deliveries that are finished
	stamp   uint64        // unique to the batch

	names  []string // that the client gave topic aliases: alias n at n-1
	named  int      // bytes of names
	router *router  // nil until the client publishes

	due      bool          // in Engine.due; the journal's goroutine's
	journal  atomic.Int32  // publications the journal has not done
	unacked  atomic.Int32  // of these, those of QoS 1
	inbound  atomic.Int32  // QoS 2 publications that wait for PUBREL
	received atomic.Uint64 // PUBLISH packets
	out      outbound
}

// Frame handles one packet to the end.
func (c *connection) Frame(frame []byte) error {
	if !c.working {
		c.begin()
	}
	c.tally.packetsIn++
	c.tally.bytesIn += uint64(len(frame))
	p, err := c.decoder.Decode(frame)
	switch {
	case err != nil && c.terms == nil:
		return c.refuseFrame(frame, err)
	case err != nil:
		return c.misread(frame, err)
	case c.client == nil:
		return c.early(p)
	}
	switch p := p.(type) {
	case *wire.Publish:
		return c.onPublish(p, frame)
	case *wire.PubAck:
		return c.onPubAck(p)
	case *wire.PubRec:
		return c.onPubRec(p)
	case *wire.PubRel:
		return c.onPubRel(p)
	case *wire.PubComp:
		return c.onPubComp(p)
	case *wire.PingReq:
		return c.onPing()
	}
	return c.rare(p)
}

func (c *connection) rare(p wire.Packet) error {
	switch p := p.(type) {
	case *wire.Subscribe:
		return c.onSubscribe(p)
	case *wire.Unsubscribe:
		return c.onUnsubscribe(p)
	case *wire.Disconnect:
		return c.onDisconnect(p)
	case *wire.Auth:
		return c.onAuth(p)
	case *wire.Connect:
		return errSecondConnect
	}
	return endingf(app.ReasonProtocolError, "a client does not send "+p.Type().String())
}

// misread ends a connection for a packet that breaks a rule. One that is out of
// turn ends it for that: what else is wrong with it may have a reason code that
// the last word of this connection cannot say (MQTT 5.0 §2.4).
func (c *connection) misread(frame []byte, err error) error {
	t := wire.Type(frame[0] >> 4)
	switch {
	case c.client == nil && t != wire.AUTH && t != wire.DISCONNECT:
		return c.outOfTurn()
	case c.client == nil:
		return c.refuse(err)
	case t == wire.CONNECT:
		return errSecondConnect
	}
	return err
}

// outOfTurn ends a connection that waits for its CONNACK [MQTT-3.1.2-30].
func (c *connection) outOfTurn() error {
	return c.protest("neither AUTH nor DISCONNECT before CONNACK")
}

// errSecondConnect ends a connection for a second CONNECT [MQTT-3.1.0-2].
var errSecondConnect = endingf(app.ReasonProtocolError, "a second CONNECT")

// early takes a packet of a connection that is not let in yet.
func (c *connection) early(p wire.Packet) error {
	switch p := p.(type) {
	case *wire.Connect:
		if c.terms == nil {
			return c.onConnect(p)
		}
	case *wire.Auth:
		return c.onAuth(p)
	case *wire.Disconnect:
		return errDone
	}
	return c.outOfTurn()
}

// begin starts a batch.
func (c *connection) begin() {
	c.working = true
	c.now = time.Now()
	c.debug = c.engine.log.debugs()
	if c.router != nil {
		c.router.debug = c.debug
	}
	c.stamp = c.engine.batches.Add(1)
}

// EndOfBatch sends what the batch has appended anywhere, and gives receivers
// that are behind a moment to catch up: together at most patience, and none
// to one that is stalled.
func (c *connection) EndOfBatch() {
	c.working = false
	c.received.Add(c.tally.publishIn)
	c.tell()
	c.flush()
	c.postAll()
	c.engine.drop(c.client, c.dones...)
	c.dones = nil // the journal has them
	left := patience
	for _, r := range c.touched {
		if left > 0 && r != c {
			left -= r.link.Yield(behind, left)
		}
	}
	clear(c.touched)
	c.touched = c.touched[:0]
	if _, waiting := c.link.Pending(); int64(waiting) > c.granted.Load() {
		c.catchUp(int64(waiting))
	}
}

// catchUp waits for a client that does not read what it is answered: nothing
// more is read from it until it does.
func (c *connection) catchUp(waiting int64) {
	if c.granted.Load() <= c.ration() && c.grow() && waiting <= c.granted.Load() {
		return
	}
	c.link.Await(int(c.granted.Load()))
}

// tell adds what was counted to the engine's figures.
func (c *connection) tell() {
	c.engine.count.add(&c.tally)
	if c.router != nil {
		c.engine.count.add(&c.router.tally)
	}
}

const (
	patience = time.Millisecond
	behind   = 1 << 20 // bytes that wait for a receiver
)

func (c *connection) flush() {
	for _, r := range c.touched {
		r.link.Flush()
	}
}

// touch notes that something was appended to r during this batch.
func (c *connection) touch(r *connection) {
	if r.stamped.Load() == c.stamp {
		return
	}
	r.stamped.Store(c.stamp)
	c.touched = append(c.touched, r)
}

// Low is called on the goroutine of the link's flusher when little is left
// to write: what had to wait follows.
func (c *connection) Low() {
	c.giveBack()
	cl := c.attached.Load()
	if cl == nil {
		return
	}
	cl.losing.Store(false)
	cl.mu.Lock()
	defer cl.mu.Unlock()
	if cl.conn.Load() == c {
		cl.pump(time.Now())
	}
}

// send appends a packet that is not a PUBLISH to our own link. It is not for
// the reader alone, but for one goroutine at a time. The error is frame's.
func (c *connection) send(p wire.Packet) error {
	frame, err := c.frame(p)
	if err != nil {
		return err
	}
	c.link.Append(frame)
	c.engine.count.packetsOut.Add(1)
	c.engine.count.bytesOut.Add(uint64(len(frame)))
	if c.working {
		c.touch(c)
	}
	return nil
}

// frame encodes a packet that is not a PUBLISH. The error ends the connection:
// the client waits for the packet and takes none so large [MQTT-3.1.2-24], or
// it cannot be written at all, which is a fault of ours.
func (c *connection) frame(p wire.Packet) ([]byte, error) {
	frame, err := wire.Append(nil, c.version, p)
	switch {
	case err != nil:
		c.engine.log.error("A packet for %s cannot be written: %s", c.name(), err.Error())
		return nil, endingf(app.ReasonUnspecified, "a fault of the broker")
	case c.terms != nil && len(frame) > c.terms.packet:
		return nil, endingf(app.ReasonPacketTooLarge, p.Type().String()+" would be larger than the client's Maximum Packet Size")
	}
	return frame, nil
}

// cut ends the connection from outside the reader: an MQTT 5 client is told
// why.
func (c *connection) cut(e *ending) {
	c.link.CloseAfterFlush(c.farewell(e), lastWords)
}

// dismiss is cut for what the client can do nothing about. The log says it once.
func (c *connection) dismiss(e *ending) {
	if !c.link.Down() {
		c.engine.log.warn("Client %s [%s] is cut: %s.", c.name(), c.address, e.why)
	}
	c.cut(e)
}

// lastWords is how long a peer may take to read why its connection ends. A
// busy one that has a thousand acknowledgements to read and to answer first
// needs more than a second; whom Stop cuts has no more than stopGrace.
const lastWords = 5 * time.Second

// farewell returns the DISCONNECT that says why: nil before CONNACK
// [MQTT-3.14.0-1], and for MQTT 3.x, where the server has no such packet.
func (c *connection) farewell(e *ending) []byte {
	if c.attached.Load() == nil || c.version != app.V5 {
		return nil
	}
	p := &wire.Disconnect{Reason: e.reason}
	p.Properties.Add(wire.ReasonString)
	p.Properties.ReasonString = e.why
	frame, err := wire.Append(nil, app.V5, p)
	if err != nil || len(frame) > c.terms.packet {
		frame, err = wire.Append(nil, app.V5, &wire.Disconnect{Reason: e.reason})
	}
	if err != nil || len(frame) > c.terms.packet {
		return nil
	}
	c.engine.log.debug("Sending DISCONNECT to %s (rc%d)", c.name(), int(e.reason))
	c.engine.count.packetsOut.Add(1)
	c.engine.count.bytesOut.Add(uint64(len(frame)))
	return frame
}

// name is the client identifier, for the log.
func (c *connection) name() string {
	if c.terms == nil {
		return "<unknown>"
	}
	return c.terms.id
}

func (c *connection) onPing() error {
	if c.debug {
		c.engine.log.debug("Received PINGREQ from %s", c.name())
		c.engine.log.debug("Sending PINGRESP to %s", c.name())
	}
	c.reply([]byte{byte(wire.PINGRESP) << 4, 0})
	return nil
}

// reply appends a frame to our own link, on the reader.
func (c *connection) reply(frame []byte) {
	c.link.Append(frame)
	c.tally.packetsOut++
	c.tally.bytesOut += uint64(len(frame))
	c.touch(c)
}

func (c *connection) onDisconnect(p *wire.Disconnect) error {
	if c.debug {
		c.engine.log.debug("Received DISCONNECT from %s", c.name())
	}
	cl := c.client
	cl.mu.Lock()
	defer cl.mu.Unlock()
	if cl.conn.Load() != c {
		return errTaken
	}
	if p.Properties.Has(wire.SessionExpiry) {
		expiry := min(p.Properties.SessionExpiry, c.engine.cfg.Limits.SessionExpiry)
		if c.terms.expiry == 0 && expiry != 0 { // MQTT 5.0 §3.14.2.2.2
			return endingf(app.ReasonProtocolError, "a session expiry in DISCONNECT that was 0 in CONNECT")
		}
		cl.expiry = expiry
	}
	if p.Reason != app.ReasonSuccess {
		return errLeft
	}
	cl.will = nil // [MQTT-3.14.4-3], before the client can be back
	return errDone
}
