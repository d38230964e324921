// Package brokertest runs a real broker for tests: on 127.0.0.1, on a port of
// its own, stopped when the test ends.
package brokertest
