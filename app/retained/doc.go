// Package retained keeps the messages a broker sent with the RETAIN flag set:
// what it holds as the last known good value of each topic, as far as the
// subscriptions reach (MQTT 5.0 §3.3.1.3).
//
// Entries lie in a map; the sorted view is brought up to date when it is read,
// by sorting what came since and merging it in, so that a burst of 100,000
// retained messages costs one sort.
package retained
