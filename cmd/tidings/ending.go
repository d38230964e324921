package main

import "fyne.io/fyne/v2"

// endAtOnce lets the program end without the toolkit's last words. When the
// window has closed, the toolkit sends its stop hook through a queue to a loop
// that it closes in the same moment; now and then the hook is lost in it, and
// the program waits for it for ever: without a window, and with the home
// locked. Without a hook there is nothing to lose. The hook would only save
// preferences of the toolkit, which are written when they change anyway.
//
// It reports whether the toolkit still has such a hook to take away.
func endAtOnce(l fyne.Lifecycle) bool {
	hooked, ok := l.(interface{ SetOnStoppedHookExecuted(fn func()) })
	if ok {
		hooked.SetOnStoppedHookExecuted(nil)
	}
	return ok
}
