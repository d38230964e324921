// Package v5 speaks MQTT 5.0 through paho.Client of paho.golang, of which it
// is the only importer.
//
// A paho client serves one connection; the session state is ours and outlives
// it. What the library leaves undone is done around it: limits of the CONNACK
// are kept before anything is sent, and requests end with their link.
package v5
