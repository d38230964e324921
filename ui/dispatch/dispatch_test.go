package dispatch_test

import (
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"tidings/app/feed"
	"tidings/ui/dispatch"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestDoRunsOnThePumpingGoroutineInOrder(t *testing.T) {
	m := dispatch.NewManual()
	var got []int
	for i := range 3 {
		m.Do(func() { got = append(got, i) })
	}
	if len(got) != 0 {
		t.Fatal("a function ran before the pump")
	}
	if n := m.Pump(); n != 3 || got[0] != 0 || got[2] != 2 {
		t.Errorf("pumped %d, got %v", n, got)
	}
}

func TestFollowHasOneSyncUnderWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, f := dispatch.NewManual(), feed.New(feed.Interval)
		syncs := 0
		m.Follow(f, func() { syncs++ })
		for range 1000 { // a UI that hangs for a second, under a stream
			f.Touch()
			time.Sleep(time.Millisecond)
		}
		synctest.Wait()
		if n := m.Queued(); n != 1 {
			t.Errorf("%d closures queued while the UI hung, want 1", n)
		}
		m.Pump()
		time.Sleep(feed.Interval)
		synctest.Wait()
		m.Pump()
		if syncs != 2 {
			t.Errorf("%d syncs after the hang, want 2: the queued one and the one for later touches", syncs)
		}
		m.Close()
	})
}

func TestFollowIsAtMostThirtyPerSecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, f := dispatch.NewManual(), feed.New(feed.Interval)
		syncs := 0
		m.Follow(f, func() { syncs++ })
		for range 2000 {
			f.Touch()
			time.Sleep(time.Millisecond)
			synctest.Wait()
			m.Pump()
		}
		if syncs < 50 || syncs > 61 {
			t.Errorf("%d syncs in 2 s of touches, want about 60", syncs)
		}
		m.Close()
	})
}

func TestStopAndCloseSilenceWhatIsQueued(t *testing.T) {
	for _, c := range []struct {
		name string
		end  func(m *dispatch.Manual, stop func())
	}{
		{"stop", func(_ *dispatch.Manual, stop func()) { stop(); stop() }},
		{"close", func(m *dispatch.Manual, _ func()) { m.Close(); m.Close() }},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m, f := dispatch.NewManual(), feed.New(feed.Interval)
				syncs := 0
				stop := m.Follow(f, func() { syncs++ })
				f.Touch()
				synctest.Wait()
				if m.Queued() != 1 {
					t.Fatal("no closure queued")
				}
				c.end(m, stop) // waits for its goroutine although the closure never ran
				m.Pump()
				f.Touch()
				time.Sleep(time.Second)
				synctest.Wait()
				m.Pump()
				if syncs != 0 {
					t.Errorf("%d syncs after the end", syncs)
				}
				m.Close()
			})
		})
	}
}

func TestClosedDispatcherDoesNothing(t *testing.T) {
	m := dispatch.NewManual()
	ran := false
	m.Do(func() { ran = true })
	m.Close()
	m.Do(func() { ran = true })
	m.Follow(feed.New(feed.Interval), func() { ran = true })()
	m.Pump()
	if ran {
		t.Error("a function ran after Close")
	}
}
