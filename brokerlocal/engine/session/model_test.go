package session_test

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"pgregory.net/rapid"

	"tidings/app"
	"tidings/app/mqtt/wire"
	"tidings/brokerlocal/engine/message"
	"tidings/brokerlocal/engine/session"
)

// row is a delivery in the model of the store.
type row struct {
	session.Delivery
	released bool
}

// work is one item of the model of the journal.
type work struct {
	prepare func() []func() // what it does to the store
	done    func(ok bool)
}

// world is a broker around one session, so simple that it is right, and the
// client of that session.
type world struct {
	*rapid.T
	now    time.Time
	config *session.Config
	s      *session.Session
	client *client

	durable bool
	rows    map[uint64]row
	cleared uint64
	journal []work

	toClient []session.Out
	toServer []ack

	published map[app.QoS][]string // accepted, in order
	gone      map[string]bool      // dropped after that, rightly
	everSent  map[uint64]bool
	flight    map[uint16]uint64 // identifiers in use
	mayDup    uint64            // the mark when the process died
	window    int
	here      map[uint64]bool // sent on this connection and unfinished
	lastOut   uint64          // number of the last packet on this connection
	serial    int
	names     map[uint64]string
}

func newWorld(t *rapid.T, durable bool) *world {
	w := &world{T: t, durable: durable, now: time.Unix(1_800_000_000, 0), client: newClient(t),
		rows: map[uint64]row{}, published: map[app.QoS][]string{}, gone: map[string]bool{},
		everSent: map[uint64]bool{}, flight: map[uint16]uint64{}, names: map[uint64]string{}}
	w.config = &session.Config{Messages: 40, Bytes: 40 * 300, InFlight: 8, Budget: session.NewBudget(40 * 300)}
	w.s = session.New(w.config, durable, w.droppedLater)
	if rapid.Bool().Draw(t, "identifiers wrap soon") {
		w.cleared = 65_530
		if durable {
			w.s.RestoreCleared(w.cleared)
		} else {
			w.s.SkipTo(w.cleared)
		}
	}
	w.client.refuses = func(string) bool { return rapid.IntRange(0, 9).Draw(t, "PUBREC") == 0 }
	return w
}

func (w *world) droppedLater(seq uint64, m *message.Message, why session.Cause) {
	switch {
	case why == session.Expired && !m.Expired(w.now), why == session.TooLarge && len(m.Payload) < 100,
		why != session.Expired && why != session.TooLarge:
		w.Fatalf("%d was dropped: %v", seq, why)
	case why == session.Expired && w.everSent[seq]:
		w.Fatalf("%d expired in flight", seq)
	}
	w.gone[string(m.Payload)] = true
	w.finish(seq)
	w.post(work{prepare: func() []func() { return []func(){func() { delete(w.rows, seq) }} }})
}

func (w *world) post(item work) {
	if w.durable {
		w.journal = append(w.journal, item)
	}
}

// finish notes that a delivery has ended.
func (w *world) finish(seq uint64) {
	delete(w.here, seq)
	if id := uint16((seq-1)%65535) + 1; w.flight[id] == seq {
		delete(w.flight, id)
	}
}

func (w *world) publish(*rapid.T) {
	w.serial++
	p := &wire.Publish{Topic: "t", QoS: app.QoS(rapid.IntRange(1, 2).Draw(w.T, "QoS")), Payload: fmt.Append(nil, w.serial, " ")}
	switch rapid.IntRange(0, 5).Draw(w.T, "kind") {
	case 0:
		p.Properties.MessageExpiry = uint32(rapid.IntRange(1, 5).Draw(w.T, "expiry"))
		p.Properties.Add(wire.MessageExpiry)
	case 1:
		p.Payload = append(p.Payload, make([]byte, 100)...)
	}
	d := session.Delivery{Message: message.New(p, "me", w.now), QoS: p.QoS}
	if !w.durable {
		if _, why := w.s.Enqueue(d, w.now); why == session.None {
			w.accept(d)
		} else {
			w.refused(why)
		}
		return
	}
	var seq, mark uint64
	why := session.QueueMessages
	raise := false
	w.post(work{
		prepare: func() (ops []func()) {
			seq, why = w.s.Reserve(d, w.now)
			if why != session.None {
				w.refused(why)
				return nil
			}
			ops = append(ops, func() { w.rows[seq] = row{Delivery: d} })
			if mark, raise = w.s.Raise(); raise {
				ops = append(ops, func() { w.cleared = mark })
			}
			return ops
		},
		done: func(ok bool) {
			switch {
			case why != session.None:
			case ok:
				w.s.Put(seq, d)
				w.accept(d)
				if raise {
					w.s.Cleared(mark)
				}
			default:
				w.s.Abandon(d)
				if raise {
					w.s.NotCleared()
				}
			}
		},
	})
}

