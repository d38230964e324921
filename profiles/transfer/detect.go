package transfer

import (
	"bytes"
	"path"
	"regexp"
	"strings"
	"unicode/utf16"

	"tidings/app/moving"
	"tidings/profiles/transfer/cmdline"
	"tidings/profiles/transfer/mosquitto"
	"tidings/profiles/transfer/pack"
)

// head is how much of a file tells its format.
const head = 256 << 10

var oneURL = regexp.MustCompile(`(?i)^(mqtts?|tcp|ssl|tls|wss?)://\S+$|^unix:\S+$`)

// Detect says what data is. name is the name of its file, which tells apart
// what the content cannot; empty for a pasted text. Safe for concurrent use.
func Detect(name string, data []byte) moving.Format {
	text := bytes.TrimSpace(plain(data))
	start := text[:min(len(text), head)]
	base := strings.ToLower(path.Base(strings.ReplaceAll(name, `\`, "/")))
	has := func(s string) bool { return bytes.Contains(start, []byte(s)) }
	switch {
	case len(start) == 0 || bytes.IndexByte(start, 0) >= 0:
		return moving.FormatUnknown
	case pack.Is(start):
		return moving.FormatTidings
	case start[0] == '<':
		return detectXML(has)
	case start[0] == '{' && has("ConnectionManager_connections"):
		return moving.FormatExplorer
	case (start[0] == '{' || start[0] == '[') && (has(`"host"`) || has(`"clientId"`)) || isYAML(base, start):
		return moving.FormatMQTTX
	case oneURL.Match(start):
		return moving.FormatURL
	}
	return detectText(base, start)
}

// isYAML reports whether a text is a list of connections in YAML.
func isYAML(base string, text []byte) bool {
	looks := text[0] == '-' && len(text) > 1 && text[1] != '-' && strings.ContainsRune(" \r\n", rune(text[1]))
	if ext := path.Ext(base); !looks && ext != ".yaml" && ext != ".yml" {
		return false
	}
	return bytes.Contains(text, []byte("clientId:")) || bytes.Contains(text, []byte("host:"))
}

// detectText tells apart what mosquitto's programs read.
func detectText(base string, text []byte) moving.Format {
	switch {
	case strings.HasPrefix(base, "mosquitto_sub") || strings.HasPrefix(base, "mosquitto_pub") || mosquitto.IsDefaults(text):
		return moving.FormatMosquittoClient
	case strings.HasSuffix(base, ".conf") && mosquitto.IsConf(text):
		return moving.FormatMosquitto
	case isCommand(string(text)):
		return moving.FormatCommand
	case mosquitto.IsConf(text):
		return moving.FormatMosquitto
	}
	return moving.FormatUnknown
}

func detectXML(has func(string) bool) moving.Format {
	switch {
	case has("MqttSpyConfiguration"):
		return moving.FormatMQTTSpy
	case has("<configuration") && has("onnectionProfile"):
		return moving.FormatMQTTfx
	}
	return moving.FormatUnknown
}

// isCommand reports whether a line that is no comment names one of the tools.
func isCommand(text string) bool {
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(strings.TrimSpace(line), "#") && cmdline.Is(line) {
			return true
		}
	}
	return false
}

// plain returns data as UTF-8 without byte order mark. Windows writes UTF-16
// where its shell redirects what a program prints.
func plain(data []byte) []byte {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if len(data) < 2 || len(data)%2 == 1 {
		return data
	}
	little := data[0] == 0xFF && data[1] == 0xFE
	if !little && (data[0] != 0xFE || data[1] != 0xFF) {
		return data
	}
	units := make([]uint16, 0, len(data)/2)
	for i := 2; i < len(data); i += 2 {
		a, b := uint16(data[i]), uint16(data[i+1])
		if little {
			a, b = b, a
		}
		units = append(units, a<<8|b)
	}
	return []byte(string(utf16.Decode(units)))
}
