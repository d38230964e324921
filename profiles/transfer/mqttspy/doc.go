// Package mqttspy reads the connections in the mqtt-spy-configuration.xml of
// mqtt-spy.
package mqttspy
