// Package link opens the way to a broker, up to the first byte of MQTT, in
// stages: look the name up, connect, go through a proxy, shake hands over TLS,
// ask for a WebSocket. An error names its stage, and a Trace is told of each,
// so that a diagnosis can show them one by one. Its errors are technical;
// app/session puts them into words.
package link
