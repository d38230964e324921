package archtest

import (
	"go/parser"
	"go/token"
	"strings"
	"testing"
)

// parsed makes a source of text, as if it stood at path.
func parsed(t *testing.T, path, text string) source {
	t.Helper()
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, path, text, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	return source{path: path, fset: fset, file: f}
}

func TestSourceRulesCanFail(t *testing.T) {
	const head = "package x\n"
	tests := []struct {
		name   string
		rule   func(source) []string
		path   string
		text   string
		broken bool
	}{
		{"goroutine in a screen", uiFaults, "ui/publish/a.go", head + `func f() { go f() }`, true},
		{"goroutine in dispatch", uiFaults, "ui/dispatch/a.go", head + `func f() { go f() }`, false},
		{"goroutine in a screen's test", uiFaults, "ui/publish/a_test.go", head + `func f() { go f() }`, false},
		{"goroutine below ui", uiFaults, "app/store/a.go", head + `func f() { go f() }`, false},
		{"timer", uiFaults, "ui/kit/a.go", head + `import "time"; func f() { time.AfterFunc(1, f) }`, true},
		{"timer under another name", uiFaults, "ui/kit/a.go", head + `import clock "time"; var t = clock.NewTicker(1)`, true},
		{"time without a timer", uiFaults, "ui/kit/a.go", head + `import "time"; var t = time.Second`, false},
		{"lock", uiFaults, "ui/shell/a.go", head + `import "sync"; type T struct { mu sync.Mutex }`, true},
		{"atomic", uiFaults, "ui/shell/a.go", head + `import "sync/atomic"; type T struct { n atomic.Int64 }`, false},
		{"file", uiFaults, "ui/shell/a.go", head + `import "os"; var f, _ = os.Open("x")`, true},
		{"file through Fyne", uiFaults, "ui/shell/a.go", head + `import "fyne.io/fyne/v2/storage"; var f = storage.Reader`, true},
		{"program", uiFaults, "ui/shell/a.go", head + `import "os/exec"; var f = exec.Command`, true},
		{"network", uiFaults, "ui/shell/a.go", head + `import "net/http"; var f = http.Get`, true},
		{"dial", uiFaults, "ui/shell/a.go", head + `import "net"; var f = net.Dial`, true},
		{"host and port", uiFaults, "ui/shell/a.go", head + `import "net"; var f = net.JoinHostPort`, false},
		{"address without network", uiFaults, "ui/shell/a.go", head + `import "net/url"; var f = url.Parse`, false},
		{"Do in a screen", doFaults, "ui/shell/a.go", head + `import "fyne.io/fyne/v2"; func f() { fyne.Do(f) }`, true},
		{"Do in the program", doFaults, "cmd/tidings/a.go", head + `import "fyne.io/fyne/v2"; func f() { fyne.Do(f) }`, true},
		{"Do in dispatch", doFaults, "ui/dispatch/a.go", head + `import "fyne.io/fyne/v2"; func f() { fyne.Do(f) }`, false},
		{"Do handed over", doFaults, "ui/kit/a.go", head + `import f2 "fyne.io/fyne/v2"; var f = f2.Do`, true},
		{"DoAndWait in dispatch", doFaults, "ui/dispatch/a.go", head + `import "fyne.io/fyne/v2"; func f() { fyne.DoAndWait(f) }`, true},
		{"sleep in a test", sleepFaults, "app/feed/a_test.go", head + `import "time"; func f() { time.Sleep(1) }`, true},
		{"sleep in a bubble", sleepFaults, "app/feed/a_test.go", head + `import ("time"; "testing/synctest"); func f() { time.Sleep(1); synctest.Wait() }`, false},
		{"sleep in the program", sleepFaults, "app/feed/a.go", head + `import "time"; func f() { time.Sleep(1) }`, false},
		{"long file", lengthFaults, "app/a.go", head + strings.Repeat("\n", maxLines), true},
		{"longest file", lengthFaults, "app/a.go", head + strings.Repeat("\n", maxLines-2), false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			faults := tt.rule(parsed(t, tt.path, tt.text))
			if (len(faults) > 0) != tt.broken {
				t.Errorf("broken = %v, want %v: %v", len(faults) > 0, tt.broken, faults)
			}
		})
	}
}

func TestPackageRulesCanFail(t *testing.T) {
	starter := parsed(t, "app/x/x.go", "package x\nfunc f() { go f() }")
	group := parsed(t, "app/x/x.go", "package x\nimport \"sync\"\nfunc f() { var wg sync.WaitGroup; wg.Go(f) }")
	calm := parsed(t, "app/x/x.go", "package x\nfunc f() {}")
	looking := parsed(t, "app/x/x_test.go", "package x\nimport \"go.uber.org/goleak\"\nvar _ = goleak.VerifyTestMain")
	doc := parsed(t, "app/x/doc.go", "// Package x is a package.\npackage x")
	suite := parsed(t, "app/xtest/xtest.go", "package xtest\nimport \"go.uber.org/goleak\"\nvar _ = goleak.VerifyNone")
	viaSuite := parsed(t, "app/x/x_test.go", "package x\nimport \"tidings/app/xtest\"\nvar _ = xtest.Run")
	withDoc := func(_ string, folders map[string][]source) []string { return docFaults("app/x", folders["app/x"]) }
	tests := []struct {
		name    string
		rule    func(string, map[string][]source) []string
		folders map[string][]source
		broken  bool
	}{
		{"goroutine, no leak test", leakFaults, map[string][]source{"app/x": {starter}}, true},
		{"goroutine of a group, no leak test", leakFaults, map[string][]source{"app/x": {group}}, true},
		{"goroutine, leak test", leakFaults, map[string][]source{"app/x": {starter, looking}}, false},
		{"goroutine, leak test around it", leakFaults, map[string][]source{"app/x": {starter}, "app": {looking}}, false},
		{"goroutine, leak test elsewhere", leakFaults, map[string][]source{"app/x": {starter}, "app/y": {looking}}, true},
		{"goroutine, suite with a leak test", leakFaults, map[string][]source{"app/x": {starter, viaSuite}, "app/xtest": {suite}}, false},
		{"goroutine, suite without one", leakFaults, map[string][]source{"app/x": {starter, viaSuite}}, true},
		{"no goroutine", leakFaults, map[string][]source{"app/x": {calm}}, false},
		{"no package comment", withDoc, map[string][]source{"app/x": {calm}}, true},
		{"package comment", withDoc, map[string][]source{"app/x": {calm, doc}}, false},
		{"tests alone", withDoc, map[string][]source{"app/x": {looking}}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			faults := tt.rule("app/x", tt.folders)
			if (len(faults) > 0) != tt.broken {
				t.Errorf("broken = %v, want %v: %v", len(faults) > 0, tt.broken, faults)
			}
		})
	}
}
