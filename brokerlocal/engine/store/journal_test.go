package store_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"tidings/brokerlocal/engine/store"
	"tidings/brokerlocal/engine/store/storetest"
)

// item is work of a test.
type item struct {
	size int
	ops  []store.Op
	done func(error)
}

func (i item) Size() int                         { return i.size }
func (i item) Prepare(ops []store.Op) []store.Op { return append(ops, i.ops...) }
func (i item) Done(err error) {
	if i.done != nil {
		i.done(err)
	}
}

// slow is a store whose commits take a second, and fail as it is told.
type slow struct {
	store.Store
	commits [][]store.Op
	refuse  func(ops []store.Op) error
}

func (s *slow) Commit(ops []store.Op) error {
	time.Sleep(time.Second)
	if s.refuse != nil {
		if err := s.refuse(ops); err != nil {
			return err
		}
	}
	s.commits = append(s.commits, slices.Clone(ops))
	return s.Store.Commit(ops)
}

// journal runs test in a bubble with a journal over a slow store.
func journal(t *testing.T, limit int, test func(t *testing.T, j *store.Journal, s *slow)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := &slow{Store: store.Memory()}
		j := store.NewJournal(s, limit)
		test(t, j, s)
		if err := j.Close(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

// rest lets the journal work for so long.
func rest(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

func post(t *testing.T, j *store.Journal, i item) {
	t.Helper()
	if err := j.Post(t.Context(), i); err != nil {
		t.Error(err)
	}
}

func TestIdleJournalCommitsAtOnce(t *testing.T) {
	journal(t, 100, func(t *testing.T, j *store.Journal, _ *slow) {
		start := time.Now()
		var took time.Duration
		post(t, j, item{ops: []store.Op{storetest.Session(1)}, done: func(error) { took = time.Since(start) }})
		rest(time.Minute)
		if took != time.Second {
			t.Errorf("an item took %v, its commit 1s", took)
		}
		if st := j.Stats(); st.Batches != 1 || st.Items != 1 || st.LastCommit != time.Second || st.Bytes != 0 {
			t.Errorf("%+v", st)
		}
	})
}

func TestWaitingItemsShareACommitAndAreDoneInOrder(t *testing.T) {
	journal(t, 1000, func(t *testing.T, j *store.Journal, s *slow) {
		var done []int
		for n := range 10 {
			post(t, j, item{size: 1, ops: []store.Op{storetest.Session(uint64(n + 1))}, done: func(error) { done = append(done, n) }})
			if n == 0 {
				synctest.Wait() // the first is being committed
			}
		}
		rest(time.Minute)
		if len(s.commits) != 2 || len(s.commits[1]) != 9 {
			t.Errorf("%d commits", len(s.commits))
		}
		if !slices.IsSorted(done) || len(done) != 10 {
			t.Errorf("done in the order %v", done)
		}
	})
}

func TestItemWithoutOperationsKeepsItsPlaceAndCostsNoCommit(t *testing.T) {
	journal(t, 1000, func(t *testing.T, j *store.Journal, s *slow) {
		var done []string
		add := func(name string, ops ...store.Op) {
			post(t, j, item{ops: ops, done: func(error) { done = append(done, name) }})
		}
		add("first")
		synctest.Wait()
		if len(s.commits) != 0 || len(done) != 1 {
			t.Errorf("%d commits, done %v", len(s.commits), done)
		}
		add("a", storetest.Session(1))
		add("b")
		add("c", storetest.Session(2))
		rest(time.Minute)
		if !slices.Equal(done, []string{"first", "a", "b", "c"}) {
			t.Errorf("done in the order %v", done)
		}
	})
}

func TestFullJournalBlocksPostUntilThereIsRoom(t *testing.T) {
	journal(t, 100, func(t *testing.T, j *store.Journal, _ *slow) {
		op := []store.Op{storetest.Session(1)}
		post(t, j, item{size: 60, ops: op})
		synctest.Wait()
		post(t, j, item{size: 60, ops: op}) // there was room for some of it
		ctx, cancel := context.WithTimeout(t.Context(), time.Second/2)
		defer cancel()
		if err := j.Post(ctx, item{size: 1, ops: op}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a full journal: %v", err)
		}
		if err := j.Push(item{size: 1, ops: op}); err != nil {
			t.Errorf("Push: %v", err)
		}
		start := time.Now()
		post(t, j, item{size: 1, ops: op})
		if waited := time.Since(start); waited != time.Second/2 {
			t.Errorf("waited %v", waited)
		}
	})
}

func TestDoneMayPushWhileTheJournalIsFullOrCloses(t *testing.T) {
	journal(t, 10, func(t *testing.T, j *store.Journal, s *slow) {
		left := 5
		var again item
		again = item{size: 100, ops: []store.Op{storetest.Session(1)}, done: func(error) {
			if left--; left > 0 {
				if err := j.Push(again); err != nil {
					t.Error(err)
				}
			}
		}}
		post(t, j, again)
		if err := j.Close(t.Context()); err != nil {
			t.Error(err)
		}
		if left != 0 || len(s.commits) != 5 {
			t.Errorf("%d left after %d commits", left, len(s.commits))
		}
	})
}

func TestClosedJournalTakesNothing(t *testing.T) {
	journal(t, 10, func(t *testing.T, j *store.Journal, _ *slow) {
		op := []store.Op{storetest.Session(1)}
		post(t, j, item{size: 100, ops: op})
		blocked := make(chan error, 1)
		go func() { blocked <- j.Post(t.Context(), item{}) }()
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second/2)
		defer cancel()
		if err := j.Close(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Close during a commit: %v", err)
		}
		if err := <-blocked; !errors.Is(err, store.ErrClosed) {
			t.Errorf("the Post that waited: %v", err)
		}
		if err := j.Close(t.Context()); err != nil {
			t.Error(err)
		}
		if err := j.Push(item{}); !errors.Is(err, store.ErrClosed) {
			t.Errorf("Push: %v", err)
		}
	})
}

// has refuses batches with an operation that equals op.
func has(op store.Op, err error) func([]store.Op) error {
	return func(ops []store.Op) error {
		if slices.Contains(ops, op) {
			return err
		}
		return nil
	}
}

func TestBadItemFailsAlone(t *testing.T) {
	journal(t, 1000, func(t *testing.T, j *store.Journal, s *slow) {
		bad := store.DropRetained{Topic: "bad"}
		s.refuse = has(bad, store.ErrFull)
		post(t, j, item{ops: []store.Op{storetest.Session(100)}})
		synctest.Wait()
		var done, failed []int
		for n := range 20 {
			ops := []store.Op{storetest.Session(uint64(n + 1))}
			if n == 7 || n == 12 {
				ops = append(ops, bad)
			}
			if n == 8 {
				ops = nil
			}
			post(t, j, item{ops: ops, done: func(err error) {
				done = append(done, n)
				if err != nil {
					failed = append(failed, n)
				}
			}})
		}
		rest(time.Hour)
		if !slices.Equal(failed, []int{7, 12}) || !slices.IsSorted(done) || len(done) != 20 {
			t.Errorf("failed %v, done %v", failed, done)
		}
		if st := j.Stats(); st.Failed != 2 || st.Items != 21 {
			t.Errorf("%+v", st)
		}
	})
}

func TestFailingStoreFailsEveryItemSoon(t *testing.T) {
	for name, c := range map[string]struct {
		err  error
		most int
	}{"damaged": {store.ErrDamaged, 1}, "full": {store.ErrFull, 25}} {
		t.Run(name, func(t *testing.T) {
			journal(t, 1000, func(t *testing.T, j *store.Journal, s *slow) {
				first := storetest.Session(2000)
				tries, failed, quiet := 0, 0, 0
				s.refuse = func(ops []store.Op) error {
					if slices.Contains(ops, store.Op(first)) {
						return nil
					}
					tries++
					return c.err
				}
				post(t, j, item{ops: []store.Op{first}})
				synctest.Wait() // what follows is one batch
				for n := range 1000 {
					ops := []store.Op{storetest.Session(uint64(n + 1))}
					if n%10 == 0 {
						ops = nil
					}
					post(t, j, item{ops: ops, done: func(err error) {
						if errors.Is(err, c.err) {
							failed++
						} else if err == nil {
							quiet++
						}
					}})
				}
				rest(time.Hour)
				if failed != 900 || quiet != 100 || tries > c.most {
					t.Errorf("%d failed and %d had nothing to fail, after %d tries", failed, quiet, tries)
				}
			})
		})
	}
}

func TestWhatWasDroppedStaysDroppedWhenTheDiskWasFull(t *testing.T) {
	journal(t, 1000, func(t *testing.T, j *store.Journal, s *slow) {
		m := storetest.Message("t", "x")
		post(t, j, item{ops: []store.Op{storetest.Session(1), storetest.Queued(1, 1, m), store.PutRetained{Message: m}}})
		rest(time.Minute)
		s.refuse = func([]store.Op) error { return store.ErrFull }
		var acked, refused error
		post(t, j, item{ops: []store.Op{store.DropQueued{Session: 1, Seqs: []uint64{1}}}, done: func(err error) { acked = err }})
		post(t, j, item{ops: []store.Op{store.DropRetained{Topic: "t"}}, done: func(err error) { refused = err }})
		rest(time.Minute)
		if !errors.Is(acked, store.ErrFull) || !errors.Is(refused, store.ErrFull) {
			t.Errorf("told %v and %v", acked, refused)
		}
		s.refuse = nil
		post(t, j, item{ops: []store.Op{storetest.Session(2)}})
		rest(time.Minute)
		var left []store.Op
		if _, err := s.Load(func(op store.Op) error { left = append(left, op); return nil }); err != nil {
			t.Fatal(err)
		}
		if len(left) != 3 { // two sessions, and the retained message
			t.Errorf("left: %v", left)
		}
	})
}

func TestManyPostersLoseNothing(t *testing.T) {
	s := store.Memory()
	j := store.NewJournal(s, 500)
	const posters, each = 8, 500
	var all sync.WaitGroup
	done := make([]uint64, posters)
	for p := range uint64(posters) {
		post(t, j, item{ops: []store.Op{storetest.Session(p + 1)}})
		all.Go(func() {
			for n := uint64(1); n <= each; n++ {
				post(t, j, item{size: 50, ops: []store.Op{store.SetReleased{Session: p + 1, Seq: n}}, done: func(err error) {
					if err != nil || done[p] != n-1 {
						t.Errorf("item %d of %d after %d: %v", n, p, done[p], err)
					}
					done[p] = n
				}})
			}
		})
	}
	all.Wait()
	if err := j.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	count := 0
	if _, err := s.Load(func(store.Op) error { count++; return nil }); err != nil || count != posters*(each+1) {
		t.Errorf("%d records, %v", count, err)
	}
}

// BenchmarkJournal is what an item costs beside the disk. each is the item's
// way alone, without an operation.
func BenchmarkJournal(b *testing.B) {
	for name, ops := range map[string][]store.Op{"no operation": nil, "one put": {store.SetCleared{Session: 1, Seq: 1}}} {
		b.Run(name, func(b *testing.B) {
			j := store.NewJournal(store.Memory(), store.DefaultJournalBytes)
			var i store.Item = item{size: 200, ops: ops}
			b.ReportAllocs()
			for b.Loop() {
				if err := j.Post(b.Context(), i); err != nil {
					b.Fatal(err)
				}
			}
			if err := j.Close(context.Background()); err != nil {
				b.Fatal(err)
			}
		})
	}
}
