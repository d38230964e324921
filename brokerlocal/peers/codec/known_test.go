package codec

import (
	"tidings/app"
	"tidings/app/mqtt/wire"
)

// known is a disagreement about valid packets in which the standard is with
// us.
type known struct {
	oracle string
	spec   string // the section that decides
	what   string // the oracle does
	writes bool   // it reads right, and writes something else
	when   func(v app.Version, p wire.Packet, frame []byte) bool
}

func disagreements() []known {
	return []known{
		{"paho.mqtt.golang", "MQTT 3.1 §3.1", "wants a user or password where a flag announces one", false, flagAlone},
		{"mochi", "MQTT 3.1 §3.1", "wants a user or password where a flag announces one", false, flagAlone},
		{"mochi", "MQTT 5.0 §3.1.3.4", "refuses a will payload of zero length", false, emptyWill},
		{"mochi", "MQTT 5.0 §3.1.3.5", "refuses a user or password of zero length", false, emptyLogin},
		{"mochi", "MQTT 3.1 §2.1", "refuses DUP on PUBREL, SUBSCRIBE and UNSUBSCRIBE", false, oldDup},
		{"mochi", "MQTT 5.0 §3.14.2.2.1", "overlooks a reason code without properties", false, bareReason},
		{"mochi", "MQTT 5.0 §3.15.2.1", "refuses AUTH without a reason code", false, bareAuth},
		{"paho.golang", "MQTT 5.0 §3.15.2.1", "writes a reason code without its method", true, bareAuth},
		{"paho.golang", "MQTT 5.0 §3.14.2.1", "refuses DISCONNECT without a reason code", false, bareDisconnect},
		{"paho.golang", "MQTT 5.0 §3.3.2.3.8", "keeps one subscription identifier of several", false, manyIDs},
		{"paho.golang", "MQTT 5.0 §3.1.3.2", "forgets will properties when it writes", true, willProperties},
	}
}

// flagAlone: MQTT 3.1 allows the flag of a user or a password without one.
func flagAlone(v app.Version, p wire.Packet, frame []byte) bool {
	c, ok := p.(*wire.Connect)
	if !ok || v != app.V31 {
		return false
	}
	h, err := wire.Header(frame)
	flags := frame[h.Length+len("\x00\x06MQIsdp\x03")]
	return err == nil && (flags&0x80 != 0 && !c.HasUser || flags&0x40 != 0 && !c.HasPassword)
}

func emptyWill(_ app.Version, p wire.Packet, _ []byte) bool {
	c, ok := p.(*wire.Connect)
	return ok && c.HasWill && len(c.Will.Payload) == 0
}

func emptyLogin(_ app.Version, p wire.Packet, _ []byte) bool {
	c, ok := p.(*wire.Connect)
	return ok && (c.HasUser && c.User == "" || c.HasPassword && c.Password.Reveal() == "")
}

func oldDup(v app.Version, p wire.Packet, frame []byte) bool {
	_, message := p.(*wire.Publish)
	return v == app.V31 && !message && frame[0]&8 != 0
}

func bareReason(_ app.Version, p wire.Packet, frame []byte) bool {
	_, ok := p.(*wire.Disconnect)
	return ok && frame[1] == 1
}

func bareAuth(_ app.Version, p wire.Packet, frame []byte) bool {
	_, ok := p.(*wire.Auth)
	return ok && frame[1] == 0
}

func bareDisconnect(_ app.Version, p wire.Packet, frame []byte) bool {
	_, ok := p.(*wire.Disconnect)
	return ok && frame[1] == 0
}

func manyIDs(_ app.Version, p wire.Packet, _ []byte) bool {
	m, ok := p.(*wire.Publish)
	return ok && len(m.Properties.SubscriptionIDs) > 1
}

func willProperties(_ app.Version, p wire.Packet, _ []byte) bool {
	c, ok := p.(*wire.Connect)
	return ok && c.HasWill && c.Will.Properties.Set&^(1<<wire.WillDelay) != 0
}

