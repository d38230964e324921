package engine

import (
	"fmt"
	"runtime/debug"

	"tidings/app"
	"tidings/brokerlocal/engine/store"
)

// guard runs what belongs to no connection: a panic in it ends neither the
// broker nor the program.
func (e *Engine) guard(run func()) {
	defer func() {
		if p := recover(); p != nil {
			e.fault(fmt.Sprint(p), debug.Stack())
		}
	}()
	run()
}

// guardFor is guard for what a client gets. A panic ends its connection: what
// was not written comes again on the next.
func (e *Engine) guardFor(cl *client, run func()) {
	done := false
	e.guard(func() {
		run()
		done = true
	})
	if c := cl.conn.Load(); c != nil && !done {
		c.dismiss(faulty())
	}
}

// faulty is why a connection ends whose work panicked.
func faulty() *ending { return &ending{reason: app.ReasonUnspecified, why: "a fault of the broker"} }

func (e *Engine) fault(what string, trace []byte) {
	e.count.faults.Add(1)
	e.log.error("A fault of the broker: %s\n%s", what, stack(trace))
}

// journalFault ends the connection whose work panicked on the journal's
// goroutine. It got no acknowledgement, so that it repeats what may not have
// been stored.
func (e *Engine) journalFault(item store.Item, err *store.PanicError) {
	e.fault(err.Error(), err.Stack)
	var c *connection
	switch i := item.(type) {
	case *publication:
		c = i.from
	case *release:
		c = i.client.conn.Load()
	case *mark:
		c = i.client.conn.Load()
	case *replaying:
		c = i.client.conn.Load()
	case *note:
		i.answer(err)
	}
	if c != nil {
		c.dismiss(faulty())
	}
}
