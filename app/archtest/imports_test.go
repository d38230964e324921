package archtest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// within reports whether a path is root or lies below it.
func within(path string, roots ...string) bool {
	return slices.ContainsFunc(roots, func(root string) bool {
		return path == root || strings.HasPrefix(path, root+"/")
	})
}

// foreign says where a library of somebody else may be imported: each has one
// owner, so that replacing it touches one folder.
var foreign = map[string][]string{
	"fyne.io/fyne/v2":                     {"tidings/ui", "tidings/cmd/tidings"},
	"github.com/eclipse/paho.mqtt.golang": {"tidings/app/session/v3"},
	"github.com/eclipse/paho.golang":      {"tidings/app/session/v5"},
	"github.com/zalando/go-keyring":       {"tidings/profiles/secrets"},
	"go.etcd.io/bbolt":                    {"tidings/brokerlocal/engine/store/bolt"},
	"github.com/xdg-go/scram":             {"tidings/brokerlocal/engine/auth", "tidings/app/session/v5"},
	"github.com/gorilla/websocket":        {"tidings/app/mqtt/websocket", "tidings/brokerlocal/engine/listener"},
	"github.com/nicksnyder/go-i18n/v2":    {"tidings/app/i18n"},
	"github.com/youmark/pkcs8":            {"tidings/app/certs"},
	"golang.org/x/net":                    {"tidings/app/session/link"},
	"go.yaml.in/yaml/v3":                  {"tidings/profiles/transfer/mqttx"},
	"software.sslmate.com/src/go-pkcs12":  {"tidings/app/certs"},
}

// layer says what of Tidings itself the packages below a root may import.
// The first layer whose root holds a package is the one that counts.
type layer struct {
	root  string
	exact bool     // the root package alone, not what lies below it
	may   []string // roots of packages of this module
	never []string // exceptions from may
}

var layers = []layer{
	{root: "tidings/app", exact: true},
	{root: "tidings/app/archtest", exact: true},
	{root: "tidings/app", may: []string{"tidings/app", "tidings/assets"}},
	{root: "tidings/assets"},
	{root: "tidings/profiles", may: []string{"tidings/app", "tidings/profiles"},
		never: []string{"tidings/app/desk", "tidings/app/workspace", "tidings/app/session"}},
	{root: "tidings/brokerlocal", may: []string{"tidings/app", "tidings/brokerlocal"},
		never: []string{"tidings/app/desk", "tidings/app/workspace", "tidings/app/session"}},
	{root: "tidings/ui", may: []string{"tidings/app", "tidings/assets", "tidings/ui"},
		never: []string{"tidings/app/session/v3", "tidings/app/session/v5", "tidings/app/session/adapter", "tidings/app/session/link",
			"tidings/app/mqtt/tap", "tidings/app/workers"}},
	{root: "tidings/cmd/tidingsctl", may: []string{"tidings/app", "tidings/assets", "tidings/brokerlocal", "tidings/profiles", "tidings/cmd/tidingsctl"}},
	{root: "tidings/cmd", may: []string{"tidings"}},
}

// shared are the folders under ui that every screen may use. All others are
// screens (or the shell), and screens meet only in the shell.
var shared = []string{"tidings/ui/kit", "tidings/ui/dispatch", "tidings/ui/theme", "tidings/ui/viewer"}

// importFaults returns one sentence for every import of path that breaks a
// rule. inTest says that the imports are those of test files.
func importFaults(path string, imports []string, inTest bool) []string {
	var faults []string
	for _, imp := range imports {
		why := foreignFault(path, imp)
		if why == "" {
			why = layerFault(path, imp, inTest)
		}
		if why == "" {
			why = screenFault(path, imp, inTest)
		}
		if why != "" {
			faults = append(faults, fmt.Sprintf("%s imports %s: %s", path, imp, why))
		}
	}
	return faults
}

func foreignFault(path, imp string) string {
	for library, owners := range foreign {
		if within(imp, library) && !within(path, owners...) {
			return "only " + strings.Join(owners, " and ") + " may"
		}
	}
	return ""
}

func layerFault(path, imp string, inTest bool) string {
	if !within(imp, "tidings") {
		if path == "tidings/app" && strings.Contains(imp, ".") && !inTest {
			return "the domain imports the standard library only"
		}
		return ""
	}
	if imp == path || inTest && within(imp, "tidings/brokerlocal/brokertest") {
		return ""
	}
	for _, l := range layers {
		if path != l.root && (l.exact || !within(path, l.root)) {
			continue
		}
		if !within(imp, l.may...) || within(imp, l.never...) {
			return "not a layer below it"
		}
		return ""
	}
	return "the package belongs to no layer that the architecture knows"
}

func screenFault(path, imp string, inTest bool) string {
	if !within(path, "tidings/ui") || !within(imp, "tidings/ui") || imp == path {
		return ""
	}
	switch {
	case within(imp, shared...):
		if path == "tidings/ui/theme" || path == "tidings/ui/dispatch" {
			return "theme and dispatch stand below everything else in ui"
		}
	case within(imp, "tidings/ui/uitest"):
		if !inTest {
			return "uitest is for tests"
		}
	case within(path, shared...):
		return "what screens share knows no screen"
	case path == "tidings/ui/shell" || within(path, "tidings/ui/uitest"):
	case screen(path) != screen(imp):
		return "screens meet only in ui/shell"
	}
	return ""
}