// unchecked lists the rules, by the section that states them, which an oracle
// does not check, or not in every packet: it is no oracle for those. 3 is
// paho.mqtt.golang, 5 paho.golang, m mochi.
func unchecked() map[string]string {
	return map[string]string{
		"MQTT 3.1 §2.1":         "3",
		"MQTT 3.1 §2.4":         "3m",
		"MQTT 3.1 §3.1":         "3m",
		"MQTT 3.1 §3.2":         "3m",
		"MQTT 3.1 §3.8":         "3",
		"MQTT 3.1 §3.9":         "3m",
		"MQTT 3.1.1 §2.2.1":     "3m",
		"MQTT 3.1.1 §2.2.3":     "3m",
		"MQTT 3.1.1 §2.3.1":     "3m",
		"MQTT 3.1.1 §3.2.2.1":   "3m",
		"MQTT 3.1.1 §3.2.2.3":   "3m",
		"MQTT 3.1.1 §4.8":       "3",
		"MQTT 5.0 §1.5.5":       "5",
		"MQTT 5.0 §2.1.2":       "5m",
		"MQTT 5.0 §2.1.4":       "5m",
		"MQTT 5.0 §2.2.1":       "5m",
		"MQTT 5.0 §2.2.2.1":     "5",
		"MQTT 5.0 §2.2.2.2":     "5",
		"MQTT 5.0 §3.1.2.11.10": "5m",
		"MQTT 5.0 §3.1.2.11.2":  "5m",
		"MQTT 5.0 §3.1.2.11.3":  "5m",
		"MQTT 5.0 §3.1.2.11.4":  "5m",
		"MQTT 5.0 §3.1.2.11.5":  "5m",
		"MQTT 5.0 §3.1.2.11.6":  "5m",
		"MQTT 5.0 §3.1.2.11.7":  "5m",
		"MQTT 5.0 §3.1.2.11.9":  "5m",
		"MQTT 5.0 §3.1.3.2.2":   "5",
		"MQTT 5.0 §3.1.3.2.3":   "5",
		"MQTT 5.0 §3.1.3.2.4":   "5",
		"MQTT 5.0 §3.1.3.2.5":   "5",
		"MQTT 5.0 §3.1.3.2.6":   "5",
		"MQTT 5.0 §3.1.3.2.7":   "5",
		"MQTT 5.0 §3.11":        "5m",
		"MQTT 5.0 §3.11.2.1.2":  "5m",
		"MQTT 5.0 §3.11.3":      "5m",
		"MQTT 5.0 §3.14":        "5m",
		"MQTT 5.0 §3.14.2.2.2":  "5m",
		"MQTT 5.0 §3.14.2.2.3":  "5m",
		"MQTT 5.0 §3.14.2.2.5":  "5m",
		"MQTT 5.0 §3.15":        "5m",
		"MQTT 5.0 §3.15.2.2.2":  "5m",
		"MQTT 5.0 §3.15.2.2.3":  "5m",
		"MQTT 5.0 §3.15.2.2.4":  "5m",
		"MQTT 5.0 §3.2":         "5m",
		"MQTT 5.0 §3.2.2.3.11":  "5m",
		"MQTT 5.0 §3.2.2.3.12":  "5m",
		"MQTT 5.0 §3.2.2.3.13":  "5m",
		"MQTT 5.0 §3.2.2.3.14":  "5m",
		"MQTT 5.0 §3.2.2.3.15":  "5m",
		"MQTT 5.0 §3.2.2.3.16":  "5m",
		"MQTT 5.0 §3.2.2.3.17":  "5m",
		"MQTT 5.0 §3.2.2.3.18":  "5m",
		"MQTT 5.0 §3.2.2.3.2":   "5m",
		"MQTT 5.0 §3.2.2.3.3":   "5m",
		"MQTT 5.0 §3.2.2.3.4":   "5m",
		"MQTT 5.0 §3.2.2.3.5":   "5m",
		"MQTT 5.0 §3.2.2.3.6":   "5m",
		"MQTT 5.0 §3.2.2.3.7":   "5m",
		"MQTT 5.0 §3.2.2.3.8":   "5m",
		"MQTT 5.0 §3.2.2.3.9":   "5m",
		"MQTT 5.0 §3.3.2.1":     "5",
		"MQTT 5.0 §3.3.2.3.2":   "5m",
		"MQTT 5.0 §3.3.2.3.3":   "5m",
		"MQTT 5.0 §3.3.2.3.4":   "5m",
		"MQTT 5.0 §3.3.2.3.5":   "5m",
		"MQTT 5.0 §3.3.2.3.6":   "5m",
		"MQTT 5.0 §3.3.2.3.8":   "5m",
		"MQTT 5.0 §3.3.2.3.9":   "5m",
		"MQTT 5.0 §3.4":         "5m",
		"MQTT 5.0 §3.4.2.2.2":   "5m",
		"MQTT 5.0 §3.5":         "5m",
		"MQTT 5.0 §3.5.2.2.2":   "5m",
		"MQTT 5.0 §3.6":         "5",
		"MQTT 5.0 §3.6.2.2.2":   "5m",
		"MQTT 5.0 §3.7.2.2.2":   "5m",
		"MQTT 5.0 §3.8.2.1.2":   "5m",
		"MQTT 5.0 §3.8.3.1":     "5m",
		"MQTT 5.0 §3.9":         "5m",
		"MQTT 5.0 §3.9.2.1.2":   "5m",
		"MQTT 5.0 §4.13.1":      "5m",
		"[MQTT-1.5.3-1]":        "3m",
		"[MQTT-1.5.3-2]":        "3m",
		"[MQTT-1.5.4-1]":        "5",
		"[MQTT-1.5.4-2]":        "5",
		"[MQTT-1.5.5-1]":        "5m",
		"[MQTT-2.1.3-1]":        "5",
		"[MQTT-2.2.2-2]":        "3",
		"[MQTT-3-8.3-4]":        "3",
		"[MQTT-3.1.0-1]":        "3m",
		"[MQTT-3.1.2-11]":       "5m",
		"[MQTT-3.1.2-12]":       "5",
		"[MQTT-3.1.2-13]":       "35m",
		"[MQTT-3.1.2-14]":       "3",
		"[MQTT-3.1.2-15]":       "3",
		"[MQTT-3.1.2-22]":       "m",
		"[MQTT-3.1.2-3]":        "5",
		"[MQTT-3.1.3-8]":        "m",
		"[MQTT-3.10.3-2]":       "5",
		"[MQTT-3.14.2-2]":       "5m",
		"[MQTT-3.2.2-1]":        "5m",
		"[MQTT-3.2.2-4]":        "3m",
		"[MQTT-3.2.2-6]":        "5m",
		"[MQTT-3.3.1-2]":        "5",
		"[MQTT-3.3.1-4]":        "3",
		"[MQTT-3.3.2-14]":       "5m",
		"[MQTT-3.3.2-2]":        "35",
		"[MQTT-3.3.2-8]":        "5",
		"[MQTT-3.3.4-6]":        "5",
		"[MQTT-3.8.3-2]":        "5",
		"[MQTT-3.8.3-3]":        "3",
		"[MQTT-3.8.3-4]":        "5m",
		"[MQTT-3.8.3-5]":        "5m",
		"[MQTT-3.8.4-5]":        "3m",
		"[MQTT-3.8.4-6]":        "5m",
		"[MQTT-3.9.3-2]":        "3m",
		"[MQTT-4.7.1-1]":        "5m",
		"[MQTT-4.7.1-2]":        "35m",
		"[MQTT-4.7.1-3]":        "3m",
		"[MQTT-4.7.3-1]":        "35m",
		"[MQTT-4.8.2-1]":        "5m",
		"[MQTT-4.8.2-2]":        "5m",
	}
}

// initials are how unchecked names the oracles.
func initials() map[string]string {
	return map[string]string{"paho.mqtt.golang": "3", "paho.golang": "5", "mochi": "m"}
}
