package shell_test

import (
	"testing"

	"fyne.io/fyne/v2"

	"tidings/app/workspace"
	"tidings/ui/kit"
	"tidings/ui/kit/parts"
	"tidings/ui/shell"
)

// Another language makes every tab anew; what a person typed comes along, in
// every connection.
func TestTypedTextOutlivesTheLanguage(t *testing.T) {
	w := open(t, twoOpen(t))
	field := func(name string) *parts.Field { f, _ := w.object(name).(*parts.Field); return f }
	for _, id := range []string{"b", "a"} {
		w.Bring(id, shell.TabPublish)
		field("publish.topic").SetText("lab/" + id)
		field("publish.payload").SetText("21.5 " + id)
	}
	before := field("publish.topic")
	w.tap(t, "shell.settings")
	w.set.v.Language = "ru"
	look, _ := w.object("settings.theme").(*kit.Segmented)
	look.TypedKey(&fyne.KeyEvent{Name: fyne.KeyLeft})
	w.tap(t, "settings.close")
	for _, id := range []string{"a", "b"} {
		w.Bring(id, shell.TabPublish)
		if field("publish.topic") == before {
			t.Fatal("the tab was not made anew")
		}
		if topic, payload := field("publish.topic").Text, field("publish.payload").Text; topic != "lab/"+id || payload != "21.5 "+id {
			t.Errorf("%s: %q, %q", id, topic, payload)
		}
	}
}

// Ctrl+L goes to an entry wherever one is: from a tab without, such as $SYS,
// to that for a new filter.
func TestEntryIsFoundFromEveryTab(t *testing.T) {
	var made *countTab
	bare := func(kit.Deps, *workspace.Workspace) shell.Tab { return bareTab{&countTab{entry: parts.NewField()}} }
	w := open(t, twoOpen(t), func(p *shell.Params) {
		p.Tabs = map[string]shell.TabFactory{
			shell.TabSubscribe: func(kit.Deps, *workspace.Workspace) shell.Tab { made = &countTab{entry: parts.NewField()}; return made },
			shell.TabSys:       bare,
		}
	})
	w.Bring("a", shell.TabSys)
	w.press(t, fyne.KeyL)
	if w.Tab() != shell.TabSubscribe || made == nil || w.win.Canvas().Focused() != fyne.Focusable(made.entry) {
		t.Errorf("in %s the keyboard is with %T", w.Tab(), w.win.Canvas().Focused())
	}
}

// bareTab is a tab without an entry.
type bareTab struct{ tab shell.Tab }

func (b bareTab) Object() fyne.CanvasObject { return b.tab.Object() }
func (b bareTab) Sync()                     {}
