package store_test

import (
	"testing"
	"testing/synctest"

	"tidings/brokerlocal/engine/store"
	"tidings/brokerlocal/engine/store/storetest"
)

// single is an item with one operation.
type single struct {
	op   store.Op
	done *int
}

func (i single) Size() int                         { return 10 }
func (i single) Prepare(ops []store.Op) []store.Op { return append(ops, i.op) }
func (i single) Done(error)                        { *i.done++ }

// What comes in one read is answered after one commit, and in one write.
func TestItemsPostedTogetherShareOneCommit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		j := store.NewJournal(store.Memory(), store.DefaultJournalBytes)
		done, after := 0, []int{}
		j.AfterBatch(func() { after = append(after, done) })
		items := []store.Item{single{storetest.Session(1), &done}}
		for seq := range uint64(300) {
			items = append(items, single{storetest.Queued(1, seq+1, storetest.Message("t", "x")), &done})
		}
		if err := j.Post(t.Context(), items...); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if s := j.Stats(); s.Batches != 1 || done != len(items) {
			t.Errorf("%d items done with %d commits", done, s.Batches)
		}
		if len(after) != 2 || after[0] != 256 || after[1] != len(items) {
			t.Errorf("told after %v", after)
		}
		if err := j.Close(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

// A full journal takes the rest as room comes, in order.
func TestItemsPostedTogetherWaitForRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		j := store.NewJournal(store.Memory(), 35) // four items, one beyond the bound
		done := 0
		items := make([]store.Item, 0, 21)
		items = append(items, single{storetest.Session(1), &done})
		for seq := range uint64(20) {
			items = append(items, single{storetest.Queued(1, seq+1, storetest.Message("t", "x")), &done})
		}
		if err := j.Post(t.Context(), items...); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if s := j.Stats(); s.Failed != 0 || s.Batches < 5 || done != len(items) {
			t.Errorf("%d items done with %d commits, %d failed", done, s.Batches, s.Failed)
		}
		if err := j.Close(t.Context()); err != nil {
			t.Error(err)
		}
	})
}
