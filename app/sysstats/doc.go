// Package sysstats turns the $SYS topics that brokers publish about
// themselves into the same cards, whichever broker it is: mosquitto, EMQX,
// VerneMQ, or another that uses mosquitto's names. What a broker does not
// publish is said to be so; it never becomes a zero.
//
// $SYS is no part of the MQTT standards (MQTT 5.0 §4.7.2): every broker has
// topics, units and meanings of its own. tables.go is the one place that
// knows them.
package sysstats
