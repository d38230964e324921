// Package clientstest holds the broker's engine to the clients that people
// really use: mosquitto's tools, paho.mqtt.python and MQTT.js, over every
// transport. There is nothing here but tests.
//
// A test whose program is missing is skipped and says so. MQTT.js comes from
// npm: TIDINGS_NPM=1 allows a test to fetch it once, into the user's cache
// folder; from then on it runs without being asked.
//
// The Go libraries of paho are held to the same by the contract of
// app/session, where they belong.
package clientstest
