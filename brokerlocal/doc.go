// Package brokerlocal is the broker that Tidings starts with one click: MQTT
// 3.1, 3.1.1 and 5 on this machine's loopback addresses.
//
// It is the engine (package engine) as a product: a port that is found when
// the wanted one is taken, a life that begins and ends any number of times, a
// log to read, and errors in words. What speaks MQTT is the engine; nothing
// here knows a packet.
package brokerlocal