// screen returns the screen a package belongs to: its first folder below ui.
func screen(path string) string {
	name, _, _ := strings.Cut(strings.TrimPrefix(path, "tidings/ui/"), "/")
	return name
}

func TestImportsKeepTheLayers(t *testing.T) {
	for _, p := range modulePackages(t) {
		for _, fault := range importFaults(p.ImportPath, p.Imports, false) {
			t.Error(fault)
		}
		for _, fault := range importFaults(p.ImportPath, slices.Concat(p.TestImports, p.XTestImports), true) {
			t.Errorf("in tests: %s", fault)
		}
	}
}

// The engine has to build without a C compiler, for servers and small
// machines: nothing outside ui and cmd/tidings may reach Fyne by any path.
func TestFyneIsOutOfReachBelowUI(t *testing.T) {
	for _, p := range modulePackages(t) {
		if within(p.ImportPath, foreign["fyne.io/fyne/v2"]...) {
			continue
		}
		for _, dep := range p.Deps {
			if within(dep, "fyne.io/fyne/v2") {
				t.Errorf("%s reaches %s", p.ImportPath, dep)
			}
		}
	}
}

func TestImportRulesCanFail(t *testing.T) {
	const fyne = "fyne.io/fyne/v2/widget"
	tests := []struct {
		name      string
		path, imp string
		inTest    bool
		broken    bool
	}{
		{"domain, standard library", "tidings/app", "net/url", false, false},
		{"domain, foreign library", "tidings/app", "golang.org/x/text/language", false, true},
		{"domain, package above it", "tidings/app", "tidings/app/store", false, true},
		{"engine, domain", "tidings/app/store", "tidings/app", false, false},
		{"engine, screen", "tidings/app/store", "tidings/ui/kit", false, true},
		{"engine, Fyne", "tidings/app/store", fyne, false, true},
		{"engine, profiles", "tidings/app/desk", "tidings/profiles", false, true},
		{"engine, broker", "tidings/app/desk", "tidings/brokerlocal", false, true},
		{"engine test, broker for tests", "tidings/app/session/v3", "tidings/brokerlocal/brokertest", true, false},
		{"engine, broker for tests", "tidings/app/session/v3", "tidings/brokerlocal/brokertest", false, true},
		{"profiles, domain", "tidings/profiles", "tidings/app", false, false},
		{"profiles, desk", "tidings/profiles", "tidings/app/desk", false, true},
		{"profiles, broker", "tidings/profiles", "tidings/brokerlocal", false, true},
		{"broker, topics", "tidings/brokerlocal", "tidings/app/mqtt/topic", false, false},
		{"broker, session", "tidings/brokerlocal", "tidings/app/session", false, true},
		{"paho 3 at home", "tidings/app/session/v3", "github.com/eclipse/paho.mqtt.golang/packets", false, false},
		{"paho 3 elsewhere", "tidings/app/session", "github.com/eclipse/paho.mqtt.golang", false, true},
		{"paho 5 elsewhere", "tidings/app/session/v3", "github.com/eclipse/paho.golang/paho", false, true},
		{"keyring elsewhere", "tidings/profiles", "github.com/zalando/go-keyring", false, true},
		{"database elsewhere", "tidings/brokerlocal/engine", "go.etcd.io/bbolt", false, true},
		{"WebSocket of the client", "tidings/app/mqtt/websocket", "github.com/gorilla/websocket", false, false},
		{"WebSocket elsewhere", "tidings/cmd/tidings", "github.com/gorilla/websocket", false, true},
		{"screen, kit", "tidings/ui/publish", "tidings/ui/kit", false, false},
		{"screen, own folder", "tidings/ui/publish", "tidings/ui/publish/parts", false, false},
		{"screen, other screen", "tidings/ui/publish", "tidings/ui/topics", false, true},
		{"screen, profiles", "tidings/ui/connections", "tidings/profiles", false, true},
		{"screen, states of a session", "tidings/ui/connections", "tidings/app/session", false, false},
		{"screen, adapter", "tidings/ui/connections", "tidings/app/session/v5", false, true},
		{"screen, uitest", "tidings/ui/publish", "tidings/ui/uitest", false, true},
		{"screen test, uitest", "tidings/ui/publish", "tidings/ui/uitest", true, false},
		{"shell, screen", "tidings/ui/shell", "tidings/ui/publish", false, false},
		{"kit, screen", "tidings/ui/kit", "tidings/ui/publish", false, true},
		{"kit, theme", "tidings/ui/kit", "tidings/ui/theme", false, false},
		{"theme, kit", "tidings/ui/theme", "tidings/ui/kit", false, true},
		{"wiring", "tidings/cmd/tidings", "tidings/profiles/secrets", false, false},
		{"headless program, screen", "tidings/cmd/tidingsctl", "tidings/ui/kit", false, true},
		{"folder nobody planned", "tidings/misc", "tidings/app", false, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			faults := importFaults(tt.path, []string{tt.imp}, tt.inTest)
			if (len(faults) > 0) != tt.broken {
				t.Errorf("broken = %v, want %v: %v", len(faults) > 0, tt.broken, faults)
			}
		})
	}
}
