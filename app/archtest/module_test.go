package archtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
)

// pkg is what these tests read of `go list -json`.
type pkg struct {
	ImportPath, Dir           string
	Imports, Deps             []string
	TestImports, XTestImports []string
	Error                     *struct{ Err string }
}

var listOnce = sync.OnceValues(func() ([]pkg, error) {
	tags := "migrated_fynedo,e2e"
	if runtime.GOOS == "linux" {
		tags += ",x11"
	}
	cmd := exec.Command("go", "list", "-e", "-tags", tags,
		"-json=ImportPath,Dir,Imports,Deps,TestImports,XTestImports,Error", "tidings/...")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=1")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, errors.New(err.Error() + ": " + stderr.String())
	}
	var list []pkg
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p pkg
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return list, nil
		} else if err != nil {
			return nil, err
		}
		list = append(list, p)
	}
})

// modulePackages returns every package of this module.
func modulePackages(t *testing.T) []pkg {
	t.Helper()
	list, err := listOnce()
	if err != nil {
		t.Fatal(err)
	}
	if len(list) < 5 {
		t.Fatalf("go list found %d packages: it looked in the wrong place", len(list))
	}
	return list
}

// moduleRoot returns the folder of go.mod.
func moduleRoot(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "go.mod")); err != nil {
		t.Fatal(err)
	}
	return dir
}
