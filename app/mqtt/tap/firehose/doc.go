// Package firehose is a broker for benchmarks: it accepts any client of MQTT
// 3.1, 3.1.1 or 5, and after the first SUBSCRIBE sends it a fixed number of
// QoS 0 messages as fast as the client reads them. The packets are encoded
// beforehand, so that the client is what is measured.
//
// It is for tests and benchmarks only; no product code imports it.
package firehose
