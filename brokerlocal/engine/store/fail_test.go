package store

import (
	"errors"
	"maps"
	"reflect"
	"testing"
)

// failing is a Map whose writing fails after so many changes.
type failing struct {
	*Map
	left int
}

type failingTx struct {
	Tx
	f *failing
}

var errDisk = errors.New("the disk failed")

func (f *failing) Update(change func(Tx) error) error {
	return f.Map.Update(func(tx Tx) error { return change(failingTx{tx, f}) })
}

func (t failingTx) Put(b Bucket, key, value []byte) error {
	if t.f.left--; t.f.left < 0 {
		return errDisk
	}
	return t.Tx.Put(b, key, value)
}

func (t failingTx) Take(b Bucket, key []byte) ([]byte, error) {
	if t.f.left--; t.f.left < 0 {
		return nil, errDisk
	}
	return t.Tx.Take(b, key)
}

func TestBatchThatFailsHalfwayLeavesNothingBehind(t *testing.T) {
	for after := 0; ; after++ {
		kv := &failing{Map: samples(t)}
		opened, err := New(kv)
		if err != nil {
			t.Fatal(err)
		}
		s := opened.(*records)
		var shared PutRetained
		if _, err := s.Load(func(op Op) error {
			if r, ok := op.(PutRetained); ok {
				shared = r
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		before, sessions, refs := kv.Clone(), maps.Clone(s.sessions), maps.Clone(s.refs)
		kv.left = after
		err = s.Commit([]Op{
			PutSession{Session{Number: 3}}, PutQueued{Session: 3, Seq: 1, Message: shared.Message},
			DropQueued{1, []uint64{2}}, PutQueued{Session: 2, Seq: 1, Message: shared.Message.Clone()},
			PutRetained{shared.Message.Clone()}, DropSession{3}, DropSession{1},
		})
		if err == nil {
			if after < 10 {
				t.Errorf("the batch has %d changes only", after)
			}
			return
		}
		if !errors.Is(err, errDisk) {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(before.data, kv.data) || !maps.Equal(sessions, s.sessions) || !maps.Equal(refs, s.refs) {
			t.Errorf("failed after %d changes: something was changed", after)
		}
	}
}
