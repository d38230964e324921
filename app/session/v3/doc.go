// Package v3 speaks MQTT 3.1 and 3.1.1 through paho.mqtt.golang, of which it
// is the only importer.
//
// A paho client serves one connection here: it neither reconnects nor
// retries, and its Store is ours and outlives it, so that what is in flight
// survives a reconnect. What the library leaves undone is done around it:
// answers to its tokens are cut off with the link (a token of a kept session
// never completes after a loss), a QoS 2 message redelivered after a reconnect
// is not delivered twice, and packet identifiers of a resumed PUBREL are not
// given out again.
package v3
