package engine

import (
	"testing"
	"testing/synctest"
	"time"
)

func TestAlarmsRunInOrderOfTheirTimes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClock(func(run func()) { run() })
		defer c.close()
		start := time.Now()
		var got []time.Duration
		note := func() { got = append(got, time.Since(start)) }
		for _, d := range []time.Duration{3 * time.Second, time.Second, 48 * time.Hour, 2 * time.Second} {
			c.after(d, note)
		}
		cancelled := c.after(1500*time.Millisecond, func() { t.Error("a cancelled alarm ran") })
		c.cancel(cancelled)
		c.cancel(cancelled)
		c.cancel(nil)
		time.Sleep(49 * time.Hour)
		synctest.Wait()
		want := []time.Duration{time.Second, 2 * time.Second, 3 * time.Second, 48 * time.Hour}
		if len(got) != len(want) {
			t.Fatalf("alarms ran at %v, want %v", got, want)
		}
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("alarm %d ran at %v, want %v", i, got[i], want[i])
			}
		}
	})
}

func TestAnAlarmMaySetTheNextOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClock(func(run func()) { run() })
		defer c.close()
		rounds := 0
		var again func()
		again = func() {
			rounds++
			c.after(10*time.Second, again)
		}
		c.after(0, again)
		time.Sleep(time.Minute)
		synctest.Wait()
		if rounds != 7 {
			t.Errorf("%d rounds in a minute of ten seconds each, want 7", rounds)
		}
	})
}
