package engine

import (
	"slices"
	"time"

	"tidings/app"
	"tidings/app/mqtt/topic"
	"tidings/brokerlocal/engine/message"
	"tidings/brokerlocal/engine/retained"
	"tidings/brokerlocal/engine/session"
	"tidings/brokerlocal/engine/store"
)

// replay sends the retained messages of one subscription (MQTT 5.0 §3.3.1.3),
// a piece at a time as the link and the window have room: however many match,
// none is lost and little memory is taken. It stands under its client's lock.
type replay struct {
	filter string
	cursor *retained.Cursor
	qos    app.QoS
	id     uint32 // subscription identifier
}

// startReplay begins a replay. The subscription is in the index already.
func (cl *client) startReplay(filter string, qos app.QoS, id uint32) {
	cl.mu.Lock()
	defer cl.mu.Unlock()
	cl.replaying.Store(true) // before anything is read
	cl.replays = append(cl.replays, replay{filter: filter, cursor: cl.engine.retained.Collect(filter), qos: qos, id: id})
}

// joins reports whether the replay of a subscription that matches a topic has
// still to begin.
func (cl *client) joins(name string) bool {
	cl.mu.Lock()
	defer cl.mu.Unlock()
	return slices.ContainsFunc(cl.joining, func(filter string) bool { return topic.Match(filter, name) })
}

// joined says that all replays have begun.
func (cl *client) joined() {
	cl.mu.Lock()
	defer cl.mu.Unlock()
	cl.joining = nil
}

// replay goes on with the replays. The caller holds mu.
func (cl *client) replay(c *connection, now time.Time, t *tally) (sent bool) {
	for len(cl.replays) > 0 {
		r := &cl.replays[0]
		for {
			if !c.hasRoom() || r.qos > app.QoS0 && cl.session.Room() <= cl.replayed {
				return sent
			}
			m := r.cursor.Next()
			if m == nil {
				break
			}
			if !m.Expired(now) && cl.engine.cfg.Authorizer.Read(cl.identity.Load(), m.Topic) {
				cl.replayOne(c, r, m, now, t)
				sent = true
			}
		}
		cl.replays[0] = replay{}
		cl.replays = cl.replays[1:]
	}
	if cl.replays != nil {
		cl.replays = nil
		cl.replaying.Store(false)
	}
	return sent
}

// replayOne sends one retained message, RETAIN set (MQTT 5.0 §3.3.1.3, 3.1.1
// [MQTT-3.3.1-8]).
func (cl *client) replayOne(c *connection, r *replay, m *message.Message, now time.Time, t *tally) {
	d := session.Delivery{Message: m, QoS: min(m.QoS, r.qos), Retain: true}
	if r.id != 0 {
		d.SubscriptionIDs = []uint32{r.id}
	}
	if d.QoS == app.QoS0 {
		o := session.Out{Delivery: d}
		if m.PacketSize(c.version, o.Head()) > c.limit {
			cl.engine.lost(cl, m, session.TooLarge)
			return
		}
		c.write(&o, now, t)
		return
	}
	if cl.durable() {
		if cl.engine.push(&replaying{client: cl, delivery: d}) == nil {
			cl.replayed++
		}
		return
	}
	if _, why := cl.session.Enqueue(d, now); why != session.None {
		cl.engine.lost(cl, m, why)
	}
	cl.sendQueue(c, now, t)
}

// replaying is a retained message on its way into a stored session.
type replaying struct {
	client   *client
	delivery session.Delivery
	place    place
}

// Size is that of the journal's Item.
func (i *replaying) Size() int { return 64 }

// Prepare is that of the journal's Item. What is to be published in the same
// batch is the fresher message.
func (i *replaying) Prepare(ops []store.Op) []store.Op {
	if m := i.client.engine.settling[i.delivery.Message.Topic]; m != nil {
		i.delivery.Message = m
	}
	if len(i.delivery.Message.Payload) == 0 {
		return ops
	}
	i.place, ops, _ = i.client.reserve(ops, i.delivery, time.Now())
	return ops
}

// Done is that of the journal's Item.
func (i *replaying) Done(err error) {
	cl := i.client
	cl.mu.Lock()
	cl.replayed--
	cl.mu.Unlock()
	i.place.done(cl, i.delivery, false, err)
}
