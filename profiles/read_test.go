package profiles

import (
	"os"
	"path/filepath"
	"testing"
)

func TestReadChangesNothing(t *testing.T) {
	s := open(t)
	second, first := full(), full()
	second.ID, second.Name, first.ID, first.Name = "a", "second", "b", "First"
	save(t, s, second, first)
	for _, name := range []string{"broken.toml", "a.toml.tmp", "no profile.toml"} {
		if err := os.WriteFile(filepath.Join(s.dir, name), []byte("= nonsense"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	before, _ := os.ReadDir(s.dir)
	list, err := Read(s.dir)
	if err != nil || len(list) != 2 || list[0].ID != "b" || list[1].ID != "a" {
		t.Errorf("Read = %v, %v", list, err)
	}
	if after, _ := os.ReadDir(s.dir); len(after) != len(before) {
		t.Errorf("the folder held %v and now %v", before, after)
	}
	if list, err := Read(filepath.Join(s.dir, "none")); err != nil || list != nil {
		t.Errorf("a folder that is not there: %v, %v", list, err)
	}
}
