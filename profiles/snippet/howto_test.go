package snippet

import (
	"strings"
	"testing"

	"tidings/app"
)

// What a program says of how to run it can be pasted as it stands:
// "go get <module>" of a library would leave out what its packages import.
func TestProgramsSayHowToRunThem(t *testing.T) {
	for k, says := range map[Kind]string{
		Go:         "//\tgo mod init copy\n//\tgo mod tidy\n//\tgo run .\npackage main\n",
		Python:     "#   pip install paho-mqtt\n#   (or, on Debian and Ubuntu: apt install python3-paho-mqtt)\n#   python3 client.py\n",
		JavaScript: "// As client.mjs:\n//\n//   npm install mqtt\n//   node client.mjs\n",
		Arduino:    "PubSubClient by Nick O'Leary out of the Library Manager",
	} {
		for _, v := range []app.Version{app.V31, app.V311, app.V5} {
			if s := text(t, k, Input{Profile: plain(v)}); !strings.Contains(s, says) {
				t.Errorf("MQTT %s does not say\n%s\nin\n%s", v, says, s)
			}
		}
	}
}

// What is subscribed to before a link was lost comes after it too: a broker
// forgets the filters of a clean session [MQTT-3.1.2-6].
func TestAProgramSubscribesAfterEveryConnect(t *testing.T) {
	source := text(t, Go, Input{Profile: plain(app.V311)})
	begin, sub, end := strings.Index(source, "SetOnConnectHandler("), strings.Index(source, "client.Subscribe("), strings.Index(source, "mqtt.NewClient(")
	if begin < 0 || sub < begin || end < sub {
		t.Errorf("it subscribes once:\n%s", source)
	}
}
