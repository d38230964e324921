// Package topic knows topic names and topic filters: which are valid, and
// which filter matches which name (MQTT 5.0 §4.7, §4.8.2; MQTT 3.1.1 §4.7).
//
// Every function is pure and safe for concurrent use.
package topic
