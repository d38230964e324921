package storetest

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"tidings/app"
	"tidings/brokerlocal/engine/store"
)

func testEmpty(t *testing.T, p Place) {
	s := open(t, p)
	if _, next := load(t, s); next != 1 {
		t.Errorf("the first session would be %d", next)
	}
	expect(t, p, s)
}

func testEverything(t *testing.T, p Place) {
	will := Message("will", "gone")
	session := store.PutSession{Session: store.Session{
		Number: 3, ClientID: "dev 1", User: "ana", Version: app.V311, Expiry: 0xFFFFFFFF, Disconnected: 1_700_000_000_000_000_001,
		Will: &store.Will{Message: will, Delay: 5, Expiry: 0, HasExpiry: true, Due: 1_700_000_005_000_000_000},
	}}
	connected := session
	connected.Disconnected, connected.Will, connected.User, connected.ClientID = 0, nil, "", ""
	connected.Number = 4
	all := []store.Op{
		session,
		store.PutSubscription{Session: 3, ID: 268_435_455, Subscription: app.Subscription{
			Filter: "$share/g/a/+", QoS: app.QoS2, NoLocal: true, RetainAsPublished: true, RetainHandling: 2}},
		store.PutSubscription{Session: 3, Subscription: app.Subscription{Filter: "a/#", QoS: app.QoS1}},
		store.SetCleared{Session: 3, Seq: 7},
		store.PutInbound{Session: 3, ID: 1},
		store.PutInbound{Session: 3, ID: 65535},
		store.PutQueued{Session: 3, Seq: 7, Message: Message("a/b", "x"), QoS: app.QoS2, Retain: true, SubscriptionIDs: []uint32{1, 268_435_455}},
		Queued(3, 8, Message("a/c", "")),
		connected,
		store.PutRetained{Message: Message("r", "kept")},
	}
	s := open(t, p)
	commit(t, s, all...)
	expect(t, p, s, all...)
}

func testOrder(t *testing.T, p Place) {
	s := open(t, p)
	var want []store.Op
	for _, session := range []uint64{1, 2, 256, 70_000} {
		want = append(want, Session(session))
		for _, seq := range []uint64{1, 2, 255, 256, 257, 65_535, 65_536, 1 << 40} {
			want = append(want, Queued(session, seq, Message("t", string(rune('a'+seq%20)))))
		}
	}
	commit(t, s, Session(70_000), Session(256), Session(1), Session(2))
	var queue []store.Op
	for _, op := range want {
		if q, ok := op.(store.PutQueued); ok {
			queue = append(queue, q)
		}
	}
	slices.Reverse(queue)
	for _, q := range queue {
		commit(t, s, q)
	}
	expect(t, p, s, want...)
}

func testShared(t *testing.T, p Place) {
	s := open(t, p)
	m := Message("t", "shared")
	commit(t, s, Session(1), Session(2), Queued(1, 1, m), Queued(2, 1, m), store.PutRetained{Message: m})
	closeStore(t, s)
	s = open(t, p)
	ops, _ := load(t, s)
	first := ops[1].(store.PutQueued).Message
	if first.Number == 0 || ops[3].(store.PutQueued).Message != first || ops[4].(store.PutRetained).Message != first {
		t.Error("one message came back as several")
	}
	// In turn the last reference is each kind of the three.
	commit(t, s, store.DropQueued{Session: 1, Seqs: []uint64{1}}, store.DropRetained{Topic: "t"})
	commit(t, s, Queued(1, 2, first))
	commit(t, s, store.DropQueued{Session: 2, Seqs: []uint64{1}})
	expect(t, p, s, Session(1), Queued(1, 2, first), Session(2))
	s = open(t, p)
	commit(t, s, store.DropQueued{Session: 1, Seqs: []uint64{2}})
	commit(t, s, Queued(2, 2, first)) // its body had gone: it is stored anew
	expect(t, p, s, Session(1), Session(2), Queued(2, 2, first))
}

func testReleased(t *testing.T, p Place) {
	s := open(t, p)
	m := Message("t", "x")
	commit(t, s, Session(1), Queued(1, 1, m), Queued(1, 2, m), Queued(1, 3, m))
	commit(t, s, store.SetReleased{Session: 1, Seq: 2})
	commit(t, s, store.SetReleased{Session: 1, Seq: 2}) // a PUBREC that came twice
	expect(t, p, s, Session(1), Queued(1, 1, m), store.SetReleased{Session: 1, Seq: 2}, Queued(1, 3, m))
	s = open(t, p)
	commit(t, s, store.DropQueued{Session: 1, Seqs: []uint64{2}}, store.SetReleased{Session: 1, Seq: 3})
	commit(t, s, store.DropQueued{Session: 1, Seqs: []uint64{1}})
	expect(t, p, s, Session(1), store.SetReleased{Session: 1, Seq: 3})
}

func testRetained(t *testing.T, p Place) {
	s := open(t, p)
	commit(t, s, store.PutRetained{Message: Message("a", "1")}, store.PutRetained{Message: Message("b", "1")})
	commit(t, s, store.PutRetained{Message: Message("a", "2")}, store.PutRetained{Message: Message("a", "3")})
	commit(t, s, store.DropRetained{Topic: "b"}, store.DropRetained{Topic: "never"})
	expect(t, p, s, store.PutRetained{Message: Message("a", "3")})
	s = open(t, p)
	same := Message("a", "4")
	commit(t, s, store.PutRetained{Message: same})
	commit(t, s, store.PutRetained{Message: same})
	expect(t, p, s, store.PutRetained{Message: same})
}