func (w *world) accept(d session.Delivery) {
	w.published[d.QoS] = append(w.published[d.QoS], string(d.Message.Payload))
}

func (w *world) refused(why session.Cause) {
	st := w.s.Stats()
	full := map[session.Cause]bool{session.QueueMessages: st.Messages >= w.config.Messages,
		session.QueueBytes: st.Bytes > w.config.Bytes-400, session.AllBytes: w.config.Budget.Used() > 40*300-400}
	if !full[why] {
		w.Fatalf("refused (%v) with %+v", why, st)
	}
}

// raise asks for a mark when one is in the way.
func (w *world) raise() {
	if !w.s.Wants() {
		return
	}
	var mark uint64
	raise := false
	w.post(work{
		prepare: func() (ops []func()) {
			if mark, raise = w.s.Raise(); raise {
				ops = append(ops, func() { w.cleared = mark })
			}
			return ops
		},
		done: func(ok bool) {
			if raise && ok {
				w.s.Cleared(mark)
			} else if raise {
				w.s.NotCleared()
			}
		},
	})
}

// commit runs what is in the journal as one batch.
func (w *world) commit(*rapid.T) {
	w.run(rapid.IntRange(0, 9).Draw(w.T, "commit") > 0)
}

func (w *world) run(ok bool) {
	batch := w.journal
	w.journal = nil
	var ops []func()
	for _, item := range batch {
		ops = append(ops, item.prepare()...)
	}
	var again []work
	if ok {
		for _, op := range ops {
			op()
		}
	}
	for _, item := range batch {
		if item.done != nil {
			item.done(ok)
		} else if !ok {
			again = append(again, item) // drops are asked for until they are done
		}
	}
	w.journal = append(again, w.journal...)
}

func (w *world) pump(*rapid.T) {
	for {
		o, ok := w.s.Next(w.now)
		if !ok {
			w.raise()
			return
		}
		w.check(o)
		w.toClient = append(w.toClient, o)
	}
}

// check holds a packet against what was sent before.
func (w *world) check(o session.Out) {
	switch {
	case o.Seq <= w.lastOut:
		w.Fatalf("%d after %d", o.Seq, w.lastOut)
	case w.flight[o.ID] != 0 && w.flight[o.ID] != o.Seq:
		w.Fatalf("%d is sent with the identifier of %d", o.Seq, w.flight[o.ID])
	case !o.Release && o.Dup != w.everSent[o.Seq] && (w.everSent[o.Seq] || o.Seq > w.mayDup):
		w.Fatalf("%d is sent with DUP %v", o.Seq, o.Dup)
	case o.Release && w.durable && !w.rows[o.Seq].released:
		w.Fatalf("PUBREL for %d before its commit", o.Seq)
	case w.durable && (o.Seq > w.cleared || w.rows[o.Seq].Message == nil && !o.Release):
		w.Fatalf("%d is sent before its commit", o.Seq)
	case !o.Release && !w.everSent[o.Seq] && o.Message.Expired(w.now) && o.Seq > w.mayDup:
		w.Fatalf("%d is sent, and due", o.Seq)
	}
	if !o.Release {
		w.names[o.Seq] = string(o.Message.Payload)
	}
	w.lastOut, w.everSent[o.Seq], w.flight[o.ID], w.here[o.Seq] = o.Seq, true, o.Seq, true
	if len(w.here) > w.window && !o.Release {
		w.Fatalf("%d in flight, the window is %d", len(w.here), w.window)
	}
}

