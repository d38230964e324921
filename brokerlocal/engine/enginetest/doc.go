// Package enginetest is a raw MQTT client for tests and load: it says exactly
// what it is told, right or wrong, and nothing by itself, and it judges every
// packet of the broker by the strict codec.
//
// A Client has no goroutine: what is not read stays in the socket, so a
// client that does not read is a slow one. Nothing sleeps. That something did
// not happen is proved by a fence (Fence, Quiet): when the answer to a
// PINGREQ is there, everything the broker had to say before is there too.
//
// Pipe is a pair of connections in memory for tests inside a testing/synctest
// bubble, where hours pass at once and a wait that is too long costs nothing.
package enginetest
