package snippet

import (
	"crypto/tls"
	"encoding/hex"
	"net/url"
	"strings"
	"unicode/utf8"

	"tidings/app"
)

// javaScript writes a program for Node.js over MQTT.js 5, which subscribes anew
// after a reconnect by itself.
func javaScript(in Input) string {
	p, s := in.Profile, in.Profile.Security
	w := &writer{}
	w.line("// %s", comment(p.Name))
	w.line("//\n// As client.mjs:\n//\n//   npm install mqtt\n//   node client.mjs")
	if p.TLS && (s.CA.File != "" || pairOfFiles(p)) {
		w.line("import { readFileSync } from \"node:fs\";")
	}
	w.line("import mqtt from \"mqtt\";\n")
	w.line("const client = mqtt.connect(%s, {", js(jsURL(p)))
	jsConnect(w, in)
	if p.TLS {
		jsTLS(w, p)
	}
	w.line("});\n")
	w.line("client.on(\"error\", (error) => console.error(error.message));")
	w.line("client.on(\"message\", (topic, payload, packet) => {")
	w.line("  console.log(topic, payload.toString(), \"qos\", packet.qos, packet.retain ? \"retained\" : \"\");\n});\n")
	w.line("client.once(\"connect\", () => {\n  console.log(\"connected\");")
	for _, f := range filters(p) {
		options := ""
		if p.Version == app.V5 {
			options = ", nl: " + jsBool(f.NoLocal) + ", rap: " + jsBool(f.RetainAsPublished) + ", rh: " + string('0'+f.RetainHandling)
		}
		w.line("  client.subscribe(%s, { qos: %d%s }, report);", js(f.Filter), f.QoS, options)
	}
	if m := in.Template; m.Topic != "" {
		w.line("  client.publish(%s, %s, { qos: %d, retain: %s }, report);", js(m.Topic), jsBytes(m.Payload), m.QoS, jsBool(m.Retain))
	}
	w.line("});\n\nfunction report(error) {\n  if (error) console.error(error.message);\n}")
	return w.String()
}

func jsURL(p app.Profile) string {
	if p.Link.Transport == app.TransportUnix {
		return (&url.URL{Scheme: "mqtt+unix", Path: p.Link.Path}).String()
	}
	return p.FullURL()
}

// jsConnect writes what CONNECT says.
func jsConnect(w *writer, in Input) {
	p := in.Profile
	if id := ownID(JavaScript, p); id != "" {
		w.line("  clientId: %s,", js(id))
	}
	w.line("  protocolVersion: %d,", p.Version)
	if p.Version == app.V31 {
		w.line("  protocolId: \"MQIsdp\",")
	}
	w.line("  clean: %s,\n  keepalive: %d,", jsBool(!keepsSession(JavaScript, p)), seconds(p.KeepAlive))
	if p.Version == app.V5 {
		w.line("  properties: { sessionExpiryInterval: %d },", expiry(JavaScript, p))
	}
	if p.User != "" {
		w.line("  username: %s,", js(p.User))
	}
	switch {
	case in.Password != "":
		w.line("  // The password in plain text: do not share this.\n  password: %s,", js(in.Password.Reveal()))
	case in.HasPassword:
		w.line("  password: process.env.%s,", variable)
	}
	if m := p.Will; m != nil {
		w.line("  will: { topic: %s, payload: %s, qos: %d, retain: %s },", js(m.Topic), jsBytes(m.Payload), m.QoS, jsBool(m.Retain))
	}
}

func jsTLS(w *writer, p app.Profile) {
	s := p.Security
	switch {
	case s.CA.File != "":
		w.line("  ca: readFileSync(%s),", js(s.CA.File))
	case s.CA.PEM != "":
		w.line("  ca: %s,", js(s.CA.PEM))
	}
	if pairOfFiles(p) {
		w.line("  cert: readFileSync(%s),\n  key: readFileSync(%s),", js(s.Certificate.File), js(s.Key.File))
	}
	if s.ServerName != "" {
		w.line("  servername: %s,", js(s.ServerName))
	}
	if len(s.ALPN) > 0 {
		names := make([]string, len(s.ALPN))
		for i, name := range s.ALPN {
			names[i] = js(name)
		}
		w.line("  ALPNProtocols: [%s],", strings.Join(names, ", "))
	}
	if s.MinVersion == tls.VersionTLS13 {
		w.line("  minVersion: \"TLSv1.3\",")
	}
	if s.SkipVerify {
		w.line("  rejectUnauthorized: false, // accepts every certificate: whoever is on the network can listen")
	}
}

// jsBytes quotes bytes: as a text when they are one.
func jsBytes(data []byte) string {
	if utf8.Valid(data) {
		return js(string(data))
	}
	return "Buffer.from(\"" + hex.EncodeToString(data) + "\", \"hex\")"
}

func jsBool(v bool) string {
	if v {
		return "true"
	}
	return "false"
}
