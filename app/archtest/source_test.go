package archtest

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const maxLines = 400

// source is one parsed Go file.
type source struct {
	path string // relative to the root of the module, with slashes
	fset *token.FileSet
	file *ast.File
}

func (s source) inTest() bool { return strings.HasSuffix(s.path, "_test.go") }

// at says where in the file n stands.
func (s source) at(n ast.Node) string {
	return s.path + ":" + strconv.Itoa(s.fset.Position(n.Pos()).Line)
}

// under reports whether the file lies below one of the folders.
func (s source) under(folders ...string) bool { return within(path.Dir(s.path), folders...) }

// imports maps the name by which the file knows a package to its path.
func (s source) imports() map[string]string {
	names := map[string]string{}
	for _, spec := range s.file.Imports {
		p, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue
		}
		name := path.Base(p)
		if p == "fyne.io/fyne/v2" {
			name = "fyne"
		}
		if spec.Name != nil {
			name = spec.Name.Name
		}
		names[name] = p
	}
	return names
}

// uses calls see for every mention of a name of an imported package.
func (s source) uses(see func(pkg, name string, at ast.Node)) {
	imports := s.imports()
	ast.Inspect(s.file, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := sel.X.(*ast.Ident); ok && imports[x.Name] != "" {
				see(imports[x.Name], sel.Sel.Name, n)
			}
		}
		return true
	})
}

// uiForbids are the names that no file under ui may mention, and why.
var uiForbids = map[string]string{
	"time.AfterFunc":              "timers belong to the workers below ui",
	"time.NewTimer":               "timers belong to the workers below ui",
	"time.NewTicker":              "timers belong to the workers below ui",
	"time.After":                  "timers belong to the workers below ui",
	"time.Tick":                   "timers belong to the workers below ui",
	"time.Sleep":                  "the UI goroutine never waits",
	"sync.Mutex":                  "ui runs on one goroutine and shares nothing",
	"sync.RWMutex":                "ui runs on one goroutine and shares nothing",
	"sync.WaitGroup":              "ui runs on one goroutine and waits for none",
	"sync.Cond":                   "ui runs on one goroutine and waits for none",
	"storage.Reader":              "ui hands over paths and opens no file",
	"storage.Writer":              "ui hands over paths and opens no file",
	"storage.LoadResourceFromURI": "ui hands over paths and opens no file",
}

// uiForbidsImport are packages by which a screen would touch files or the
// network, or start programs. Of net itself only what takes addresses apart
// and puts them together is let through.
var (
	uiForbidsImport = []string{"os", "net", "io/ioutil", "syscall"}
	uiAllowsImport  = []string{"net", "net/url", "net/netip"}
	uiAllowsOfNet   = []string{"JoinHostPort", "SplitHostPort", "ParseIP"}
)

// uiFaults finds what files under ui may not contain: goroutines, timers,
// locks, files, network. dispatch is the one place for the first three.
func uiFaults(s source) []string {
	if s.inTest() || !s.under("ui") || s.under("ui/dispatch") {
		return nil
	}
	var faults []string
	if !s.under("ui/uitest") {
		for _, p := range s.imports() {
			if within(p, uiForbidsImport...) && !slices.Contains(uiAllowsImport, p) {
				faults = append(faults, fmt.Sprintf("%s imports %s: ui does no I/O", s.path, p))
			}
		}
	}
	ast.Inspect(s.file, func(n ast.Node) bool {
		if _, ok := n.(*ast.GoStmt); ok {
			faults = append(faults, s.at(n)+" starts a goroutine: only workers below ui do")
		}
		return true
	})
	s.uses(func(pkg, name string, at ast.Node) {
		if pkg == "net" && !slices.Contains(uiAllowsOfNet, name) {
			faults = append(faults, fmt.Sprintf("%s mentions net.%s: ui does no I/O", s.at(at), name))
		}
		if why, ok := uiForbids[path.Base(pkg)+"."+name]; ok {
			faults = append(faults, fmt.Sprintf("%s mentions %s.%s: %s", s.at(at), path.Base(pkg), name, why))
		}
	})
	return faults
}

// doFaults finds fyne.Do outside ui/dispatch, and DoAndWait anywhere.
func doFaults(s source) []string {
	var faults []string
	s.uses(func(pkg, name string, at ast.Node) {
		switch {
		case pkg != "fyne.io/fyne/v2":
		case name == "DoAndWait":
			faults = append(faults, s.at(at)+" waits for the UI goroutine: nothing may")
		case name == "Do" && !s.under("ui/dispatch"):
			faults = append(faults, s.at(at)+" calls fyne.Do: only ui/dispatch does")
		}
	})
	return faults
}

