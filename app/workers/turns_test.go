package workers_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"testing/synctest"

	"tidings/app/workers"
)

func TestTasksOfOneKeyRunInTheOrderGiven(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := workers.New(t.Context())
		defer g.Close()
		turns := workers.NewTurns(g)
		hold := make(chan struct{})
		var mu sync.Mutex
		var ran []int
		for i := range 50 {
			turns.Go("a", func(context.Context) {
				<-hold
				mu.Lock()
				defer mu.Unlock()
				ran = append(ran, i)
			})
		}
		other := false
		turns.Go("b", func(context.Context) { other = true })
		synctest.Wait()
		if !other {
			t.Error("a task waits for one of another key")
		}
		close(hold)
		synctest.Wait()
		if len(ran) != 50 || !slices.IsSorted(ran) {
			t.Errorf("ran %v", ran)
		}
	})
}

func TestTurnsEndWithTheirGroup(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := workers.New(t.Context())
		turns := workers.NewTurns(g)
		ended := 0
		for range 3 {
			turns.Go("a", func(ctx context.Context) {
				<-ctx.Done()
				ended++
			})
		}
		g.Close()
		if ended != 3 {
			t.Errorf("%d of 3 tasks ended", ended)
		}
		if turns.Go("a", func(context.Context) { t.Error("a task ran after Close") }) {
			t.Error("Go after Close reported true")
		}
	})
}
