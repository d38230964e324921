// Package golden compares a preview with the file of what it shall be. It is
// for tests.
package golden

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tidings/app/moving"
	"tidings/profiles"
)

var update = flag.Bool("update", false, "write the golden files anew")

// Check compares p with testdata/<name>.golden, or writes that file with
// -update. IDs, which are random, are left out, and so is all that is zero.
// Secrets stand there as dots: none of secrets may be in the dump, and each
// must have come as a secret, in that order.
func Check(t *testing.T, name string, p moving.Preview, secrets ...string) {
	t.Helper()
	var got []string
	for i := range p.Items {
		if id := p.Items[i].Profile.ID; !profiles.ValidID(id) {
			t.Errorf("invalid id %q", id)
		}
		p.Items[i].Profile.ID = ""
		for _, s := range p.Items[i].Secrets {
			got = append(got, s.Value.Reveal())
		}
	}
	if a, b := strings.Join(got, "\x00"), strings.Join(secrets, "\x00"); a != b {
		t.Errorf("secrets %q, want %q", got, secrets)
	}
	raw, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range secrets {
		if inside, _ := json.Marshal(s); bytes.Contains(raw, bytes.Trim(inside, `"`)) {
			t.Errorf("the secret %q stands outside its place", s)
		}
	}
	var all any
	if err := json.Unmarshal(raw, &all); err != nil {
		t.Fatal(err)
	}
	text, err := json.MarshalIndent(prune(all), "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	text = append(text, '\n')
	path := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(text, want) {
		t.Errorf("%s differs; is now:\n%s", path, text)
	}
}

// Sample reads testdata/<name>.
func Sample(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// Hostile checks what must hold for every preview of hostile bytes.
func Hostile(t *testing.T, p moving.Preview) {
	t.Helper()
	if len(p.Items) == 0 && len(p.Problems) == 0 {
		t.Error("nothing came, and nothing says why")
	}
	for _, it := range p.Items {
		if it.Profile.KeepAlive < 0 || it.Profile.Port < 0 || it.Profile.Port > 65_535 || strings.ContainsRune(it.Profile.Host, 0) {
			t.Errorf("%+v", it.Profile)
		}
		if _, ok := it.Resolve(moving.Add); !ok {
			t.Error("an item cannot be added")
		}
	}
}

// prune removes what is zero.
func prune(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for key, value := range v {
			if value = prune(value); value == nil {
				delete(v, key)
			} else {
				v[key] = value
			}
		}
		if len(v) == 0 {
			return nil
		}
	case []any:
		if len(v) == 0 {
			return nil
		}
		for i := range v {
			v[i] = prune(v[i])
		}
	case string:
		if v == "" {
			return nil
		}
	case float64:
		if v == 0 {
			return nil
		}
	case bool:
		if !v {
			return nil
		}
	}
	return v
}
