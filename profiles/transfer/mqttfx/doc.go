// Package mqttfx reads the connections in the mqttfx-config.xml of MQTT.fx.
// Its format was never published: what is not known becomes a question.
package mqttfx
