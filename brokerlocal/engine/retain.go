package engine

import (
	"time"

	"tidings/brokerlocal/engine/message"
	"tidings/brokerlocal/engine/store"
)

// setRetained makes m the retained message of its topic, before it is
// delivered: whoever subscribes from now on gets it, or the next. It returns
// false when there is no room.
func (e *Engine) setRetained(m *message.Message) bool {
	if _, err := e.retained.Set(m); err != nil {
		e.noRoom(m)
		return false
	}
	if m.Expires != 0 {
		e.awaitExpiry()
	}
	return true
}

// keepRetained is setRetained for what there was room for when it was taken,
// and for $SYS.
func (e *Engine) keepRetained(m *message.Message) {
	e.retained.Keep(m)
	if m.Expires != 0 {
		e.awaitExpiry()
	}
}

// roomToRetain reports whether m can be retained.
func (e *Engine) roomToRetain(m *message.Message) bool {
	if e.retained.Fits(m) {
		return true
	}
	e.noRoom(m)
	return false
}

// noRoom says in the log that messages are not retained, once in a while.
func (e *Engine) noRoom(m *message.Message) {
	if e.crammed.Swap(true) {
		return
	}
	e.log.warn("The message on '%s' is not retained, nor may others be: the memory for messages is full.", m.Topic)
	e.clock.after(noRoomPause, func() { e.crammed.Store(false) })
}

const noRoomPause = time.Minute

// retaining stores what is retained for the topic of a message when its turn
// comes: by then that may be a newer one, or none.
type retaining struct {
	engine  *Engine
	message *message.Message
}

// Size is that of the journal's Item.
func (i *retaining) Size() int { return 64 + i.message.Size() }

// Prepare is that of the journal's Item. What this batch publishes to the topic
// is stored with it, and retained after it, so it is what remains.
func (i *retaining) Prepare(ops []store.Op) []store.Op {
	if i.engine.settling[i.message.Topic] != nil {
		return ops
	}
	if m := i.engine.retained.Get(i.message.Topic); m != nil {
		return append(ops, store.PutRetained{Message: m})
	}
	return append(ops, store.DropRetained{Topic: i.message.Topic})
}

// Done is that of the journal's Item.
func (i *retaining) Done(err error) {
	if err != nil {
		i.engine.storeFails(err)
	}
}

// storeRetained posts what is retained now for the topic of m.
func (e *Engine) storeRetained(m *message.Message) {
	if e.journal != nil {
		_ = e.journal.Push(&retaining{engine: e, message: m}) // closed: the store is as it is
	}
}

func retainedOp(m *message.Message) store.Op {
	if len(m.Payload) == 0 { // [MQTT-3.3.1-6]
		return store.DropRetained{Topic: m.Topic}
	}
	return store.PutRetained{Message: m}
}

// awaitExpiry sets the alarm for the retained message that expires next.
func (e *Engine) awaitExpiry() {
	at, ok := e.retained.NextExpiry()
	e.expiry.Lock()
	defer e.expiry.Unlock()
	if !ok || e.expiry.alarm != nil && !at.Before(e.expiry.at) {
		return
	}
	e.clock.cancel(e.expiry.alarm)
	e.expiry.at = at
	e.expiry.alarm = e.clock.after(time.Until(at), e.expireRetained)
}

// expireRetained removes the retained messages that are due.
func (e *Engine) expireRetained() {
	e.expiry.Lock()
	e.expiry.alarm = nil
	e.expiry.Unlock()
	for _, m := range e.retained.Expire(time.Now()) {
		if !isSystem(m.Topic) {
			e.storeRetained(m)
		}
	}
	e.awaitExpiry()
}
