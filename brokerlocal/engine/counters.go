package engine

import (
	"sync/atomic"

	"tidings/brokerlocal/engine/session"
)

// counters are the figures behind $SYS and Snapshot. What belongs to $SYS
// itself is not counted. A reader adds to them once per batch.
type counters struct {
	packetsIn, packetsOut     atomic.Uint64
	bytesIn, bytesOut         atomic.Uint64
	publishIn, publishOut     atomic.Uint64
	payloadIn, payloadOut     atomic.Uint64 // bytes of payload in PUBLISH packets
	sockets                   atomic.Uint64 // connections accepted
	connects                  atomic.Uint64 // CONNECT packets accepted
	expired                   atomic.Uint64 // sessions that ended because their time was up
	maximum                   atomic.Uint64 // most clients connected at once
	refused                   atomic.Uint64 // connections cut for what they sent, or too many of them
	faults                    atomic.Uint64 // panics caught while serving a connection
	droppedFull, droppedLarge atomic.Uint64
	droppedExpired            atomic.Uint64
	droppedDenied             atomic.Uint64
}

// Dropped says how many messages were not delivered, by cause.
type Dropped struct {
	Full     uint64 // the receiver was too slow, its queue at its cap
	TooLarge uint64 // larger than the receiver's Maximum Packet Size
	Expired  uint64 // the message expiry interval ran out while it waited
	Denied   uint64 // the publisher was not allowed to, or the receiver is not any more
}

// Sum returns all of them.
func (d Dropped) Sum() uint64 { return d.Full + d.TooLarge + d.Expired + d.Denied }

func (c *counters) dropped() Dropped {
	return Dropped{
		Full: c.droppedFull.Load(), TooLarge: c.droppedLarge.Load(),
		Expired: c.droppedExpired.Load(), Denied: c.droppedDenied.Load(),
	}
}

// tally is what one reader counted since it last told: plain fields cost less
// per message than atomics.
type tally struct {
	packetsIn, bytesIn, publishIn, payloadIn uint64
	packetsOut, bytesOut                     uint64
	publishOut, payloadOut                   uint64
}

// add takes a tally over and empties it.
func (c *counters) add(t *tally) {
	for _, f := range []struct {
		to   *atomic.Uint64
		from uint64
	}{
		{&c.packetsIn, t.packetsIn}, {&c.bytesIn, t.bytesIn}, {&c.publishIn, t.publishIn}, {&c.payloadIn, t.payloadIn},
		{&c.packetsOut, t.packetsOut}, {&c.bytesOut, t.bytesOut}, {&c.publishOut, t.publishOut}, {&c.payloadOut, t.payloadOut},
	} {
		if f.from != 0 {
			f.to.Add(f.from)
		}
	}
	*t = tally{}
}

// drop counts a message that was not delivered.
func (c *counters) drop(why session.Cause) {
	switch why {
	case session.None, session.Absent:
	case session.Expired:
		c.droppedExpired.Add(1)
	case session.TooLarge:
		c.droppedLarge.Add(1)
	default:
		c.droppedFull.Add(1)
	}
}
