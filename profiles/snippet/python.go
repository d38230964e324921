package snippet

import (
	"fmt"
	"strings"

	"tidings/app"
)

// writer collects lines.
type writer struct{ strings.Builder }

func (w *writer) line(format string, args ...any) {
	_, _ = fmt.Fprintf(w, format, args...) // a Builder takes everything
	w.WriteByte('\n')
}

// python writes a program over paho-mqtt 2, which runs on 1.6 too: that is
// what Debian and Ubuntu have.
func python(in Input) string {
	p := in.Profile
	w := &writer{}
	w.line("# %s", comment(p.Name))
	w.line("#\n# As client.py:\n#\n#   pip install paho-mqtt")
	if p.Link.Transport != app.TransportUnix { // which needs 2.0
		w.line("#   (or, on Debian and Ubuntu: apt install python3-paho-mqtt)")
	}
	w.line("#   python3 client.py")
	if in.HasPassword && in.Password == "" {
		w.line("import os\n")
	}
	w.line("import paho.mqtt.client as mqtt")
	if p.Version == app.V5 {
		w.line("from paho.mqtt.packettypes import PacketTypes\nfrom paho.mqtt.properties import Properties")
		w.line("from paho.mqtt.subscribeoptions import SubscribeOptions")
	}
	w.line("\n\ndef on_connect(client, userdata, flags, reason_code, properties=None):")
	w.line("    print(\"connected:\", reason_code)")
	w.line("    if reason_code != 0:\n        return")
	for _, s := range filters(p) {
		if p.Version == app.V5 {
			w.line("    client.subscribe(%s, options=SubscribeOptions(qos=%d, noLocal=%s, retainAsPublished=%s, retainHandling=%d))",
				py(s.Filter), s.QoS, pyBool(s.NoLocal), pyBool(s.RetainAsPublished), s.RetainHandling)
		} else {
			w.line("    client.subscribe(%s, qos=%d)", py(s.Filter), s.QoS)
		}
	}
	if m := in.Template; m.Topic != "" {
		w.line("    client.publish(%s, %s, qos=%d, retain=%s)", py(m.Topic), pyBytes(m.Payload), m.QoS, pyBool(m.Retain))
	}
	w.line("\n\ndef on_message(client, userdata, message):")
	w.line("    print(message.topic, message.payload, \"qos\", message.qos, \"retained\" if message.retain else \"\")\n\n")
	pythonClient(w, in)
	return w.String()
}

func pythonClient(w *writer, in Input) {
	p := in.Profile
	w.line("api = [mqtt.CallbackAPIVersion.VERSION2] if hasattr(mqtt, \"CallbackAPIVersion\") else []  # paho-mqtt 1.6 has none")
	w.line("client = mqtt.Client(\n    *api,\n    client_id=%s,", py(ownID(Python, p)))
	w.line("    protocol=mqtt.%s,", map[app.Version]string{app.V31: "MQTTv31", app.V311: "MQTTv311", app.V5: "MQTTv5"}[p.Version])
	w.line("    transport=%s,", py([]string{app.TransportTCP: "tcp", app.TransportWS: "websockets", app.TransportUnix: "unix"}[p.Link.Transport]))
	if p.Version != app.V5 {
		w.line("    clean_session=%s,", pyBool(!keepsSession(Python, p)))
	}
	w.line(")\nclient.on_connect = on_connect\nclient.on_message = on_message")
	if p.Link.Transport == app.TransportWS {
		w.line("client.ws_set_options(path=%s)", py(app.RequestPath(p.Link.Path)))
	}
	switch {
	case in.Password != "":
		w.line("# The password in plain text: do not share this.")
		w.line("client.username_pw_set(%s, %s)", py(p.User), py(in.Password.Reveal()))
	case in.HasPassword:
		w.line("client.username_pw_set(%s, os.environ[\"%s\"])", py(p.User), variable)
	case p.User != "":
		w.line("client.username_pw_set(%s)", py(p.User))
	}
	if p.TLS {
		pythonTLS(w, p)
	}
	if m := p.Will; m != nil {
		w.line("client.will_set(%s, %s, qos=%d, retain=%s)", py(m.Topic), pyBytes(m.Payload), m.QoS, pyBool(m.Retain))
	}
	address := fmt.Sprintf("%s, %d", py(p.Host), p.Port)
	if p.Link.Transport == app.TransportUnix {
		address = py(p.Link.Path)
	}
	if p.Version == app.V5 {
		w.line("properties = Properties(PacketTypes.CONNECT)\nproperties.SessionExpiryInterval = %d", expiry(Python, p))
		w.line("client.connect(%s, keepalive=%d, clean_start=%s, properties=properties)", address, seconds(p.KeepAlive), pyBool(!keepsSession(Python, p)))
	} else {
		w.line("client.connect(%s, keepalive=%d)", address, seconds(p.KeepAlive))
	}
	w.line("client.loop_forever()")
}

func pythonTLS(w *writer, p app.Profile) {
	var args []string
	if p.Security.CA.File != "" {
		args = append(args, "ca_certs="+py(p.Security.CA.File))
	}
	if pairOfFiles(p) {
		args = append(args, "certfile="+py(p.Security.Certificate.File), "keyfile="+py(p.Security.Key.File))
	}
	if len(p.Security.ALPN) > 0 {
		list := make([]string, len(p.Security.ALPN))
		for i, name := range p.Security.ALPN {
			list[i] = py(name)
		}
		args = append(args, "alpn_protocols=["+strings.Join(list, ", ")+"]")
	}
	if p.Security.SkipVerify {
		w.line("import ssl  # accepts every certificate: whoever is on the network can listen")
		args = append(args, "cert_reqs=ssl.CERT_NONE")
	}
	w.line("client.tls_set(%s)", strings.Join(args, ", "))
	if p.Security.SkipVerify {
		w.line("client.tls_insecure_set(True)")
	}
}
