package keep

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"github.com/pelletier/go-toml/v2"
)

func TestWriteReplacesInOneStep(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.toml")
	for _, text := range []string{"one", "two, longer", ""} {
		if err := Write(path, []byte(text)); err != nil {
			t.Fatal(err)
		}
		got, err := Read(path)
		if err != nil || string(got) != text {
			t.Fatalf("read %q, %v; want %q", got, err, text)
		}
	}
	entries, _ := os.ReadDir(dir)
	if len(entries) != 1 {
		t.Errorf("files beside the one written: %v", entries)
	}
	info, _ := os.Stat(path)
	if runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, want 0600", info.Mode())
	}
}

func TestWriteFailureLeavesTheOldFileAndNoRubbish(t *testing.T) {
	dir := t.TempDir()
	// A folder that is not empty cannot be replaced by a file.
	path := filepath.Join(dir, "taken")
	if err := os.MkdirAll(filepath.Join(path, "inside"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := Write(path, []byte("x")); err == nil {
		t.Fatal("no error")
	}
	entries, _ := os.ReadDir(dir)
	if len(entries) != 1 || entries[0].Name() != "taken" {
		t.Errorf("left behind: %v", entries)
	}
	if err := Write(filepath.Join(dir, "none", "a.toml"), nil); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("write into a missing folder: %v", err)
	}
}

func TestReadRefuses(t *testing.T) {
	dir := t.TempDir()
	large := filepath.Join(dir, "large")
	if err := os.WriteFile(large, make([]byte, MaxSize+1), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name, path string
		want       error
	}{
		{"too large", large, ErrTooLarge},
		{"a folder", dir, errNotRegular},
		{"missing", filepath.Join(dir, "none"), fs.ErrNotExist},
	} {
		if _, err := Read(tc.path); !errors.Is(err, tc.want) {
			t.Errorf("%s: %v, want %v", tc.name, err, tc.want)
		}
	}
	if err := os.Truncate(large, MaxSize); err != nil {
		t.Fatal(err)
	}
	if _, err := Read(large); err != nil {
		t.Errorf("a file of exactly MaxSize: %v", err)
	}
}

func TestSetAsideNeverOverwrites(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "p.toml")
	for n, text := range []string{"first", "second", "third"} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		aside, err := SetAside(path)
		if err != nil {
			t.Fatal(err)
		}
		if want := path + ".broken-" + string(rune('1'+n)); aside != want {
			t.Errorf("set aside as %s, want %s", aside, want)
		}
	}
	for n, text := range []string{"first", "second", "third"} {
		if got, _ := os.ReadFile(path + ".broken-" + string(rune('1'+n))); string(got) != text {
			t.Errorf("broken-%d holds %q, want %q", n+1, got, text)
		}
	}
	if _, err := SetAside(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("set aside nothing: %v", err)
	}
}

func TestReplaceKeepsWhatWasThere(t *testing.T) {
	path := filepath.Join(t.TempDir(), "vault")
	for n, want := range []string{"", path + ".old-1", path + ".old-2"} {
		if aside, err := Replace(path, []byte{byte('a' + n)}); err != nil || aside != want {
			t.Errorf("round %d: aside %q, %v; want %q", n, aside, err, want)
		}
	}
	for name, want := range map[string]string{path: "c", path + ".old-1": "a", path + ".old-2": "b"} {
		if got, err := os.ReadFile(name); string(got) != want {
			t.Errorf("%s holds %q, %v; want %q", name, got, err, want)
		}
	}
	if _, err := Replace(path, make([]byte, MaxSize+1)); !errors.Is(err, ErrTooLarge) {
		t.Error(err)
	}
	if got, _ := os.ReadFile(path); string(got) != "c" {
		t.Errorf("a replacement that failed left %q", got)
	}
	if _, err := os.Stat(path + ".old-3"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a replacement that failed left a copy: %v", err)
	}
	folder := filepath.Join(t.TempDir(), "folder") // takes no second name
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	if aside, err := Replace(folder, []byte("x")); err != nil || aside != folder+".old-1" {
		t.Errorf("a folder: %q, %v", aside, err)
	}
}

