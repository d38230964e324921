// Package explorer reads the connections in the settings.json of MQTT
// Explorer, version 0 and 1 of each connection.
package explorer
