package feed_test

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"tidings/app/feed"
)

// run starts f and returns the count of deliveries; each is done after cost.
func run(ctx context.Context, f *feed.Feed, cost time.Duration, delivered, inFlight, worst *atomic.Int32) {
	go f.Run(ctx, func(done func()) {
		delivered.Add(1)
		worst.Store(max(worst.Load(), inFlight.Add(1)))
		go func() {
			time.Sleep(cost)
			inFlight.Add(-1)
			done()
		}()
	})
}

func TestFeedDeliversAtMostOncePerInterval(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		f := feed.New(100 * time.Millisecond)
		var delivered, inFlight, worst atomic.Int32
		run(ctx, f, 0, &delivered, &inFlight, &worst)
		for range 1000 { // one second of touches, one per ms
			f.Touch()
			time.Sleep(time.Millisecond)
		}
		synctest.Wait()
		if n := delivered.Load(); n < 9 || n > 11 {
			t.Errorf("1 s of touches at 100 ms: %d deliveries, want about 10", n)
		}
		cancel()
		synctest.Wait()
	})
}

func TestFeedNeverHasTwoDeliveriesInFlight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		f := feed.New(10 * time.Millisecond)
		var delivered, inFlight, worst atomic.Int32
		run(ctx, f, 70*time.Millisecond, &delivered, &inFlight, &worst)
		for range 500 {
			f.Touch()
			time.Sleep(time.Millisecond)
		}
		time.Sleep(time.Second)
		synctest.Wait()
		if n := worst.Load(); n != 1 {
			t.Errorf("%d deliveries in flight at once, want 1", n)
		}
		cancel()
		synctest.Wait()
	})
}

func TestFeedLosesNoTouch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		f := feed.New(10 * time.Millisecond)
		var model, shown atomic.Int32
		go f.Run(ctx, func(done func()) {
			shown.Store(model.Load())
			done()
		})
		for range 100 {
			model.Add(1)
			f.Touch()
			time.Sleep(3 * time.Millisecond)
		}
		time.Sleep(time.Second)
		synctest.Wait()
		if shown.Load() != model.Load() {
			t.Errorf("the screen shows %d, the model is at %d", shown.Load(), model.Load())
		}
		cancel()
		synctest.Wait()
	})
}