// sleepFaults finds tests that wait for real time to pass. Inside a synctest
// bubble time.Sleep costs nothing and proves something.
func sleepFaults(s source) []string {
	imports := slices.Collect(maps.Values(s.imports()))
	if !s.inTest() || slices.Contains(imports, "testing/synctest") {
		return nil
	}
	var faults []string
	s.uses(func(pkg, name string, at ast.Node) {
		if pkg == "time" && name == "Sleep" {
			faults = append(faults, s.at(at)+" sleeps: wait for a condition, or use synctest")
		}
	})
	return faults
}

func lengthFaults(s source) []string {
	lines := s.fset.File(s.file.FileStart).LineCount()
	if lines <= maxLines {
		return nil
	}
	return []string{fmt.Sprintf("%s has %d lines, more than %d: is it still one idea?", s.path, lines, maxLines)}
}

// goroutine says where the file starts one, by a go statement or by
// sync.WaitGroup's Go, or returns "".
func goroutine(s source) string {
	at, grouped := "", false
	s.uses(func(pkg, name string, _ ast.Node) {
		grouped = grouped || pkg == "sync" && name == "WaitGroup"
	})
	ast.Inspect(s.file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			at = s.at(n)
		case *ast.CallExpr:
			if sel, ok := n.Fun.(*ast.SelectorExpr); ok && grouped && sel.Sel.Name == "Go" {
				at = s.at(n)
			}
		}
		return true
	})
	return at
}

const goleak = "go.uber.org/goleak"

// leakTested returns the folders whose tests look for leaked goroutines:
// with goleak, or through a suite of this module that uses it.
func leakTested(folders map[string][]source) map[string]bool {
	checkers := []string{goleak}
	for folder, files := range folders {
		for _, s := range files {
			if !s.inTest() && slices.Contains(slices.Collect(maps.Values(s.imports())), goleak) {
				checkers = append(checkers, "tidings/"+folder)
			}
		}
	}
	tested := map[string]bool{}
	for folder, files := range folders {
		for _, s := range files {
			for _, imp := range s.imports() {
				tested[folder] = tested[folder] || s.inTest() && slices.Contains(checkers, imp)
			}
		}
	}
	return tested
}

// leakFaults finds packages that start goroutines while neither their tests
// nor those of the folder around them look for leaked ones.
func leakFaults(folder string, folders map[string][]source) []string {
	tested := leakTested(folders)
	if tested[folder] || tested[path.Dir(folder)] {
		return nil
	}
	for _, s := range folders[folder] {
		if s.inTest() {
			continue
		}
		if at := goroutine(s); at != "" {
			return []string{fmt.Sprintf("%s starts a goroutine, but no test of %s uses goleak to see that Close ends it", at, folder)}
		}
	}
	return nil
}

func docFaults(folder string, files []source) []string {
	count := 0
	for _, s := range files {
		if s.inTest() {
			continue
		}
		count++
		if s.file.Doc != nil {
			return nil
		}
	}
	if count == 0 {
		return nil
	}
	return []string{folder + " has no package comment: write it in doc.go"}
}

// moduleSources parses every Go file of the module, on whatever system and
// with whatever tags it would be built.
func moduleSources(t *testing.T) map[string][]source {
	t.Helper()
	root := moduleRoot(t)
	folders := map[string][]source{}
	err := filepath.WalkDir(root, func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() {
			if file != root && (name == "build" || name == "testdata" || strings.HasPrefix(name, ".")) {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(name, ".go") {
			return nil
		}
		rel, err := filepath.Rel(root, file)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		fset := token.NewFileSet()
		parsed, err := parser.ParseFile(fset, file, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		folders[path.Dir(rel)] = append(folders[path.Dir(rel)], source{path: rel, fset: fset, file: parsed})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return folders
}

func TestSourcesKeepTheRules(t *testing.T) {
	folders := moduleSources(t)
	for _, folder := range slices.Sorted(maps.Keys(folders)) {
		files := folders[folder]
		faults := slices.Concat(docFaults(folder, files), leakFaults(folder, folders))
		for _, s := range files {
			faults = slices.Concat(faults, uiFaults(s), doFaults(s), sleepFaults(s), lengthFaults(s))
		}
		for _, fault := range faults {
			t.Error(fault)
		}
	}
}
