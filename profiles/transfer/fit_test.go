package transfer_test

import (
	"fmt"
	"strings"
	"testing"

	"tidings/app"
	"tidings/profiles"
	"tidings/profiles/transfer"
)

// Templates that are too large together for the file of their connection would
// make it fail when it is saved: the preview says which stay behind, and what
// comes can be saved.
func TestTemplatesThatDoNotFitAreLeftOut(t *testing.T) {
	file := func(sizes ...int) []byte {
		var b strings.Builder
		b.WriteString("format = 'tidings-connections'\nversion = 1\n[[profiles]]\nname = 'small'\nhost = 'h'\n[[profiles]]\nname = 'large'\nhost = 'h'\n")
		for i, size := range sizes {
			fmt.Fprintf(&b, "[[profiles.templates]]\nname = 't%d'\ntopic = 'a'\npayload = '%s'\n", i, strings.Repeat("x", size))
		}
		return []byte(b.String())
	}
	const mib = 1 << 20
	for _, tt := range []struct {
		name  string
		sizes []int
		kept  string
		left  int
		first string
	}{
		{"they fit", []int{mib, mib, mib / 2}, "t0 t1 t2", 0, ""},
		{"the last does not", []int{mib, mib, mib / 2, mib}, "t0 t1 t2", 1, "t3"},
		{"smaller ones find room behind a large one", []int{mib, 2*mib + 1, mib / 2, 10}, "t0 t2 t3", 1, "t1"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			items := transfer.Read(t.Context(), "", file(tt.sizes...), "").Items
			if len(items) != 2 || len(items[0].Unmapped) > 0 {
				t.Fatalf("%d items", len(items))
			}
			var kept []string
			for _, x := range items[1].Profile.Templates {
				kept = append(kept, x.Name)
			}
			if got := strings.Join(kept, " "); got != tt.kept {
				t.Errorf("%s came, want %s", got, tt.kept)
			}
			if _, err := profiles.Table(items[1].Profile, nil); err != nil || app.TemplateBytes(items[1].Profile.Templates...) > app.MaxTemplateBytes {
				t.Errorf("what came cannot be saved: %v", err)
			}
			found := items[1].Unmapped
			if tt.left == 0 {
				if len(found) > 0 {
					t.Errorf("%+v", found)
				}
				return
			}
			if len(found) != 1 || found[0].Why.Key != "moving.why.templates_large" || found[0].Why.Args["N"] != tt.left || found[0].Why.Args["Name"] != tt.first {
				t.Errorf("%+v", found)
			}
		})
	}
}
