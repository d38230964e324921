package snippet

import (
	"cmp"
	"slices"

	"tidings/app"
)

// arduino writes a sketch for an ESP32 over PubSubClient, which speaks MQTT
// 3.1.1, subscribes with QoS 0 and 1 and publishes with QoS 0.
func arduino(in Input) (string, error) {
	p := in.Profile
	if p.Link.Transport != app.TransportTCP {
		return "", impossible("snippet.tcp_only")
	}
	w := &writer{}
	w.line("// %s", comment(p.Name))
	w.line("//\n// For an ESP32, with PubSubClient by Nick O'Leary out of the Library Manager:")
	w.line("// it speaks MQTT 3.1.1 and publishes with QoS 0.")
	w.line("#include <WiFi.h>")
	network := "WiFiClient"
	if p.TLS {
		network = "WiFiClientSecure"
	}
	w.line("#include <%s.h>\n#include <PubSubClient.h>\n", network)
	w.line("const char *WIFI_NAME = \"\";      // your network")
	w.line("const char *WIFI_PASSWORD = \"\";  // keep it out of what you share")
	user, password := "nullptr", "nullptr"
	if p.User != "" {
		user = c(p.User)
	}
	switch {
	case in.Password != "":
		w.line("// The password in plain text: do not share this.\nconst char *%s = %s;", variable, c(in.Password.Reveal()))
		password = variable
	case in.HasPassword:
		w.line("const char *%s = \"\";  // keep it out of what you share", variable)
		password = variable
	}
	if p.TLS && !p.Security.SkipVerify {
		w.line("// The certificate of the authority that signed the broker's (PEM).\nconst char *AUTHORITY = %s;", c(p.Security.CA.PEM))
	}
	w.line("\n%s network;\nPubSubClient mqtt(network);\n", network)
	w.line("void onMessage(char *topic, byte *payload, unsigned int length) {")
	w.line("  Serial.print(topic);\n  Serial.print(' ');\n  Serial.write(payload, length);\n  Serial.println();\n}\n")
	arduinoConnect(w, in, user, password)
	w.line("void setup() {\n  Serial.begin(115200);\n  WiFi.begin(WIFI_NAME, WIFI_PASSWORD);")
	w.line("  while (WiFi.status() != WL_CONNECTED) delay(200);")
	if p.TLS && p.Security.SkipVerify {
		w.line("  network.setInsecure();  // accepts every certificate: whoever is on the network can listen")
	} else if p.TLS {
		w.line("  network.setCACert(AUTHORITY);")
	}
	w.line("  mqtt.setServer(%s, %d);\n  mqtt.setCallback(onMessage);\n  mqtt.setKeepAlive(%d);", c(p.Host), p.Port, seconds(p.KeepAlive))
	w.line("  mqtt.setBufferSize(1024);  // the largest packet\n}\n")
	w.line("void loop() {\n  if (!mqtt.connected() && !connectToBroker()) {\n    delay(5000);\n    return;\n  }\n  mqtt.loop();\n}")
	return w.String(), nil
}

func arduinoConnect(w *writer, in Input, user, password string) {
	p := in.Profile
	w.line("bool connectToBroker() {")
	own := cmp.Or(ownID(Arduino, p), "esp32")
	id := c(own)
	if clientID(p) == "" || p.IDMode == app.ClientIDSuffix {
		w.line("  String id = String(%s) + String((uint32_t)esp_random(), HEX);", c(own+"-"))
		id = "id.c_str()"
	}
	will := [4]string{"nullptr", "0", "false", "nullptr"}
	// PubSubClient takes the payload as text, which ends at its first zero.
	if m := p.Will; m != nil && !slices.Contains(m.Payload, 0) {
		will = [4]string{c(m.Topic), string('0' + rune(m.QoS)), boolOf(m.Retain), c(string(m.Payload))}
	}
	w.line("  if (!mqtt.connect(%s, %s, %s,\n                    %s, %s, %s, %s, %s)) {", id, user, password, will[0], will[1], will[2], will[3], boolOf(!keepsSession(Arduino, p)))
	w.line("    Serial.println(mqtt.state());\n    return false;\n  }")
	for _, s := range filters(p) {
		w.line("  mqtt.subscribe(%s, %d);", c(s.Filter), min(s.QoS, app.QoS1))
	}
	if m := in.Template; m.Topic != "" {
		w.line("  static const char payload[] = %s;", c(string(m.Payload)))
		w.line("  mqtt.publish(%s, (const uint8_t *)payload, sizeof(payload) - 1, %s);", c(m.Topic), boolOf(m.Retain))
	}
	w.line("  return true;\n}\n")
}

func boolOf(v bool) string {
	if v {
		return "true"
	}
	return "false"
}
