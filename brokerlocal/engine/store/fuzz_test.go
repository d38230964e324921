package store

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"tidings/app"
	"tidings/app/mqtt/wire"
	"tidings/brokerlocal/engine/message"
)

// samples are records of every kind, as they are in a KV.
func samples(t testing.TB) *Map {
	t.Helper()
	p := &wire.Publish{Topic: "a/b", Payload: []byte("payload"), QoS: app.QoS2}
	p.Properties.User = []app.UserProperty{{Name: "n", Value: "v"}}
	p.Properties.Add(wire.UserProperty)
	m := message.New(p, "publisher", time.Unix(1, 0))
	kv := NewMap()
	s, err := New(kv)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Commit([]Op{
		PutSession{Session{Number: 1, ClientID: "c", User: "u", Version: app.V5, Will: &Will{Message: m, Delay: 1}}},
		PutSession{Session{Number: 2}},
		PutSubscription{Session: 1, Subscription: app.Subscription{Filter: "a/#", QoS: app.QoS1, NoLocal: true}, ID: 5},
		SetCleared{1, 1}, PutInbound{1, 7}, SetReleased{1, 1},
		PutQueued{Session: 1, Seq: 2, Message: m, QoS: app.QoS2, SubscriptionIDs: []uint32{5}},
		PutRetained{m},
	}); err != nil {
		t.Fatal(err)
	}
	return kv
}

// FuzzRecord puts any bytes in the place of a record, sealed or not: what is
// read then is an error that names the place, or records that come back as
// the same bytes, and never a panic.
func FuzzRecord(f *testing.F) {
	base := samples(f)
	for b := range Buckets {
		for key, value := range base.data[b] {
			f.Add(byte(b), []byte(key), value[:len(value)-sealBytes], true)
			f.Add(byte(b), []byte(key), value, false)
			f.Add(byte(b), []byte(key), value[:len(value)/2], true)
			f.Add(byte(b), []byte(key[:len(key)/2]), value, true)
		}
	}
	f.Fuzz(func(t *testing.T, bucket byte, key, value []byte, sealed bool) {
		b := Bucket(bucket % byte(Buckets))
		if len(key) == 0 || len(value) == 0 && !sealed {
			return
		}
		if sealed {
			value = seal(bytes.Clone(value), 0, key)
		}
		kv := base.Clone()
		kv.data[b][string(key)] = value
		err := openAll(kv)
		if errors.Is(err, ErrNewer) {
			return
		}
		if err != nil && (!errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), "bucket ") && !strings.Contains(err.Error(), "message ")) {
			t.Errorf("the error does not name the place: %v", err)
		}
		if s, ok := decodeSession(value); ok {
			if again := appendSession(nil, &s); !bytes.Equal(again, value) {
				t.Errorf("session % x came back as % x", value, again)
			}
		}
		if op, ok := decodeSubscription(value); ok {
			if again := appendSubscription(nil, &op); !bytes.Equal(again, value) {
				t.Errorf("subscription % x came back as % x", value, again)
			}
		}
		if e, ok := decodeEntry(value); ok {
			if again := appendEntry(nil, &e); !bytes.Equal(again, value) {
				t.Errorf("entry % x came back as % x", value, again)
			}
		}
	})
}

func openAll(kv KV) error {
	s, err := New(kv)
	if err != nil {
		return err
	}
	_, err = s.Load(func(Op) error { return nil })
	return err
}

func TestAnyByteThatRottedIsFound(t *testing.T) {
	base := samples(t)
	for b := range Buckets {
		for key, value := range base.data[b] {
			for i := range value {
				kv := base.Clone()
				rotten := bytes.Clone(value)
				rotten[i] ^= 0x10
				kv.data[b][key] = rotten
				if err := openAll(kv); !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), b.String()) {
					t.Errorf("byte %d of %q in %s: %v", i, key, b, err)
				}
			}
		}
	}
}

func TestOrphansAreSweptWhenTheStoreIsOpened(t *testing.T) {
	kv := samples(t)
	for _, b := range []Bucket{Sessions, Retained} { // and so nothing refers to the rest
		clear(kv.data[b])
	}
	if err := openAll(kv); err != nil {
		t.Fatal(err)
	}
	for b := Sessions; b < Buckets; b++ {
		if n := len(kv.data[b]); n != 0 {
			t.Errorf("%d records are left in %s", n, b)
		}
	}
}

func TestMissingMessageIsDamage(t *testing.T) {
	kv := samples(t)
	clear(kv.data[Messages])
	if err := openAll(kv); !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), "message 1") {
		t.Errorf("opened: %v", err)
	}
}

func TestNoMessageOutlivesItsReferences(t *testing.T) {
	kv := samples(t)
	s, err := New(kv)
	if err != nil {
		t.Fatal(err)
	}
	var m *message.Message
	if _, err := s.Load(func(op Op) error {
		if r, ok := op.(PutRetained); ok {
			m = r.Message
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		op   Op
		want int
	}{
		{PutQueued{Session: 2, Seq: 1, Message: m}, 1},
		{PutQueued{Session: 1, Seq: 3, Message: m.Clone()}, 1}, // one that nobody else needs stands in its entry
		{PutQueued{Session: 1, Seq: 3, Message: m}, 1},         // in place of the other
		{SetReleased{2, 1}, 1},
		{DropQueued{1, []uint64{3}}, 1},
		{PutRetained{m.Clone()}, 2},
		{DropSession{1}, 1},
		{DropRetained{m.Topic}, 0},
		{PutQueued{Session: 1, Seq: 9, Message: m}, 0}, // the session is not there
	} {
		if err := s.Commit([]Op{step.op}); err != nil {
			t.Fatal(err)
		}
		if got := len(kv.data[Messages]); got != step.want {
			t.Errorf("after %T: %d messages, want %d", step.op, got, step.want)
		}
	}
}
