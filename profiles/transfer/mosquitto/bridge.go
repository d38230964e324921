package mosquitto

import (
	"strconv"
	"strings"

	"tidings/app"
	"tidings/app/moving"
	"tidings/profiles/transfer/internal/draft"
)

// bridge is a connection section that is being read.
type bridge struct {
	*draft.Draft
	addresses []moving.Address
	topics    []string
	insecure  bool
	settings  map[string]func(*bridge, string)
}

// newBridge starts with mosquitto's own defaults.
func newBridge(name string) *bridge {
	b := &bridge{Draft: draft.New(), settings: settings()}
	b.Name(name)
	b.P().Clean = false
	return b
}

// set reads one line of the section.
func (b *bridge) set(key, value string) {
	if do, ok := b.settings[key]; ok {
		if do != nil {
			do(b, value)
		}
		return
	}
	b.NoPlace(known(key))
}

// known returns a key as a finding may show it: the key of a broken line may
// be anything.
func known(key string) string {
	if len(key) > 40 || strings.Trim(key, "abcdefghijklmnopqrstuvwxyz_0123456789") != "" {
		return "…"
	}
	return key
}

// settings says what each key of a bridge does; nil for what only the bridge
// itself needs and nobody misses.
func settings() map[string]func(*bridge, string) {
	user := func(b *bridge, v string) { b.P().User = b.Text("remote_username", v) }
	password := func(b *bridge, v string) { b.Secret("remote_password", app.SecretPassword, v) }
	id := func(b *bridge, v string) { b.P().ClientID = b.Text("remote_clientid", v) }
	tls := func(b *bridge, _ string) { b.P().TLS = true }
	return map[string]func(*bridge, string){
		"address":   (*bridge).address,
		"addresses": (*bridge).address,
		"topic": func(b *bridge, v string) {
			if len(b.topics) < draft.MaxList {
				b.topics = append(b.topics, v)
			} else {
				b.Note("topic", "moving.why.too_many", "Max", draft.MaxList)
			}
		},
		"remote_username": user, "username": user,
		"remote_password": password, "password": password,
		"remote_clientid": id, "clientid": id,
		"bridge_protocol_version": (*bridge).version,
		"cleansession":            func(b *bridge, v string) { b.P().Clean = b.bool("cleansession", v) },
		"keepalive_interval": func(b *bridge, v string) {
			if n, err := strconv.ParseInt(v, 10, 64); err == nil {
				b.KeepAlive("keepalive_interval", n)
			} else {
				b.Bad("keepalive_interval")
			}
		},
		"bridge_cafile": func(b *bridge, v string) {
			b.P().TLS, b.P().Security.CA = true, b.CertFile("bridge_cafile", v)
			b.P().Security.WithoutSystem = true
		},
		"bridge_capath":   func(b *bridge, _ string) { b.P().TLS = true; b.Note("bridge_capath", "moving.why.folder") },
		"bridge_certfile": func(b *bridge, v string) { b.P().Security.Certificate = b.CertFile("bridge_certfile", v) },
		"bridge_keyfile":  func(b *bridge, v string) { b.P().Security.Key = b.CertFile("bridge_keyfile", v) },
		"bridge_insecure": func(b *bridge, v string) { b.insecure = b.bool("bridge_insecure", v) },
		"bridge_alpn":     func(b *bridge, v string) { b.P().Security.ALPN = []string{b.Text("bridge_alpn", v)} },
		"bridge_tls_use_os_certs": func(b *bridge, v string) {
			if b.bool("bridge_tls_use_os_certs", v) {
				tls(b, v)
			}
		},
		"bridge_tls_version": func(b *bridge, v string) { b.MinTLS("bridge_tls_version", v) },
		"bridge_identity":    nil,
		"bridge_psk":         func(b *bridge, v string) { tls(b, v); b.Note("bridge_psk", "moving.why.psk") },
		"start_type":         nil, "restart_timeout": nil, "try_private": nil, "notifications": nil, "notification_topic": nil,
		"notifications_local_only": nil, "local_clientid": nil, "local_username": nil, "local_password": nil,
		"bridge_attempt_unsubscribe": nil, "idle_timeout": nil, "threshold": nil, "round_robin": nil,
	}
}

func (b *bridge) bool(key, v string) bool {
	switch v {
	case "true", "1":
		return true
	case "false", "0":
		return false
	}
	b.Bad(key)
	return false
}

func (b *bridge) version(v string) {
	switch v {
	case "mqttv50":
		b.P().Version = app.V5
	case "mqttv311":
		b.P().Version = app.V311
	case "mqttv31":
		b.P().Version = app.V31
	default:
		b.Bad("bridge_protocol_version")
	}
}

// address reads "host[:port] …". The port stands behind the last colon; an
// address with several colons and no brackets is an IPv6 one without port.
func (b *bridge) address(v string) {
	for _, text := range strings.Fields(v) {
		host, port, ok := draft.HostPort(text, 1883)
		if !ok || len(b.addresses) == draft.MaxList {
			b.LeftOut("address")
			continue
		}
		b.addresses = append(b.addresses, moving.Address{Host: host, Port: port})
	}
}

func (b *bridge) finish() moving.Item {
	if len(b.addresses) > 0 {
		b.P().Host, b.P().Port = b.addresses[0].Host, b.addresses[0].Port
	}
	b.AskAddress(b.addresses)
	if b.insecure && b.P().TLS {
		b.Unverified()
	}
	// The bridge goes on using its identifier; under the same one it and we
	// would evict each other [MQTT-3.1.4-2].
	if b.P().ClientID != "" {
		b.P().IDMode = app.ClientIDSuffix
		b.Note("remote_clientid", "moving.why.suffix")
		b.P().Clean = true
	}
	for _, t := range b.topics {
		b.topic(t)
	}
	return b.Done()
}

// topic reads FILTER [in|out|both [QOS [LOCAL [REMOTE]]]].
func (b *bridge) topic(line string) {
	words, ok := words(line)
	if !ok || len(words) == 0 || len(words) > 5 {
		b.LeftOut("topic")
		return
	}
	direction, qos, prefix := "out", app.QoS(0), ""
	if len(words) > 1 {
		direction = words[1]
	}
	if len(words) > 2 {
		n, err := strconv.ParseInt(words[2], 10, 64)
		if err != nil {
			n = -1
		}
		qos = b.QoS("topic", n)
	}
	if len(words) > 4 {
		prefix = words[4]
	}
	filter := prefix + words[0]
	if direction != "in" && direction != "out" && direction != "both" {
		b.LeftOut("topic")
		return
	}
	if direction != "out" {
		b.Subscribe("topic", app.Subscription{Filter: filter, QoS: qos})
	}
	if direction != "in" {
		if strings.ContainsAny(filter, "#+") {
			b.Note("topic", "moving.why.out_filter", "Filter", b.Text("topic", filter))
			return
		}
		b.Template("topic", "", app.Publish{Topic: filter, QoS: qos})
	}
}

// words splits a line at blanks; a part in double quotes is one word, and ""
// an empty one.
func words(line string) (list []string, ok bool) {
	for line = strings.TrimSpace(line); line != ""; line = strings.TrimSpace(line) {
		if line[0] != '"' {
			i := strings.IndexAny(line, " \t")
			if i < 0 {
				i = len(line)
			}
			list, line = append(list, line[:i]), line[i:]
			continue
		}
		end := strings.IndexByte(line[1:], '"')
		if end < 0 {
			return nil, false
		}
		list, line = append(list, line[1:1+end]), line[end+2:]
	}
	return list, true
}
