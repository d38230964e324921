package settings

import (
	"os"
	"path/filepath"
	"testing"
)

func TestLastRunSurvivesARestart(t *testing.T) {
	path := filepath.Join(t.TempDir(), "last-run.toml")
	if l, err := ReadLastRun(path); err != nil || !l.Equal(LastRun{}) {
		t.Errorf("without a file: %+v, %v", l, err)
	}
	for _, want := range []LastRun{
		{Open: []string{"b", "a"}, Connected: []string{"a"}, Front: "b", Tab: "packets"},
		{},
	} {
		if err := WriteLastRun(path, want); err != nil {
			t.Fatal(err)
		}
		if got, err := ReadLastRun(path); err != nil || !got.Equal(want) {
			t.Errorf("got %+v, %v; want %+v", got, err, want)
		}
	}
}

// A file that makes no sense opens nothing, and never keeps the program from
// starting.
func TestLastRunOfRubbishIsNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "last-run.toml")
	for _, text := range []string{"open = 7", "]]]", "open = [[", "\xff\xfe"} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if l, err := ReadLastRun(path); err == nil || !l.Equal(LastRun{}) {
			t.Errorf("%q: %+v, %v", text, l, err)
		}
	}
}