func (w *world) clientReads(t *rapid.T) {
	if len(w.toClient) == 0 {
		t.Skip("nothing sent")
	}
	o := w.toClient[0]
	w.toClient = w.toClient[1:]
	w.toServer = append(w.toServer, w.client.receive(o))
}

// serverReads takes one answer, in any order.
func (w *world) serverReads(t *rapid.T) {
	if len(w.toServer) == 0 {
		t.Skip("nothing answered")
	}
	i := rapid.IntRange(0, len(w.toServer)-1).Draw(w.T, "which")
	a := w.toServer[i]
	w.toServer = slices.Delete(w.toServer, i, i+1)
	w.answer(a)
}

func (w *world) answer(a ack) {
	var seq uint64
	var reason app.ReasonCode
	switch a.kind {
	case "PUBACK":
		seq, reason = w.s.PubAck(a.id)
	case "PUBCOMP":
		seq, reason = w.s.PubComp(a.id)
	case "PUBREC":
		var then session.Answer
		seq, then, reason = w.s.PubRec(a.id, a.code)
		if reason == 0 && then != session.Finish {
			w.released(seq, then)
			return
		}
		w.gone[w.names[seq]] = true
	}
	if reason != 0 {
		w.Fatalf("%+v is answered with %v", a, reason)
	}
	w.finish(seq)
	w.post(work{prepare: func() []func() { return []func(){func() { delete(w.rows, seq) }} }})
	w.pump(nil)
}

func (w *world) released(seq uint64, then session.Answer) {
	release := func(id uint16) {
		w.toClient = append(w.toClient, session.Out{Release: true, ID: id, Seq: seq})
	}
	switch then {
	case session.Release:
		release(uint16((seq-1)%65535) + 1)
	case session.Store:
		w.post(work{
			prepare: func() []func() {
				return []func(){func() {
					if r, ok := w.rows[seq]; ok {
						w.rows[seq] = row{Delivery: session.Delivery{QoS: r.QoS}, released: true}
					}
				}}
			},
			done: func(ok bool) {
				if !ok {
					w.s.NotReleased(seq)
					w.disconnect(nil)
					return
				}
				if id, send := w.s.Released(seq); send {
					release(id)
				}
			},
		})
	}
}

func (w *world) disconnect(*rapid.T) {
	w.s.Disconnected()
	w.toClient, w.toServer = nil, nil
}

func (w *world) connect(*rapid.T) {
	w.connectWith(session.Connection{Version: app.V5, ReceiveMaximum: uint16(rapid.IntRange(0, 10).Draw(w.T, "receive maximum")),
		MaximumPacket: rapid.SampledFrom([]uint32{0, 0, 90}).Draw(w.T, "maximum packet")})
}

func (w *world) connectWith(c session.Connection) {
	w.disconnect(nil)
	w.s.Connected(c)
	w.window = w.config.InFlight
	if c.ReceiveMaximum > 0 {
		w.window = min(w.window, int(c.ReceiveMaximum))
	}
	w.here, w.lastOut = map[uint64]bool{}, 0
	w.client.connect(w.window)
	w.pump(nil)
}

// kill ends the process: what is not in the store is gone.
func (w *world) kill(t *rapid.T) {
	if !w.durable {
		t.Skip("nothing would be left")
	}
	w.toClient, w.toServer, w.journal = nil, nil, nil
	w.config.Budget = session.NewBudget(40 * 300)
	w.s = session.New(w.config, true, w.droppedLater)
	w.s.RestoreCleared(w.cleared)
	w.mayDup = w.cleared
	w.flight = map[uint16]uint64{}
	for _, seq := range slices.Sorted(maps.Keys(w.rows)) {
		r := w.rows[seq]
		if !w.s.Restore(seq, r.Delivery, r.released) {
			w.Fatalf("%d is refused", seq)
		}
		if w.everSent[seq] {
			w.flight[uint16((seq-1)%65535)+1] = seq
		}
	}
}

func (w *world) wait(*rapid.T) {
	w.now = w.now.Add(time.Duration(rapid.IntRange(0, 3000).Draw(w.T, "milliseconds")) * time.Millisecond)
	w.s.Expire(w.now)
}
