package session

import (
	"sync/atomic"
	"time"

	"tidings/app"
)

const (
	// backlogGap is how long nothing may come before what waited counts as
	// delivered: the broker sends it right after CONNACK, in bursts as large
	// as we may have unacknowledged.
	backlogGap = time.Second
	// backlogLongest ends the counting where messages never cease to come.
	backlogLongest = time.Minute
	// backlogLook is how often the session looks whether it is over.
	backlogLook = 250 * time.Millisecond
)

// Waited is what a broker that kept our session had kept in it. No standard
// marks such messages: counted is what arrives with QoS 1 or 2 from CONNACK to
// the first pause, so that a live message among them counts as well.
type Waited struct {
	Messages  uint64
	Receiving bool // they still come
}

// backlog is the sink of one attempt: it counts what waited on its way to the
// sink of the options.
type backlog struct {
	app.Sink
	on    atomic.Bool
	count atomic.Uint64
	last  atomic.Int64 // when the newest came, unix nanoseconds
}

func newBacklog(to app.Sink) *backlog {
	b := &backlog{Sink: to}
	b.on.Store(true) // messages may come before Connect has returned
	return b
}

// Deliver implements app.Sink.
func (b *backlog) Deliver(batch []app.Message) {
	if b.on.Load() {
		n := uint64(0)
		for i := range batch {
			if batch[i].QoS > app.QoS0 && !batch[i].Retained {
				n++
			}
		}
		if n > 0 {
			b.count.Add(n)
			b.last.Store(time.Now().UnixNano())
		}
	}
	b.Sink.Deliver(batch)
}

// over reports whether what waited has come, on a link that is up since a
// moment.
func (b *backlog) over(up time.Time) bool {
	now := time.Now()
	last := up
	if n := b.last.Load(); n > 0 {
		last = time.Unix(0, n)
	}
	return now.Sub(last) >= backlogGap || now.Sub(up) >= backlogLongest
}

// stop ends the counting and returns the count.
func (b *backlog) stop() uint64 {
	b.on.Store(false)
	return b.count.Load()
}

// waited returns the present count; b may be nil.
func (b *backlog) waited() Waited {
	if b == nil {
		return Waited{}
	}
	n := b.count.Load()
	return Waited{Messages: n, Receiving: n > 0 && b.on.Load()}
}
