package main

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// TestTheToolkitHasNoLastWords holds as long as the toolkit's lifecycle is what
// endAtOnce takes it for, and no stop hook is left to wait for.
func TestTheToolkitHasNoLastWords(t *testing.T) {
	l, ok := test.NewTempApp(t).Lifecycle().(interface {
		fyne.Lifecycle
		SetOnStoppedHookExecuted(fn func())
		OnStopped() func()
	})
	if !ok {
		t.Fatal("the toolkit's lifecycle has no stop hook any more: see whether the program still ends")
	}
	l.SetOnStoppedHookExecuted(func() {})
	if !endAtOnce(l) || l.OnStopped() != nil {
		t.Error("a stop hook is left, which the program may wait for in vain")
	}
}
