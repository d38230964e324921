package shell_test

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"tidings/app"
	"tidings/ui/kit"
	"tidings/ui/kit/parts"
)

// shelfDesk has a connection with templates.
func shelfDesk(t *testing.T) *fakeDesk {
	d := newDesk()
	p := profile("green", "Greenhouse")
	expiry := uint32(60)
	p.Templates = []app.Template{
		{Name: "Lamp on", Message: app.Publish{Topic: "lab/3/lamp/set", Payload: []byte("{\n  \"on\": true,\n  \"level\": 80\n}"), QoS: 1, Retain: true, Properties: &app.Properties{
			ContentType: "application/json", MessageExpiry: &expiry, ResponseTopic: "lab/3/lamp/answer", User: []app.UserProperty{{Name: "source", Value: "tidings"}},
		}}},
		{Name: "Lamp off", Message: app.Publish{Topic: "lab/3/lamp/set", Payload: []byte(`{"on":false}`), QoS: 1}},
		{Name: "lab/3/temp", Message: app.Publish{Topic: "lab/3/temp", Payload: []byte("21.5")}},
		{Name: "Reboot the gateway in the cellar, and only that one", Message: app.Publish{Topic: "gateways/cellar/0017/commands/reboot", Payload: []byte{1, 0xff, 0, 0x17}, QoS: 2}},
		{Name: "Firmware", Message: app.Publish{Topic: "gateways/cellar/firmware", Payload: make([]byte, 300_000), QoS: 1}},
	}
	d.add(t, p, true, connected(p))
	empty := profile("ha", "Home Assistant")
	d.add(t, empty, true, connected(empty))
	return d
}

// templateScenes are pictures of the templates in the Publish tab.
func templateScenes() []scene {
	list := func(t *testing.T, w *window) *kit.RowList {
		l, ok := w.object("publish.templates").(*kit.RowList)
		if !ok {
			t.Fatal("no list of templates")
		}
		return l
	}
	choose := func(n int) func(t *testing.T, w *window) {
		return func(t *testing.T, w *window) { w.row(t, 0); list(t, w).Select(n) }
	}
	return []scene{
		{"templates-empty", shelfDesk, func(t *testing.T, w *window) {
			w.row(t, 1)
			pane, _ := w.object("publish.pane").(*kit.Segmented)
			pane.TypedKey(&fyne.KeyEvent{Name: fyne.KeyLeft})
		}},
		{"templates", shelfDesk, choose(0)},
		{"templates-bytes", shelfDesk, choose(3)},
		{"templates-large", shelfDesk, choose(4)},
		{"templates-aside", shelfDesk, func(t *testing.T, w *window) {
			w.Bring("green", "publish")
			topic, _ := w.object("publish.topic").(*parts.Field)
			payload, _ := w.object("publish.payload").(*parts.Field)
			if topic == nil || payload == nil {
				t.Fatal("no editor")
			}
			topic.SetText("lab/draft")
			list(t, w).Select(0)
			topic.SetText("lab/3/lamp/#")
			payload.SetText("{on}")
		}},
		{"templates-deleted", shelfDesk, func(t *testing.T, w *window) {
			choose(3)(t, w)
			list(t, w).TypedKey(&fyne.KeyEvent{Name: fyne.KeyDelete})
		}},
		{"templates-menu", shelfDesk, func(t *testing.T, w *window) { choose(1)(t, w); w.tap(t, "publish.template.menu") }},
		{"templates-save", shelfDesk, func(t *testing.T, w *window) {
			choose(1)(t, w)
			w.menuItem(t, "menu.template").Action()
		}},
		{"templates-rename", shelfDesk, func(t *testing.T, w *window) {
			choose(1)(t, w)
			list(t, w).TypedKey(&fyne.KeyEvent{Name: fyne.KeyF2})
			w.typed(t, "template.name", "Lamp on")
		}},
		{"templates-properties", shelfDesk, func(t *testing.T, w *window) { choose(0)(t, w); w.tap(t, "publish.properties") }},
	}
}

// Ctrl+S asks for the name of a template, and commands of the menu wait for
// the answer.
func TestTheMenuWaitsForTheDialogOfATab(t *testing.T) {
	w := open(t, shelfDesk(t))
	w.Bring("green", "publish")
	w.press(t, fyne.KeyS)
	ask := w.object("template.name")
	if ask == nil {
		t.Fatal("Ctrl+S asks for no name")
	}
	w.press(t, fyne.KeyN)
	if w.object("form.host") != nil {
		t.Error("a form opens over the dialog of the tab")
	}
	w.press(t, fyne.KeyS)
	if w.object("template.name") != ask {
		t.Error("asked twice")
	}
	test.Type(ask.(fyne.Focusable), "kept")
	w.tap(t, "template.ok")
	if l := w.desk.workspaces["green"].Templates().List; len(l) != 6 || l[5].Name != "kept" {
		t.Errorf("%d templates", len(l))
	}
}
