package store_test

import (
	"errors"
	"testing"
	"time"

	"tidings/brokerlocal/engine/store"
	"tidings/brokerlocal/engine/store/storetest"
)

// faulty panics where it is told.
type faulty struct {
	item
	prepare, done bool
}

func (f faulty) Prepare(ops []store.Op) []store.Op {
	ops = f.item.Prepare(ops)
	if f.prepare {
		panic("prepare")
	}
	return ops
}

func (f faulty) Done(err error) {
	f.item.Done(err)
	if f.done {
		panic("done")
	}
}

// An item that panics is alone with it: nothing of it is stored if it was in
// Prepare, its neighbours are done, and the owner of the journal is told.
func TestAnItemThatPanicsHarmsNoOther(t *testing.T) {
	journal(t, 1000, func(t *testing.T, j *store.Journal, s *slow) {
		var told []string
		j.OnPanic(func(_ store.Item, err *store.PanicError) { told = append(told, err.Error()) })
		var outcome [4]error
		ended := 0
		add := func(n int, f faulty) {
			f.ops = []store.Op{storetest.Session(uint64(n + 1))}
			f.item.done = func(err error) { outcome[n] = err; ended++ }
			if err := j.Post(t.Context(), f); err != nil {
				t.Error(err)
			}
		}
		add(0, faulty{})
		add(1, faulty{prepare: true})
		add(2, faulty{done: true})
		add(3, faulty{})
		rest(time.Minute)
		var broken *store.PanicError
		if ended != 4 || outcome[0] != nil || !errors.As(outcome[1], &broken) || outcome[2] != nil || outcome[3] != nil {
			t.Errorf("%d done: %v", ended, outcome)
		}
		if len(told) != 2 || told[0] != "panic: prepare" || told[1] != "panic: done" {
			t.Errorf("told %q", told)
		}
		stored := 0
		for _, c := range s.commits {
			stored += len(c)
		}
		if st := j.Stats(); stored != 3 || st.Items != 4 || st.Failed != 1 || st.Bytes != 0 {
			t.Errorf("%d stored, %+v", stored, st)
		}
	})
}

// A store that panics takes nothing any more, and says so to every item.
func TestAStoreThatPanicsIsNotUsedAgain(t *testing.T) {
	journal(t, 1000, func(t *testing.T, j *store.Journal, s *slow) {
		s.refuse = func([]store.Op) error { panic("broken") }
		for n := range 3 {
			var got error
			post(t, j, item{ops: []store.Op{storetest.Session(uint64(n + 1))}, done: func(err error) { got = err }})
			rest(time.Minute)
			if !errors.Is(got, store.ErrFailed) {
				t.Errorf("item %d: %v", n, got)
			}
			s.refuse = nil
		}
	})
}
