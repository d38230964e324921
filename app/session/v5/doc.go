// Package v5 speaks MQTT 5.0 through paho.Client of paho.golang, of which it
// is the only importer.
//
// A paho client serves one connection; the session state is ours and outlives
// it. What the library leaves undone is done around it: limits of the CONNACK
// are kept before anything is sent, requests end with their link, a packet
// with a topic alias we never allowed ends the link, and packets that would
// make the library panic are refused before it reads them.
package v5
