package mqttspy_test

import (
	"strings"
	"testing"

	"tidings/profiles/transfer/internal/golden"
	"tidings/profiles/transfer/mqttspy"
)

const sample = "mqtt-spy-configuration.xml"

func TestRead(t *testing.T) {
	golden.Check(t, sample, mqttspy.Read(t.Context(), golden.Sample(t, sample)), "contraseña", "llave", "not base64!")
}

func TestHostileFiles(t *testing.T) {
	const many = "<Connection/>"
	tests := []struct{ name, text, key string }{
		{"empty", "", "moving.unreadable"},
		{"other XML", "<html/>", "moving.unreadable"},
		{"no connections", "<MqttSpyConfiguration/>", "moving.nothing"},
		{"external entity", `<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><MqttSpyConfiguration>&x;</MqttSpyConfiguration>`, "moving.unreadable"},
		{"unclosed", "<MqttSpyConfiguration><password>hunter2", "moving.unreadable"},
		{"too many", "<MqttSpyConfiguration><Connectivity>" + strings.Repeat(many, 1001) + "</Connectivity></MqttSpyConfiguration>", "moving.too_many"},
		{"too large", strings.Repeat(" ", 3<<20), "moving.too_large"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := mqttspy.Read(t.Context(), []byte(tt.text))
			if len(p.Problems) == 0 || p.Problems[0].What.Key != tt.key {
				t.Fatalf("%d items, %v", len(p.Items), p.Problems)
			}
			if strings.Contains(p.Problems[0].Error(), "hunter") {
				t.Errorf("the problem quotes the file: %v", p.Problems[0])
			}
		})
	}
}

func FuzzRead(f *testing.F) {
	f.Add(golden.Sample(f, sample))
	f.Fuzz(func(t *testing.T, data []byte) { golden.Hostile(t, mqttspy.Read(t.Context(), data)) })
}
