// Package relay is the ceiling of a benchmark: it accepts every client of
// MQTT 3.1.1 and copies the bytes of every publisher to every subscriber. It
// looks at no more than where packets end, and makes one write of one read.
// No broker can do less: where a broker stays well below the relay, it is the
// broker that was measured and not the generator.
//
// It answers no QoS above 0. What it is for needs no more.
package relay
