package auth

import (
	"os"
	"path/filepath"
	"testing"
)

// A broker that runs as another user than who sets the passwords must go on to
// read them.
func TestSaveKeepsThePermissionsOfTheFile(t *testing.T) {
	dir := t.TempDir()
	path, link := filepath.Join(dir, "passwd"), filepath.Join(dir, "link")
	u := withUsers(t, "ana")
	if err := u.Save(path); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, 0o640); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	if err := u.Without("imported").Save(link); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{path, link + SCRAMSuffix} {
		if info, err := os.Lstat(name); err != nil || info.Mode().Perm() != 0o640 {
			t.Errorf("%s: %v, %v", name, info, err)
		}
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link: %v, %v", info, err)
	}
	if back, err := LoadUsers(path); err != nil || back.Has("imported") {
		t.Errorf("behind the link: %v", err)
	}
	if err := u.Save(dir); err == nil {
		t.Error("a folder became a file")
	}
}
