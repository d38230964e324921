// Package shell is the window: menu, sidebar, header, tabs, banners and
// status bar. The screens meet here and nowhere else.
//
// The model is read, never awaited: Sync, called on the UI goroutine when
// something has changed, reads snapshots, compares them with what is shown,
// and draws what differs. Commands are calls that return at once.
//
// Everything here belongs to the UI goroutine.
package shell
