// Package viewer shows one message: its topic and flags, its payload in a
// view of choice, and its MQTT 5 properties. Several tabs use it. UI
// goroutine only.
package viewer