func TestSweepTakesUnfinishedWritesOnly(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{".tidings-123.tmp", ".tidings-a.tmp", "p.toml", ".hidden", "p.toml.broken-1"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := Sweep(dir); err != nil {
		t.Fatal(err)
	}
	var left []string
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		left = append(left, e.Name())
	}
	if want := []string{".hidden", "p.toml", "p.toml.broken-1"}; !reflect.DeepEqual(left, want) {
		t.Errorf("left %v, want %v", left, want)
	}
}

func TestEncodeKeepsOrderAndUnknownKeys(t *testing.T) {
	d := Document{About: "first line\n\nlast line", Keys: []Key{
		{"version", int64(1)}, {"zebra", "z"}, {"apple", 2.5}, {"left_out", nil},
		{"table", map[string]any{"b": int64(1), "a": int64(2)}},
		{"last_plain", true},
	}}
	old := map[string]any{
		"zebra": "old", "left_out": "must not come back",
		"new_plain": []any{int64(1), int64(2)}, "new_table": map[string]any{"deep": map[string]any{"x": "y"}},
		"new_list": []any{map[string]any{"n": int64(1)}, map[string]any{"n": int64(2)}},
	}
	got, err := d.Encode(old)
	if err != nil {
		t.Fatal(err)
	}
	want := `# first line
#
# last line

version = 1
zebra = 'z'
apple = 2.5
last_plain = true
new_plain = [1, 2]

[table]
a = 2
b = 1

[[new_list]]
n = 1

[[new_list]]
n = 2

[new_table]
[new_table.deep]
x = 'y'
`
	if string(got) != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	var back map[string]any
	if err := toml.Unmarshal(got, &back); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(back["new_table"], old["new_table"]) || !reflect.DeepEqual(back["new_list"], old["new_list"]) {
		t.Errorf("unknown tables came back as %v", back)
	}
}

func TestDecodeSaysWhere(t *testing.T) {
	var known struct {
		N int `toml:"n"`
	}
	for _, tc := range []struct{ name, text, want string }{
		{"syntax", "a = 1\nb = = 2\n", "line 2"},
		{"type", "a = 1\n\nn = 'x'\n", "line 3"},
	} {
		if _, err := Decode([]byte(tc.text), &known); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %v, want %s in it", tc.name, err, tc.want)
		}
	}
	if _, err := Decode([]byte("\xef\xbb\xbfn = 7"), &known); err != nil || known.N != 7 {
		t.Errorf("byte order mark: n = %d, %v", known.N, err)
	}
}

func TestDecodeTakesKeysInAnyCase(t *testing.T) {
	var known struct {
		Name string `toml:"name"`
		List []struct {
			A *int `toml:"a"`
		} `toml:"list"`
	}
	all, err := Decode([]byte("NAME = 'x'\nOther = 1\n[[List]]\nA = 1\nB = 2\n"), &known)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]any{"name": "x", "Other": int64(1), "list": []any{map[string]any{"a": int64(1), "B": int64(2)}}}
	if !reflect.DeepEqual(all, want) || known.Name != "x" || *known.List[0].A != 1 {
		t.Errorf("got %v and %+v, want %v", all, known, want)
	}
	if _, err := Decode([]byte("name = 'x'\nNAME = 'y'"), &known); err == nil {
		t.Error("the same key twice: no error")
	}
}

func TestMerge(t *testing.T) {
	known := map[string]any{"a": 1, "gone": nil}
	old := map[string]any{"a": 0, "gone": "old", "new": "kept"}
	if got, want := Merge(known, old), (map[string]any{"a": 1, "new": "kept"}); !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
