package mqttfx_test

import (
	"strings"
	"testing"

	"tidings/profiles/transfer/internal/golden"
	"tidings/profiles/transfer/mqttfx"
)

const sample = "mqttfx-config.xml"

func TestRead(t *testing.T) {
	golden.Check(t, sample, mqttfx.Read(t.Context(), golden.Sample(t, sample)), " x<y ")
}

func TestHostileFiles(t *testing.T) {
	const many = "<connectionProfile/>"
	tests := []struct{ name, text, key string }{
		{"empty", "", "moving.unreadable"},
		{"other XML", "<html/>", "moving.unreadable"},
		{"no connections", "<configuration/>", "moving.nothing"},
		{"external entity", `<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><configuration>&x;</configuration>`, "moving.unreadable"},
		{"unclosed", "<configuration><password>hunter2", "moving.unreadable"},
		{"too many", "<configuration><connectionProfiles>" + strings.Repeat(many, 1001) + "</connectionProfiles></configuration>", "moving.too_many"},
		{"too large", strings.Repeat(" ", 3<<20), "moving.too_large"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := mqttfx.Read(t.Context(), []byte(tt.text))
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
	f.Fuzz(func(t *testing.T, data []byte) { golden.Hostile(t, mqttfx.Read(t.Context(), data)) })
}
