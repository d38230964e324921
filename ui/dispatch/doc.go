// Package dispatch is the one door onto the UI goroutine: nothing else in
// Tidings calls fyne.Do. It carries two kinds of news: results of work that
// somebody waits for (Do), and "something changed" ticks of a feed (Follow),
// at most one per interval and never two under way, because the queue behind
// fyne.Do is unbounded.
package dispatch
