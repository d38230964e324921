// Package retained is the Retained tab: the retained messages that the
// subscriptions of a connection brought. UI goroutine only.
package retained
