package session

import (
	"slices"

	"tidings/app"
)

// subscribeBatch and subscribeBytes bound one SUBSCRIBE packet of a restore.
const (
	subscribeBatch = 100
	subscribeBytes = 32 << 10
)

// sub is one remembered subscription.
type sub struct {
	SubState
	// confirmed: the broker's session holds the subscription as it stands.
	confirmed bool
}

// subList is the remembered subscriptions in the order they were made, and
// the filters that the broker's session may still hold although they were
// given up while the link was down. The session's lock guards it.
type subList struct {
	list   []*sub
	gone   []string // filters to unsubscribe when the broker kept the session
	shared []SubState
}

// restore is what to send after CONNACK.
type restore struct {
	unsubscribe []string
	subscribe   [][]app.Subscription
}

// view returns a copy that stays as it is; it is made once per change.
func (l *subList) view() []SubState {
	if l.shared == nil && len(l.list) > 0 {
		l.shared = make([]SubState, len(l.list))
		for i, e := range l.list {
			l.shared[i] = e.SubState
		}
	}
	return l.shared
}

func (l *subList) changed() { l.shared = nil }

func (l *subList) find(filter string) *sub {
	for _, e := range l.list {
		if e.Filter == filter {
			return e
		}
	}
	return nil
}

// put remembers s as pending, in place of one with the same filter
// [MQTT-3.8.4-3].
func (l *subList) put(s app.Subscription) {
	e := l.find(s.Filter)
	if e == nil {
		e = &sub{}
		l.list = append(l.list, e)
	}
	*e = sub{SubState: SubState{Subscription: s, Pending: true}}
	l.gone = slices.DeleteFunc(l.gone, func(f string) bool { return f == s.Filter })
	l.changed()
}

// verdict writes the broker's answer. It is ignored when the subscription
// was replaced or given up in the meantime.
func (l *subList) verdict(s app.Subscription, r app.SubResult) {
	e := l.find(s.Filter)
	if e == nil || e.Subscription != s {
		return
	}
	q, ok := r.Granted()
	e.Pending, e.Refused, e.Granted, e.Reason, e.Err = false, !ok, q, r.Reason, nil
	e.confirmed = ok
	if !ok {
		e.Err = refusedSubscription(r)
	}
	l.changed()
}

// failed writes that no answer came; the subscription stays pending.
func (l *subList) failed(s app.Subscription, err *app.Error) {
	if e := l.find(s.Filter); e != nil && e.Subscription == s {
		e.Err = err
		l.changed()
	}
}

// remove forgets the filter. later says that the broker could not be told.
func (l *subList) remove(filter string, later bool) {
	e := l.find(filter)
	if e == nil {
		return
	}
	l.list = slices.DeleteFunc(l.list, func(x *sub) bool { return x == e })
	if later && e.confirmed {
		l.gone = append(l.gone, filter)
	}
	l.changed()
}

// begin returns what a fresh connection has to send: everything that the
// broker's session does not hold for certain.
func (l *subList) begin(present bool) restore {
	var r restore
	if present {
		r.unsubscribe = slices.Clone(l.gone)
	} else {
		l.forget()
	}
	l.gone = nil
	size := subscribeBytes // the first filter opens the first batch
	for _, e := range l.list {
		if e.confirmed {
			e.Pending = false
			continue
		}
		e.Pending, e.Refused, e.Err = true, false, nil
		size += len(e.Filter) + 3
		if last := len(r.subscribe) - 1; last < 0 || size > subscribeBytes || len(r.subscribe[last]) == subscribeBatch {
			r.subscribe, size = append(r.subscribe, nil), len(e.Filter)+3
		}
		last := len(r.subscribe) - 1
		r.subscribe[last] = append(r.subscribe[last], e.Subscription)
	}
	l.changed()
	return r
}

// asking reports whether the broker still owes an answer to a SUBSCRIBE.
func (l *subList) asking() bool {
	return slices.ContainsFunc(l.list, func(e *sub) bool { return e.Pending })
}

// linkGone marks everything as pending while the link is down; what the
// broker confirmed stays known, for a session that it keeps. Why the link is
// down is told once, not again for every filter that waited.
func (l *subList) linkGone() {
	for _, e := range l.list {
		if !e.Refused {
			e.Pending, e.Err = true, nil
		}
	}
	l.changed()
}

// forget drops all knowledge of the broker's session.
func (l *subList) forget() {
	for _, e := range l.list {
		e.confirmed = false
	}
	l.gone = nil
	l.changed()
}
