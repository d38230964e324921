// Package codec holds app/mqtt/wire against three other codecs: those of
// paho.mqtt.golang (MQTT 3.1 and 3.1.1), paho.golang (MQTT 5) and mochi-mqtt
// (all three). It consists of tests.
//
// For packets that are valid, every oracle has to read the same values, and
// what an oracle writes of them we have to read as the same packet. For
// packets that are not, an oracle is one for a rule only if it checks that
// rule; known_test.go says where each disagrees, by the section of the
// standard that decides.
package codec
