// Package load is a generator of MQTT 3.1.1 traffic that costs so little that
// the broker is what is measured: frames are encoded beforehand and only
// stamped with a sequence number, many go into one write, and a receiver
// looks at a packet's header and that number alone.
//
// Every message carries its number in the first eight bytes of its payload,
// so every scenario knows what was lost, what came twice and what came out of
// order. The functions named after scenarios (Flow, Retained, Slow, Absent,
// Overrun, Connects, Latency, Idle) each take a broker's address and return
// figures; they share nothing and leave nothing running.
package load
