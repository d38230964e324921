package load

import (
	"testing"
	"testing/synctest"
	"time"
)

func TestSettle(t *testing.T) {
	tests := []struct {
		name     string
		received []uint64      // by subscriber, of 10
		after    time.Duration // the latest message; below 0: never
		want     time.Duration // when the latest came
		waited   time.Duration
	}{
		{"all there", []uint64{10, 10}, 0, 0, 0},
		{"one subscriber lacks one", []uint64{10, 9}, time.Second, time.Second, 3 * time.Second},
		{"never anything", []uint64{0}, -1, 6 * time.Second, 6 * time.Second},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				begin := time.Now()
				var subs []*subscriber
				for _, n := range tt.received {
					s := &subscriber{}
					s.received.Store(n)
					if tt.after >= 0 {
						s.latest.Store(begin.Add(tt.after).UnixNano())
					}
					subs = append(subs, s)
				}
				time.Sleep(max(tt.after, 0))
				got := settle(t.Context(), subs, 10, 2*time.Second).Sub(begin).Round(10 * time.Millisecond)
				if waited := time.Since(begin).Round(10 * time.Millisecond); got != tt.want || waited != tt.waited {
					t.Errorf("latest after %v, want %v; waited %v, want %v", got, tt.want, waited, tt.waited)
				}
			})
		})
	}
}
