package engine

import (
	"runtime"
	"sync"
	"testing"
)

func TestCrewDoesEveryJobOnceAndIsDismissed(t *testing.T) {
	var w crew
	var wg sync.WaitGroup
	var mu sync.Mutex
	done := 0
	for range 4 * idleHands {
		wg.Go(func() {
			for range 50 {
				w.do(func() {
					mu.Lock()
					done++
					mu.Unlock()
				})
			}
		})
	}
	wg.Wait()
	if done != 4*idleHands*50 {
		t.Errorf("%d jobs were done", done)
	}
	if n := len(w.idle); n == 0 || n > idleHands {
		t.Errorf("%d hands wait for work", n)
	}
	w.close() // goleak finds who stays
	w.do(func() { done = -1 })
	if done != -1 {
		t.Error("a job that came late was not done")
	}
}

// A hand that is at work may need another.
func TestCrewWorksWithinItself(t *testing.T) {
	var w crew
	defer w.close()
	depth := 0
	w.do(func() { w.do(func() { depth = 2 }) })
	if depth != 2 || len(w.idle) != 2 {
		t.Errorf("depth %d, %d hands", depth, len(w.idle))
	}
}

func TestPanicOnALentStackIsTheCallers(t *testing.T) {
	var w crew
	defer w.close()
	defer func() {
		if p := recover(); p != "no" {
			t.Errorf("caught %v", p)
		}
		if len(w.idle) != 0 {
			t.Error("a hand that is gone waits for work")
		}
	}()
	w.do(func() { panic("no") })
}

// A window's main goroutine is locked to its thread, and it may stop a broker.
func TestCrewIsDismissedFromALockedThread(t *testing.T) {
	var w crew
	var worked sync.WaitGroup
	worked.Go(func() { w.do(func() {}) })
	worked.Wait()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	w.close()
}
