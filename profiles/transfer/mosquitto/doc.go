// Package mosquitto reads the bridges of a mosquitto.conf, and the files with
// defaults of mosquitto_sub and mosquitto_pub.
//
// A bridge becomes a client with the same address: what it takes in becomes
// subscriptions, what it sends out becomes topics to publish to.
package mosquitto
