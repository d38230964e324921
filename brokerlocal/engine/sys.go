package engine

import (
	"runtime/metrics"
	"time"

	"tidings/app"
	"tidings/app/mqtt/wire"
	"tidings/brokerlocal/engine/message"
)

// system is the broker's report about itself under $SYS. It belongs to the
// clock's goroutine once it is started.
type system struct {
	rows  []sysRow
	loads []loadRow
	avg   []load
	said  map[string]*message.Message // what was published last, by topic
	last  time.Time
	heap  uint64 // the most there was
}

const sysPrefix = "$SYS/broker/"

// startSys publishes the first round at once and the others in their time.
func (e *Engine) startSys() {
	if e.cfg.SysInterval < 0 {
		return
	}
	s := &e.sys
	s.rows, s.loads, s.said, s.last = sysTable(), loadTable(), make(map[string]*message.Message), time.Now()
	s.avg = make([]load, len(s.loads))
	var round func()
	round = func() {
		e.reportSys()
		e.clock.after(e.cfg.SysInterval, round)
	}
	e.clock.after(0, round)
}

// reportSys publishes what has changed since the last round.
func (e *Engine) reportSys() {
	s := &e.sys
	f := e.figures()
	s.heap = max(s.heap, f.heap)
	f.heapMaximum = s.heap
	for _, row := range s.rows {
		e.saySys(sysPrefix+row.topic, row.value(&f))
	}
	now := time.Now()
	elapsed := now.Sub(s.last)
	s.last = now
	for i, row := range s.loads {
		s.avg[i].update(row.value(&f), elapsed)
		for n, span := range loads {
			e.saySys(sysPrefix+"load/"+row.topic+"/"+span.name, s.avg[i].text(n))
		}
	}
}

func (e *Engine) saySys(topic, value string) {
	s := &e.sys
	m := message.New(&wire.Publish{Topic: topic, Payload: []byte(value), Retain: true, QoS: app.QoS2}, "", time.Now())
	if old := s.said[topic]; old != nil && string(old.Payload) == value {
		return
	}
	s.said[topic] = m
	e.publish(m, nil)
}

// figures returns the state of things.
func (e *Engine) figures() figures {
	c := &e.count
	connected := int(e.present.Load())
	retained, bytes := e.retained.Figures()
	return figures{
		version: e.cfg.Version, uptime: time.Since(e.began),
		connected: connected, away: max(0, e.registry.len()-connected),
		maximum: c.maximum.Load(), expired: c.expired.Load(),
		packetsIn: c.packetsIn.Load(), packetsOut: c.packetsOut.Load(),
		bytesIn: c.bytesIn.Load(), bytesOut: c.bytesOut.Load(),
		publishIn: c.publishIn.Load(), publishOut: c.publishOut.Load(),
		payloadIn: c.payloadIn.Load(), payloadOut: c.payloadOut.Load(),
		dropped: c.dropped().Sum(), sockets: c.sockets.Load(), connects: c.connects.Load(),
		subscriptions: e.index.Len(), shared: e.index.Shared(),
		retained: retained, stored: retained + int(e.held.Load()), storedBytes: bytes + e.queuedBytes(),
		heap: heapInUse(),
	}
}

// queuedBytes returns what the sessions hold.
func (e *Engine) queuedBytes() int64 {
	return max(0, e.sessions.Budget.Used()-e.waiting.Load()-e.retained.Bytes())
}

func heapInUse() uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	if sample[0].Value.Kind() != metrics.KindUint64 {
		return 0
	}
	return sample[0].Value.Uint64()
}
