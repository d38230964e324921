package profiles

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tidings/app"
)

func TestIDsCannotLeaveTheFolder(t *testing.T) {
	s := open(t)
	outside := filepath.Join(filepath.Dir(s.dir), "outside.toml")
	if err := os.WriteFile(outside, []byte("version = 1"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"", "../outside", "..", ".", "a/b", `a\b`, "a.b", "A", "con", "lpt1", "a\x00", "ä", "c:x", strings.Repeat("a", 65)} {
		p := full()
		p.ID = id
		var known *app.Error
		if err := s.Save(p); !errors.As(err, &known) {
			t.Errorf("save %q: %v", id, err)
		}
		if _, err := s.Get(id); !errors.Is(err, ErrNotFound) {
			t.Errorf("get %q: %v", id, err)
		}
		if _, err := s.Delete(id); !errors.Is(err, ErrNotFound) {
			t.Errorf("delete %q: %v", id, err)
		}
	}
	if _, err := os.Stat(outside); err != nil {
		t.Error(err)
	}
	for range 100 {
		if id := app.NewID(); !ValidID(id) {
			t.Errorf("app.NewID makes %q, which is refused", id)
		}
	}
}
