// Package topics is the Topics tab: the live tree of topics with counts and
// last values. UI goroutine only.
package topics
