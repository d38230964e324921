// Package wiretest is the table of packets that the tests of the codec, of
// the dissector and of everything that speaks MQTT share: bytes, version,
// sender, and what they mean or which rule of which standard they break.
package wiretest
