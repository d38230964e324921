package storetest

import (
	"cmp"
	"errors"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"tidings/app"
	"tidings/brokerlocal/engine/message"
	"tidings/brokerlocal/engine/store"
)

// model is what a store must hold, in maps.
type model struct {
	sessions map[uint64]*session
	retained map[string]*message.Message
	next     uint64
}

type session struct {
	put           store.PutSession
	subscriptions map[string]store.PutSubscription
	cleared       uint64
	inbound       map[uint16]bool
	queue         map[uint64]store.Op
}

func (m *model) apply(op store.Op) {
	switch op := op.(type) {
	case store.PutSession:
		if s := m.sessions[op.Number]; s != nil {
			s.put = op
			return
		}
		m.next = max(m.next, op.Number+1)
		m.sessions[op.Number] = &session{put: op, subscriptions: map[string]store.PutSubscription{}, inbound: map[uint16]bool{}, queue: map[uint64]store.Op{}}
	case store.DropSession:
		delete(m.sessions, op.Session)
	case store.PutRetained:
		m.retained[op.Message.Topic] = op.Message
	case store.DropRetained:
		delete(m.retained, op.Topic)
	default:
		m.applyOwned(op)
	}
}

func (m *model) applyOwned(op store.Op) {
	of := func(n uint64) *session {
		if s := m.sessions[n]; s != nil {
			return s
		}
		return &session{subscriptions: map[string]store.PutSubscription{}, inbound: map[uint16]bool{}, queue: map[uint64]store.Op{}}
	}
	switch op := op.(type) {
	case store.PutSubscription:
		of(op.Session).subscriptions[op.Subscription.Filter] = op
	case store.DropSubscription:
		delete(of(op.Session).subscriptions, op.Filter)
	case store.SetCleared:
		of(op.Session).cleared = op.Seq
	case store.PutInbound:
		of(op.Session).inbound[op.ID] = true
	case store.DropInbound:
		delete(of(op.Session).inbound, op.ID)
	case store.PutQueued:
		s := of(op.Session)
		if op.Cleared != 0 {
			s.cleared = op.Cleared
		}
		op.Cleared = 0
		s.queue[op.Seq] = op
	case store.SetReleased:
		of(op.Session).queue[op.Seq] = op
	case store.DropQueued:
		for _, seq := range op.Seqs {
			delete(of(op.Session).queue, seq)
		}
	}
}

// ops returns what Load must give.
func (m *model) ops() (ops []store.Op) {
	for n, s := range sorted(m.sessions) {
		ops = append(ops, s.put)
		for _, sub := range sorted(s.subscriptions) {
			ops = append(ops, sub)
		}
		if s.cleared != 0 {
			ops = append(ops, store.SetCleared{Session: n, Seq: s.cleared})
		}
		for id := range sorted(s.inbound) {
			ops = append(ops, store.PutInbound{Session: n, ID: id})
		}
		for _, entry := range sorted(s.queue) {
			ops = append(ops, entry)
		}
	}
	for _, r := range sorted(m.retained) {
		ops = append(ops, store.PutRetained{Message: r})
	}
	return ops
}

func sorted[K cmp.Ordered, V any](m map[K]V) func(yield func(K, V) bool) {
	return func(yield func(K, V) bool) {
		for _, k := range slices.Sorted(maps.Keys(m)) {
			if !yield(k, m[k]) {
				return
			}
		}
	}
}

// run is one random run: the store, its place and its model.
type run struct {
	place    Place
	store    store.Store
	model    model
	messages []*message.Message
}

func testModel(t *testing.T, fresh Place) {
	rapid.Check(t, func(rt *rapid.T) {
		p, err := fresh.Copy() // of the empty place: each run has its own
		if err != nil {
			rt.Fatal(err)
		}
		r := &run{place: p, model: model{sessions: map[uint64]*session{}, retained: map[string]*message.Message{}, next: 1}}
		for _, m := range []string{"a 1", "a 2", "b 3", "c 4", "c 5"} {
			r.messages = append(r.messages, Message(m[:1], m[2:]))
		}
		r.open(rt)
		rt.Repeat(map[string]func(*rapid.T){
			"commit": r.commit,
			"refuse": r.refuse,
			"reopen": func(rt *rapid.T) { r.close(rt); r.open(rt) },
			"kill":   r.kill,
			"":       r.compare,
		})
		r.close(rt)
	})
}

// open begins a new life: its messages have no number yet.
func (r *run) open(t *rapid.T) {
	for i, m := range r.messages {
		r.messages[i] = m.Clone()
	}
	s, err := r.place.Open()
	if err != nil {
		t.Fatal(err)
	}
	r.store = s
}

func (r *run) close(t *rapid.T) {
	if err := r.store.Close(); err != nil {
		t.Fatal(err)
	}
}

// kill goes on from a copy of what is there.
func (r *run) kill(t *rapid.T) {
	c, err := r.place.Copy()
	if err != nil {
		t.Fatal(err)
	}
	r.close(t)
	r.place = c
	r.open(t)
}

func (r *run) commit(t *rapid.T) {
	ops := rapid.SliceOfN(rapid.Custom(r.op), 1, 8).Draw(t, "ops")
	if err := r.store.Commit(ops); err != nil {
		t.Fatal(err)
	}
	for _, op := range ops {
		r.model.apply(op)
	}
}

// refuse commits a batch that must change nothing.
func (r *run) refuse(t *rapid.T) {
	ops := rapid.SliceOfN(rapid.Custom(r.op), 1, 8).Draw(t, "ops")
	if err := r.store.Commit(append(ops, store.PutRetained{})); err == nil {
		t.Fatal("a retained message that is none was stored")
	}
}

func (r *run) compare(t *rapid.T) {
	var got []store.Op
	next, err := r.store.Load(func(op store.Op) error {
		got = append(got, op)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := difference(got, r.model.ops()); diff != "" {
		t.Fatal(diff)
	}
	if next < r.model.next {
		t.Fatalf("session %d would be used again", next)
	}
	stop := errors.New("stop")
	if _, err := r.store.Load(func(store.Op) error { return stop }); len(got) > 0 && !errors.Is(err, stop) {
		t.Fatalf("Load did not return the error of visit but %v", err)
	}
}

// op draws one operation on few sessions, numbers and topics.
func (r *run) op(t *rapid.T) store.Op {
	n := rapid.Uint64Range(1, 3).Draw(t, "session")
	seq := rapid.Uint64Range(1, 6).Draw(t, "seq")
	id := uint16(seq)
	m := rapid.SampledFrom(r.messages).Draw(t, "message")
	switch rapid.IntRange(0, 14).Draw(t, "kind") {
	case 0, 1:
		return Session(n)
	case 2:
		return store.DropSession{Session: n}
	case 3:
		return store.PutSubscription{Session: n, Subscription: app.Subscription{Filter: m.Topic}, ID: uint32(id)}
	case 4:
		return store.DropSubscription{Session: n, Filter: m.Topic}
	case 5:
		return store.SetCleared{Session: n, Seq: seq}
	case 6:
		return store.PutInbound{Session: n, ID: id}
	case 7:
		return store.DropInbound{Session: n, ID: id}
	case 8:
		return store.SetReleased{Session: n, Seq: seq}
	case 9, 10:
		return store.DropQueued{Session: n, Seqs: []uint64{seq, 1 + seq%6}}
	case 11:
		return store.PutRetained{Message: m}
	case 12:
		return store.DropRetained{Topic: m.Topic}
	}
	put := Queued(n, seq, m)
	put.Cleared = rapid.Uint64Range(0, 6).Draw(t, "cleared")
	return put
}
