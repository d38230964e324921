package i18n_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tidings/app"
)

// say is one place in the code that names a key.
type say struct {
	key   string
	names []string // of the arguments, where they stand there as literals
	exact bool     // names is all of them
	at    string
}

// looksLikeKey knows "connect.refused" from other texts; widgets have names
// of the same form, so it is no use in ui.
var looksLikeKey = regexp.MustCompile(`^[a-z]\w*(\.[a-z0-9]\w*)+$`)

// source is what the code of the whole module says.
type source struct {
	calls    []say
	literals map[string]string // and where one of them stands
	below    []say             // what looks like a key, in code without pixels
}

func readSource(t *testing.T) source {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	s := source{literals: map[string]string{}}
	files := token.NewFileSet()
	err = fs.WalkDir(os.DirFS(root), ".", func(path string, d fs.DirEntry, err error) error {
		switch name := d.Name(); {
		case err != nil:
			return err
		case d.IsDir() && path != "." && (strings.HasPrefix(name, ".") || name == "build" || name == "testdata"):
			return fs.SkipDir
		case d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go"):
			return nil
		}
		// Files for other systems say keys too: build tags do not count here.
		file, err := parser.ParseFile(files, filepath.Join(root, path), nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		s.read(files, path, file)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(s.calls) < 20 {
		t.Fatalf("only %d calls found: the code was not read", len(s.calls))
	}
	return s
}

func (s *source) read(files *token.FileSet, path string, file *ast.File) {
	before, advises := len(s.below), false
	defer func() {
		for _, text := range s.below[before:] {
			if advises { // the file says key + ".do" for each of its keys
				s.below = append(s.below, say{key: text.key + ".do", at: text.at})
			}
		}
	}()
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BasicLit:
			if text, ok := literal(n); ok {
				at := fmt.Sprintf("%s:%d", path, files.Position(n.Pos()).Line)
				s.literals[text] = at
				advises = advises || text == ".do"
				if looksLikeKey.MatchString(text) && !strings.HasPrefix(path, "ui/") {
					s.below = append(s.below, say{key: text, at: at})
				}
			}
		case *ast.CallExpr:
			if text, ok := sayCall(n); ok {
				text.at = fmt.Sprintf("%s:%d", path, files.Position(n.Pos()).Line)
				s.calls = append(s.calls, text)
			}
		}
		return true
	})
}

// sayCall reads a call of anything named Say or S whose first argument is a
// literal.
func sayCall(call *ast.CallExpr) (say, bool) {
	name := ""
	switch f := call.Fun.(type) {
	case *ast.Ident:
		name = f.Name
	case *ast.SelectorExpr:
		name = f.Sel.Name
	}
	if name != "Say" && name != "S" || len(call.Args) == 0 {
		return say{}, false
	}
	key, ok := literal(call.Args[0])
	if !ok {
		return say{}, false
	}
	out := say{key: key, exact: !call.Ellipsis.IsValid()}
	for i := 1; i < len(call.Args); i += 2 {
		if text, ok := literal(call.Args[i]); ok {
			out.names = append(out.names, text)
		} else {
			out.exact = false
		}
	}
	return out, true
}

func literal(e ast.Expr) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(lit.Value)
	return text, err == nil
}

func TestEveryKeySaidHasASentence(t *testing.T) {
	english := sentences(t, "en")
	code := readSource(t)
	for _, call := range code.calls {
		texts, ok := english[call.key]
		if !ok {
			t.Errorf("%s: %s is in no language", call.at, call.key)
			continue
		}
		if want := all(texts); call.exact && !subset(want, call.names) {
			t.Errorf("%s: %s needs the arguments %v, gets %v", call.at, call.key, want, call.names)
		}
	}
	// A key may reach Say by way of a variable or another function.
	rooms := map[string]bool{}
	for key := range english {
		rooms[strings.SplitAfter(key, ".")[0]] = true
	}
	for _, text := range code.below {
		_, ok := english[text.key]
		if !ok && rooms[strings.SplitAfter(text.key, ".")[0]] && filepath.Ext(text.key) != ".toml" {
			t.Errorf("%s: %s is in no language", text.at, text.key)
		}
	}
	for code := range 0x100 {
		text := app.ReasonCode(code).Text()
		if _, ok := english[text.Key]; !ok {
			t.Errorf("reason 0x%02X: %s is in no language", code, text.Key)
		}
	}
}

func subset(small, large []string) bool {
	for _, name := range small {
		if !slices.Contains(large, name) {
			return false
		}
	}
	return true
}

// A key that no code names is dead weight for every translator.
func TestEverySentenceIsUsed(t *testing.T) {
	code := readSource(t)
	for key := range sentences(t, "en") {
		if !code.names(key) {
			t.Errorf("%s is used nowhere", key)
		}
	}
}

// names reports whether the code holds the key as a whole, or in two parts
// that it joins at a dot: key + ".do", "connect.field." + name.
func (s source) names(key string) bool {
	if _, ok := s.literals[key]; ok {
		return true
	}
	for i := range len(key) {
		if key[i] != '.' {
			continue
		}
		for _, cut := range []int{i, i + 1} {
			_, front := s.literals[key[:cut]]
			_, back := s.literals[key[cut:]]
			if front && back {
				return true
			}
		}
	}
	return false
}
