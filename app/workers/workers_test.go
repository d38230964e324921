package workers_test

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"go.uber.org/goleak"

	"tidings/app/workers"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestCloseCancelsAndWaitsForEveryTask(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := workers.New(t.Context())
		var ended atomic.Int32
		for range 3 {
			g.Go(func(ctx context.Context) {
				<-ctx.Done()
				ended.Add(1)
			})
		}
		synctest.Wait()
		if g.Busy() != 3 {
			t.Errorf("Busy() = %d, want 3", g.Busy())
		}
		g.Close()
		if ended.Load() != 3 || g.Busy() != 0 {
			t.Errorf("after Close: %d of 3 tasks ended, %d busy", ended.Load(), g.Busy())
		}
		if g.Go(func(context.Context) { t.Error("a task ran after Close") }) {
			t.Error("Go after Close reported true")
		}
	})
}
