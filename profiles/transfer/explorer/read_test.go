package explorer_test

import (
	"strings"
	"testing"

	"tidings/profiles/transfer/explorer"
	"tidings/profiles/transfer/internal/golden"
)

// The sample's first connection is of version 1 and has a certificate with
// its private key behind it, the second is of version 0.
func TestRead(t *testing.T) {
	key := string(golden.Sample(t, "key.txt"))
	golden.Check(t, "settings.json", explorer.Read(t.Context(), golden.Sample(t, "settings.json")), `pa"ss`, key)
}

func TestHostileFiles(t *testing.T) {
	tests := []struct{ name, text, key string }{
		{"empty", "", "moving.unreadable"},
		{"other JSON", `{"a":1}`, "moving.unreadable"},
		{"no connections", `{"ConnectionManager_connections":{}}`, "moving.nothing"},
		{"connections of a wrong kind", `{"ConnectionManager_connections":{"a":1,"b":[]}}`, "moving.nothing"},
		{"broken", `{"ConnectionManager_connections":{"a":{"password":"hunter2"`, "moving.unreadable"},
		{"deep", strings.Repeat(`{"a":`, 100_000), "moving.unreadable"},
		{"too many keys", `{"ConnectionManager_connections":{` + keys(5001) + `}}`, "moving.unreadable"},
		{"too many", `{"ConnectionManager_connections":{` + keys(1001) + `}}`, "moving.too_many"},
		{"too large", strings.Repeat(" ", 33<<20), "moving.too_large"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := explorer.Read(t.Context(), []byte(tt.text))
			if len(p.Problems) == 0 || p.Problems[0].What.Key != tt.key {
				t.Fatalf("%d items, %v", len(p.Items), p.Problems)
			}
			if strings.Contains(p.Problems[0].Error(), "hunter") {
				t.Errorf("the problem quotes the file: %v", p.Problems[0])
			}
		})
	}
}

func keys(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(`,"` + strings.Repeat("x", i/26) + string(rune('a'+i%26)) + `":{"host":"h"}`)
	}
	return b.String()[1:]
}

func FuzzRead(f *testing.F) {
	f.Add(golden.Sample(f, "settings.json"))
	f.Fuzz(func(t *testing.T, data []byte) { golden.Hostile(t, explorer.Read(t.Context(), data)) })
}
