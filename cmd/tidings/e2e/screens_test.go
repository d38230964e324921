//go:build e2e && linux

package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tidings/profiles/settings"
)

// screen is one picture for `make shots`: open brings it to the front. The
// steps run in order in one program, so each builds on those before it.
type screen struct {
	name string
	open func(p *program)
}

// screens are all pictures, from the first run on.
func screens() []screen {
	tab := func(name string) func(*program) {
		return func(p *program) {
			p.click("tab." + name)
			p.wait("tab "+name, func(s State) bool { return s.Tab == name })
		}
	}
	return []screen{
		{"welcome", func(p *program) { p.wait("the invitation", func(s State) bool { return s.Screen == "welcome" }) }},
		{"publish", func(p *program) { connect(p); tab("publish")(p) }},
		{"subscribe", func(p *program) { tab("subscribe")(p); traffic(p); p.click("messages.list") }},
		{"topics", func(p *program) { tab("topics")(p); p.click("topics.expand_all"); p.click("topics.list") }},
		{"retained", func(p *program) { tab("retained")(p); p.click("retained.list") }},
		{"sys", tab("sys")},
		{"packets", func(p *program) { tab("packets")(p); p.click("packets.list") }},
		{"import", func(p *program) { p.key("ctrl+o"); p.place("import.path") }},
		{"export", func(p *program) { p.key("Escape"); p.key("ctrl+shift+e"); p.place("export.path") }},
		{"copy-as", func(p *program) { p.key("Escape"); p.key("ctrl+shift+c"); p.place("copyas.copy") }},
		{"connection", func(p *program) { p.key("Escape"); p.click("connections.new"); p.place("form.host") }},
		{"settings", func(p *program) { p.click("form.cancel"); p.click("shell.settings"); p.place("settings.theme") }},
		{"diagnosis", func(p *program) {
			p.key("Escape")
			p.click("connections.new")
			p.fill("form.host", "127.0.0.1")
			p.fill("form.port", "9") // nobody listens there
			p.click("form.connect")
			p.click("header.diagnose")
			p.place("diagnosis.again")
		}},
	}
}

// connect starts the local broker and subscribes to everything.
func connect(p *program) {
	p.t.Helper()
	p.click("welcome.start")
	p.wait("a connection to the local broker", func(s State) bool {
		c := s.Connection(localBroker)
		return c != nil && c.Status == "connected"
	})
	p.click("tab.subscribe")
	for _, filter := range []string{"#", "$SYS/#"} {
		p.fill("subscribe.filter", filter)
		p.key("Return")
		p.wait("a granted subscription", func(s State) bool { return s.Connection(localBroker).Granted(filter) >= 0 })
	}
}

// traffic gives the screens something to show.
func traffic(p *program) {
	p.t.Helper()
	s, err := p.now()
	if err != nil {
		p.t.Fatal(err)
	}
	for i := range 24 {
		topic := fmt.Sprintf("plant/line%d/temperature", i%4+1)
		mosquittoPub(p.t, s.Broker.Address, topic, fmt.Sprintf(`{"celsius":%.1f,"unit":%d}`, 20+float64(i)/3, i))
	}
	p.wait("the traffic", func(s State) bool { return s.Connection(localBroker).Messages >= 24 })
}

func TestScreens(t *testing.T) {
	if os.Getenv("TIDINGS_SHOTS") == "" {
		t.Fatal("TIDINGS_SHOTS does not name the folder for the pictures: run make shots")
	}
	wanted := strings.Fields(os.Getenv("TIDINGS_SCREENS"))
	for _, theme := range []string{settings.ThemeLight, settings.ThemeDark} {
		t.Run(theme, func(t *testing.T) {
			home := t.TempDir()
			store, failed := settings.Open(filepath.Join(home, "settings.toml"))
			if failed != nil {
				t.Fatal(failed)
			}
			if err := store.Update(func(s *settings.Settings) { s.Theme = theme }); err != nil {
				t.Fatal(err)
			}
			p := start(t, home)
			for _, s := range screens() {
				s.open(p)
				if len(wanted) == 0 || slices.Contains(wanted, s.name) {
					p.shot(s.name + "-" + theme)
				}
			}
		})
	}
}
