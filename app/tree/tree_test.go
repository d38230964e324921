package tree_test

import (
	"testing"

	"tidings/app"
	"tidings/app/tree"
)

func messages(topics ...string) []app.Message {
	var batch []app.Message
	for _, topic := range topics {
		batch = append(batch, app.Message{Topic: topic, Payload: []byte("v")})
	}
	return batch
}

// list returns the visible rows as "depth:name".
func list(tr *tree.Tree) []string {
	var out []string
	for _, r := range tr.Rows(0, tr.Len(), nil) {
		out = append(out, string(rune('0'+r.Depth))+":"+r.Name)
	}
	return out
}

func TestTreeShowsLevelsInOrder(t *testing.T) {
	for _, c := range []struct {
		name   string
		topics []string
		want   []string
	}{
		{"two levels", []string{"b/y", "b/x", "a"}, []string{"0:a", "0:b", "1:x", "1:y"}},
		{"empty level inside", []string{"a//b"}, []string{"0:a", "1:", "2:b"}},
		{"empty level first", []string{"/a", "a"}, []string{"0:", "1:a", "0:a"}},
		{"empty level last", []string{"a/", "a"}, []string{"0:a", "1:"}},
		{"only separators", []string{"//"}, []string{"0:", "1:", "2:"}},
		{"$ comes last at the root", []string{"$SYS/x", "~", "a"}, []string{"0:a", "0:~", "0:$SYS", "1:x"}},
		{"$ is a letter below", []string{"a/$x", "a/b", "a/!"}, []string{"0:a", "1:!", "1:$x", "1:b"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			tr := tree.New(tree.Options{})
			tr.Update(messages(c.topics...))
			if !tr.ExpandAll(1000) {
				t.Fatal("not all expanded")
			}
			got := list(tr)
			if len(got) != len(c.want) {
				t.Fatalf("rows %q, want %q", got, c.want)
			}
			for i := range got {
				if got[i] != c.want[i] {
					t.Fatalf("rows %q, want %q", got, c.want)
				}
			}
		})
	}
}
