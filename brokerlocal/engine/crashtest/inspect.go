package crashtest

import (
	"time"

	"tidings/app"
	"tidings/app/mqtt/wire"
)

// inspect compares the retained messages of a broker with what publishers
// know, while these wait: each is the last acknowledged one of its topic, or
// one that was sent after it; none has expired.
func (w *world) inspect(p *Process, streams []*stream) {
	l, _ := w.dial(p, wire.Connect{Version: app.V5, Clean: true, ClientID: "inspector"})
	if l == nil {
		return
	}
	defer l.Drop()
	since := time.Now()
	l.send(&wire.Subscribe{ID: 1, Filters: []app.Subscription{{Filter: string(kept) + "/#"}, {Filter: string(brief) + "/#"}}}, &wire.PingReq{})
	values := map[string][]byte{}
	for {
		got, ok := l.receive()
		if !ok {
			return
		}
		switch got := got.(type) {
		case *wire.Publish:
			if !got.Retain || values[got.Topic] != nil {
				w.found("the retained message of %s comes twice, or is none", got.Topic)
			}
			values[got.Topic] = got.Payload
		case *wire.PingResp:
			for _, s := range streams {
				w.inspectOne(s, values[s.topic], since)
			}
			return
		}
	}
}

func (w *world) inspectOne(s *stream, value []byte, since time.Time) {
	n := 0
	if value != nil {
		if n = s.number(value); n == 0 {
			w.found("what is retained under %s was never sent: %q", s.topic, value)
			return
		}
	}
	switch acked, sent := s.settled(); {
	case s.kind == brief && n > 0 && s.dueBefore(n, since):
		w.found("number %d is retained under %s and has expired", n, s.topic)
	case s.kind != kept:
	case n > 0 && n < acked:
		w.found("number %d is retained under %s; %d was acknowledged", n, s.topic, acked)
	case n == 0 && acked > 0 && !s.clearedWithin(acked, sent):
		w.found("nothing is retained under %s; %d was acknowledged", s.topic, acked)
	}
}

// clearedWithin reports whether one of the messages deletes the retained one.
func (s *stream) clearedWithin(first, last int) bool {
	for n := first; n <= last; n++ {
		if s.clears(n) {
			return true
		}
	}
	return false
}