func testLong(t *testing.T, p Place) {
	long := strings.Repeat("a", 65_534)
	filter := func(f string) store.Op {
		return store.PutSubscription{Session: 1, Subscription: app.Subscription{Filter: f}}
	}
	s := open(t, p)
	commit(t, s, Session(1), filter(long+"x"), filter(long+"y"), filter(long[:512]), filter(long[:513]),
		store.PutRetained{Message: Message(long+"x", "1")}, store.PutRetained{Message: Message(long+"y", "2")})
	commit(t, s, store.DropSubscription{Session: 1, Filter: long + "x"}, store.DropSubscription{Session: 1, Filter: long[:513]},
		store.DropRetained{Topic: long + "x"})
	expect(t, p, s, Session(1), filter(long[:512]), filter(long+"y"), store.PutRetained{Message: Message(long+"y", "2")})
}

// lists are operations of every kind that belongs to a session.
func lists(session uint64) []store.Op {
	return []store.Op{
		store.PutSubscription{Session: session, Subscription: app.Subscription{Filter: "f"}},
		store.SetCleared{Session: session, Seq: 2},
		store.PutInbound{Session: session, ID: 9},
		store.SetReleased{Session: session, Seq: 1},
		Queued(session, 2, Message("t", "own")),
	}
}

func testDropSession(t *testing.T, p Place) {
	s := open(t, p)
	m := Message("t", "shared")
	for n := range uint64(3) {
		commit(t, s, append([]store.Op{Session(n + 1), Queued(n+1, 3, m)}, lists(n+1)...)...)
	}
	commit(t, s, store.DropSession{Session: 2}, store.DropSession{Session: 2})
	commit(t, s, store.DropSession{Session: 1}, Session(4))
	want := append([]store.Op{Session(3)}, lists(3)...)
	expect(t, p, s, append(want, Queued(3, 3, m), Session(4))...)
}

func testNoSession(t *testing.T, p Place) {
	s := open(t, p)
	commit(t, s, lists(1)...)
	commit(t, s, Session(1))
	commit(t, s, append([]store.Op{store.DropSession{Session: 1}}, lists(1)...)...)
	commit(t, s, Session(1)) // of the operations before it nothing is left
	expect(t, p, s, Session(1))
}

func testNumbers(t *testing.T, p Place) {
	s := open(t, p)
	commit(t, s, Session(41))
	commit(t, s, store.DropSession{Session: 41})
	closeStore(t, s)
	s = open(t, p)
	if _, next := load(t, s); next != 42 {
		t.Errorf("the next session would be %d, want 42", next)
	}
	expect(t, p, s)
}

func testWhole(t *testing.T, p Place) {
	s := open(t, p)
	m := Message("t", "x")
	commit(t, s, Session(1), Queued(1, 1, m), store.PutRetained{Message: m})
	for name, senseless := range map[string]store.Op{
		"an entry without a message": store.PutQueued{Session: 1, Seq: 5},
		"retained without a message": store.PutRetained{},
		"a session without a number": store.PutSession{},
		"a will without a message":   store.PutSession{Session: store.Session{Number: 1, Will: &store.Will{}}},
		"a subscription to nothing":  store.PutSubscription{Session: 1},
	} {
		ops := []store.Op{Session(2), Queued(1, 2, Message("t", "y")), store.DropRetained{Topic: "t"}, senseless}
		if err := s.Commit(ops); err == nil {
			t.Errorf("%s was stored", name)
		}
	}
	expect(t, p, s, Session(1), Queued(1, 1, m), store.PutRetained{Message: m})
}

func testCopy(t *testing.T, p Place) {
	s := open(t, p)
	m := Message("t", "x")
	commit(t, s, Session(1))
	var copies []Place
	for seq := uint64(1); seq <= 5; seq++ {
		commit(t, s, Queued(1, seq, m), store.SetCleared{Session: 1, Seq: seq})
		c, err := p.Copy()
		if err != nil {
			t.Fatal(err)
		}
		copies = append(copies, c)
	}
	want := []store.Op{Session(1)}
	for i, c := range copies {
		want = append(want, Queued(1, uint64(i+1), m))
		all := slices.Insert(slices.Clone(want), 1, store.Op(store.SetCleared{Session: 1, Seq: uint64(i + 1)}))
		expect(t, c, open(t, c), all...)
	}
	closeStore(t, s)
}

func testReplay(t *testing.T, p Place) {
	s := open(t, p)
	m := Message("t", "shared")
	commit(t, s, append([]store.Op{Session(1), Queued(1, 3, m), Session(2), store.PutRetained{Message: m}}, lists(1)...)...)
	ops, _ := load(t, s)
	twin := store.Memory()
	for _, op := range ops {
		// A message belongs to one store, by its number.
		switch op := op.(type) {
		case store.PutQueued:
			op.Message = op.Message.Clone()
			commit(t, twin, op)
		case store.PutRetained:
			op.Message = op.Message.Clone()
			commit(t, twin, op)
		default:
			commit(t, twin, op)
		}
	}
	got, _ := load(t, twin)
	if diff := difference(got, ops); diff != "" {
		t.Error(diff)
	}
	closeStore(t, s)
}

func testClosed(t *testing.T, p Place) {
	s := open(t, p)
	closeStore(t, s)
	closeStore(t, s)
	if err := s.Commit([]store.Op{Session(1)}); !errors.Is(err, store.ErrClosed) {
		t.Errorf("Commit: %v", err)
	}
	if _, err := s.Load(func(store.Op) error { return nil }); !errors.Is(err, store.ErrClosed) {
		t.Errorf("Load: %v", err)
	}
}
