package moving

import "tidings/app"

// Format is where a file or a text comes from.
type Format byte

// The formats.
const (
	FormatUnknown         Format = iota
	FormatTidings                // our own export
	FormatMQTTX                  // MQTTX, JSON or YAML
	FormatExplorer               // settings.json of MQTT Explorer
	FormatMQTTfx                 // mqttfx-config.xml of MQTT.fx
	FormatMQTTSpy                // mqtt-spy-configuration.xml of mqtt-spy
	FormatMosquitto              // mosquitto.conf with bridges
	FormatMosquittoClient        // defaults file of mosquitto_sub or mosquitto_pub
	FormatCommand                // mosquitto_sub or mosquitto_pub command lines
	FormatURL                    // one URL
)

// Text returns the format in words.
func (f Format) Text() app.Text {
	key, ok := map[Format]string{
		FormatTidings: "moving.format.tidings", FormatMQTTX: "moving.format.mqttx", FormatExplorer: "moving.format.explorer",
		FormatMQTTfx: "moving.format.mqttfx", FormatMQTTSpy: "moving.format.mqttspy", FormatMosquitto: "moving.format.mosquitto",
		FormatMosquittoClient: "moving.format.mosquitto_client", FormatCommand: "moving.format.command", FormatURL: "moving.format.url",
	}[f]
	if !ok {
		key = "moving.format.unknown"
	}
	return app.Say(key)
}
