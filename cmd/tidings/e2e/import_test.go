//go:build e2e && linux

package e2e

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Somebody moves in from another client with the keyboard, hands a connection
// on, copies it, and takes the import back. There is no keyring here: the
// password is held in memory and stands in no file.
func TestMovingHouse(t *testing.T) {
	const name, password = "Sala 3", "senha-secreta"
	home, folder := t.TempDir(), t.TempDir()
	sample, err := os.ReadFile("../../../profiles/transfer/mqttx/testdata/export.json")
	if err != nil || !strings.Contains(string(sample), password) {
		t.Fatalf("the sample has not the password: %v", err)
	}
	source, target := filepath.Join(folder, "export.json"), filepath.Join(folder, "team.toml")
	if err := os.WriteFile(source, sample, 0o600); err != nil {
		t.Fatal(err)
	}
	p := start(t, home)
	p.wait("the invitation", func(s State) bool { return s.Screen == "welcome" })

	p.shot("moving-00-welcome")
	p.key("ctrl+o")
	p.place("import.path")
	p.write(source)
	p.shot("moving-01-source")
	p.key("Return")
	p.place("import.take")
	p.shot("moving-02-preview")
	p.click("import.take")
	p.place("passphrase.ok") // there is no keyring: is a vault wanted?
	p.shot("moving-03-vault")
	p.key("Escape")
	p.wait("the imported connection", func(s State) bool { return slices.Contains(s.Profiles, name) })
	count := func(s State) int { return len(s.Profiles) }
	came := p.wait("the imported connections", func(s State) bool { return count(s) > 0 })

	p.key("ctrl+shift+e")
	p.fill("export.path", target)
	p.shot("moving-04-export")
	p.key("Return")
	p.place("export.close")
	p.shot("moving-05-exported")
	p.key("Escape")
	if info, err := os.Stat(target); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the export: %v %v", info, err)
	}

	p.key("ctrl+shift+c")
	p.click("copyas.copy")
	p.shot("moving-06-copy")
	p.key("Escape")

	err = filepath.WalkDir(home, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if strings.Contains(string(data), password) {
			t.Errorf("the password stands in %s", path)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	if data, err := os.ReadFile(target); err != nil || strings.Contains(string(data), password) || strings.Count(string(data), "[[profiles]]") != count(came) {
		t.Errorf("the export of %d connections: %v\n%s", count(came), err, data)
	}

	p.shot("moving-07-quiet")
	p.click("shell.undo_import")
	p.wait("the undo", func(s State) bool { return count(s) == 0 })
}
