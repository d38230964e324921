package load

import (
	"testing"
	"time"

	"tidings/app"
)

// A run short enough for a test, and longer than a busy machine holds a program
// up: what counts is that nothing is lost.
const moment = 150 * time.Millisecond

func TestFlowCountsEveryDelivery(t *testing.T) {
	tests := []struct {
		name string
		addr func(*testing.T) string
		flow Flow
	}{
		{"QoS 0", relayed, Flow{Payload: 64}},
		{"QoS 0, many topics", relayed, Flow{Payload: 64, Topics: 3000}},
		{"QoS 0, 1 KiB", relayed, Flow{Payload: 1024}},
		{"QoS 0, ten subscribers, bounded", relayed, Flow{Payload: 64, Subscribers: 10, Ahead: 1000}},
		{"QoS 1", broker, Flow{Payload: 64, QoS: app.QoS1, Window: 10}},
		{"QoS 2", broker, Flow{Payload: 64, QoS: app.QoS2, Window: 10}},
		{"QoS 1, kept sessions", broker, Flow{Payload: 64, QoS: app.QoS1, Window: 10, Keep: true}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			marks := 0
			f := tt.flow
			f.Warm, f.For, f.Mark = moment, moment, func() { marks++ }
			r, err := f.Run(t.Context(), tt.addr(t))
			if err != nil {
				t.Fatal(err)
			}
			if r.Sent == 0 || r.Lost() != 0 || r.Duplicate != 0 || r.Disordered != 0 {
				t.Errorf("%+v", r)
			}
			if r.Deliveries == 0 || r.Deliveries >= r.Received || r.Elapsed <= 0 || r.PerSecond() <= 0 {
				t.Errorf("the warm-up is not apart from what is measured: %+v", r)
			}
			if marks != 2 {
				t.Errorf("marked %d times", marks)
			}
		})
	}
}

func TestQueuesAreCountedToTheLast(t *testing.T) {
	const n = 300
	addr := broker(t)
	t.Run("slow", func(t *testing.T) { whole(t, n)(Slow(t.Context(), addr, n, false)) })
	t.Run("slow, kept session", func(t *testing.T) { whole(t, n)(Slow(t.Context(), addr, n, true)) })
	t.Run("absent", func(t *testing.T) {
		// The peer loses some of these now and then; we are to notice.
		c, err := Absent(t.Context(), addr, n)
		if err != nil || c.Sent != n || c.Received < n/2 || c.Received+c.Lost() != n {
			t.Errorf("%+v, %v", c, err)
		}
	})
	t.Run("overrun", func(t *testing.T) { whole(t, n)(Overrun(t.Context(), addr, n)) })
	t.Run("retained", func(t *testing.T) {
		stored := 0
		c, took, err := Retained(t.Context(), addr, n, func() { stored++ })
		whole(t, n)(c, err)
		if stored != 1 || took <= 0 {
			t.Errorf("stored %d times, took %v", stored, took)
		}
	})
}

// whole takes what a scenario returns and wants all of n messages. The peer
// does not always send them in order, nor once.
func whole(t *testing.T, n uint64) func(Count, error) {
	t.Helper()
	return func(c Count, err error) {
		t.Helper()
		if err != nil || c.Sent != n || c.Lost() != 0 {
			t.Errorf("%+v, %v", c, err)
		}
	}
}

func TestMoments(t *testing.T) {
	addr := broker(t)
	if n, err := Connects(t.Context(), addr, moment); err != nil || n == 0 {
		t.Errorf("%d connections, %v", n, err)
	}
	if d, err := Latency(t.Context(), addr, 50); err != nil || d.Median <= 0 || d.Worst < d.Median {
		t.Errorf("%+v, %v", d, err)
	}
	open := false
	if err := Idle(t.Context(), addr, 20, func() { open = true }); err != nil || !open {
		t.Errorf("idle connections: %v, %v", open, err)
	}
	if n, known, err := Dropped(t.Context(), addr); err != nil || !known || n != 0 {
		t.Errorf("dropped %d, known %v, %v", n, known, err)
	}
	if _, known, err := Dropped(t.Context(), relayed(t)); err != nil || known {
		t.Errorf("a broker without $SYS: known %v, %v", known, err)
	}
}

func TestNobodyThere(t *testing.T) {
	const addr = "127.0.0.1:1"
	if _, err := (Flow{For: moment}).Run(t.Context(), addr); err == nil {
		t.Error("flow: no error")
	}
	if _, err := Connects(t.Context(), addr, moment); err == nil {
		t.Error("connects: no error")
	}
	if _, err := Slow(t.Context(), addr, 1, false); err == nil {
		t.Error("slow: no error")
	}
}
