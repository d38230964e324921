package main

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"tidings/app"
)

// publishFrame is a PUBLISH with QoS 1, as it goes out first.
var publishFrame = []byte{0x32, 5, 0, 1, 't', 0, 1}

// waits returns a flow that hands its PUBLISH over and ends with the channel.
func waits(w *sendWindow, end <-chan struct{}) func() error {
	return func() error {
		w.Frames(true, publishFrame, time.Time{})
		<-end
		return nil
	}
}

func notLate(t *testing.T) func(error) {
	return func(err error) { t.Errorf("late: %v", err) }
}

func TestTheWindowIsBounded(t *testing.T) {
	for _, tt := range []struct {
		name       string
		version    app.Version
		size, most int
	}{
		{"in messages", app.V5, 10, windowMessages},
		{"in messages, before MQTT 5", app.V311, 10, windowMessages311},
		{"in bytes", app.V5, windowBytes / 4, 4},
		{"a message that is too large for it goes alone", app.V5, windowBytes + 1, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w, end := newSendWindow(tt.version), make(chan struct{})
				for i := range tt.most {
					if err := w.handOver(t.Context(), tt.size, waits(w, end), notLate(t)); err != nil {
						t.Fatal(i, err)
					}
				}
				over := make(chan error, 1)
				go func() { over <- w.handOver(t.Context(), tt.size, waits(w, end), notLate(t)) }()
				synctest.Wait()
				select {
				case err := <-over:
					t.Error("one more went out", err)
				default:
				}
				end <- struct{}{} // one flow ends
				if err := <-over; err != nil {
					t.Error(err)
				}
				ctx, cancel := context.WithCancel(t.Context())
				cancel()
				if err := w.handOver(ctx, tt.size, waits(w, end), notLate(t)); !errors.Is(err, errStopped) {
					t.Errorf("cancelled: %v", err)
				}
				close(end)
				w.flows.Wait()
			})
		})
	}
}

// The next message waits for the PUBLISH of this one, and for nothing else.
func TestAMessageWaitsForThePublishBeforeIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, end := newSendWindow(app.V5), make(chan struct{})
		over := make(chan error, 1)
		go func() { over <- w.handOver(t.Context(), 1, func() error { <-end; return nil }, notLate(t)) }()
		for name, frame := range map[string][]byte{
			"sent again": {0x3A, 5, 0, 1, 't', 0, 1}, "PUBREL": {0x62, 2, 0, 1}, "half of it": publishFrame[:4],
		} {
			w.Frames(true, frame, time.Time{})
			synctest.Wait()
			if len(over) > 0 {
				t.Error(name)
			}
		}
		w.Frames(false, publishFrame, time.Time{}) // one that came
		synctest.Wait()
		if len(over) > 0 {
			t.Error("received")
		}
		w.Frames(true, append([]byte{0x62, 2, 0, 1}, publishFrame...), time.Time{})
		if err := <-over; err != nil {
			t.Error(err)
		}
		close(end)
		w.flows.Wait()
	})
}

// A PUBLISH of before, seen when its link is lost already, lets nothing pass
// unseen.
func TestAnErrorIsTakenEarlyOrLate(t *testing.T) {
	w := newSendWindow(app.V5)
	fails := func() error { return app.ErrNotConnected }
	if err := w.handOver(t.Context(), 1, fails, notLate(t)); !errors.Is(err, app.ErrNotConnected) {
		t.Errorf("early: %v", err)
	}
	begin, late := make(chan struct{}), make(chan error, 1)
	err := w.handOver(t.Context(), 1, func() error {
		w.Frames(true, publishFrame, time.Time{})
		<-begin
		return fails()
	}, func(err error) { late <- err })
	if err != nil {
		t.Error(err)
	}
	close(begin)
	w.flows.Wait()
	if err := <-late; !errors.Is(err, app.ErrNotConnected) {
		t.Errorf("late: %v", err)
	}
}
