package publish

import (
	"bytes"
	"reflect"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"tidings/app"
	"tidings/ui/kit"
	"tidings/ui/kit/parts"
	"tidings/ui/uitest"
)

func on() app.Template {
	expiry := uint32(60)
	return app.Template{Name: "lamp on", Message: app.Publish{
		Topic: "lab/lamp", Payload: []byte(`{"on":true}`), QoS: app.QoS1, Retain: true,
		Properties: &app.Properties{
			ContentType: "application/json", ResponseTopic: "lab/lamp/answer", MessageExpiry: &expiry, PayloadIsUTF8: true,
			CorrelationData: []byte{0, 255}, User: []app.UserProperty{{Name: "a", Value: "1"}, {Name: "a", Value: "2"}},
		},
	}}
}

func off() app.Template {
	return app.Template{Name: "lamp off", Message: app.Publish{Topic: "lab/lamp", Payload: []byte("0")}}
}

// shelved opens a screen with two templates.
func shelved(t *testing.T) (*Screen, *fake) {
	t.Helper()
	f := &fake{snap: connected(app.V5), Workspace: shelfOf(t, on(), off())}
	return open(t, f), f
}

func (s *Screen) names() string {
	var out []string
	for _, t := range s.ws.Templates().List {
		out = append(out, t.Name)
	}
	return strings.Join(out, ",")
}

func (s *Screen) press(name fyne.KeyName) { s.shelf.list.TypedKey(&fyne.KeyEvent{Name: name}) }

func TestATemplateFillsTheEditorAsItIs(t *testing.T) {
	s, f := shelved(t)
	s.shelf.list.Select(0)
	if got := s.message(); !reflect.DeepEqual(got, on().Message) {
		t.Errorf("the editor holds %+v", got)
	}
	if !strings.Contains(s.moreText.Text(), "application/json") || s.shelf.changed() || s.aside != nil {
		t.Errorf("properties %q, changed %v", s.moreText.Text(), s.shelf.changed())
	}
	s.Submit()
	if len(f.sent) != 1 || !reflect.DeepEqual(f.sent[0].Message, on().Message) {
		t.Errorf("sent %+v", f.sent)
	}
}

// Whatever the bytes are, a template sends them as they were kept.
func TestPayloadsOfTemplatesSurviveTheEditor(t *testing.T) {
	for name, c := range map[string]struct {
		payload []byte
		format  string
		way     parts.Way
	}{
		"nothing":                  {nil, "", parts.AsText},
		"text":                     {[]byte("on\nnow"), "", parts.AsText},
		"JSON":                     {[]byte(`{"a":1}`), "", parts.AsJSON},
		"JSON kept as text":        {[]byte(`{"a":1}`), "text", parts.AsText},
		"bytes":                    {[]byte{0, 255, 13}, "", parts.AsHex},
		"digits kept in hex":       {[]byte("12"), "hex", parts.AsHex},
		"line ends of Windows":     {[]byte("a\r\nb"), "", parts.AsHex},
		"a format of next year":    {[]byte("x"), "cbor", parts.AsText},
		"a format that cannot be":  {[]byte{255}, "text", parts.AsHex},
		"too large for the editor": {bytes.Repeat([]byte("x"), 40_000), "text", parts.AsText},
	} {
		t.Run(name, func(t *testing.T) {
			one := app.Template{Name: "x", Message: app.Publish{Topic: "t", Payload: c.payload}, Format: c.format}
			f := &fake{snap: connected(app.V5), Workspace: shelfOf(t, off(), one)}
			s := open(t, f)
			s.shelf.list.Select(1)
			if s.body.way != c.way || s.shelf.changed() || s.unsaved() {
				t.Errorf("written in way %d, changed %v, unsaved %v", s.body.way, s.shelf.changed(), s.unsaved())
			}
			s.Submit()
			if len(f.sent) != 1 || !bytes.Equal(f.sent[0].Message.Payload, c.payload) {
				t.Fatalf("sent %+v; the screen says %q", f.sent, s.result.Text())
			}
			s.shelf.saveChanges()
			if got := s.ws.Templates().List[1]; !bytes.Equal(got.Message.Payload, c.payload) {
				t.Errorf("kept %q", got.Message.Payload)
			}
		})
	}
}

func TestALargePayloadCanBeLeft(t *testing.T) {
	f := &fake{snap: connected(app.V5), Workspace: shelfOf(t, app.Template{Name: "x", Message: app.Publish{Topic: "t", Payload: make([]byte, 40_000)}})}
	s := open(t, f)
	s.shelf.list.Select(0)
	if s.body.field.Visible() || s.body.format.Visible() {
		t.Error("the editor shows what it cannot bear")
	}
	s.body.empty()
	test.Type(s.body.field, "small")
	if m := s.message(); string(m.Payload) != "small" || !s.shelf.changed() {
		t.Errorf("holds %q", m.Payload)
	}
}

func TestTemplatesAreChosenAndSentWithKeys(t *testing.T) {
	s, f := shelved(t)
	s.press(fyne.KeyDown)
	s.press(fyne.KeyDown)
	if s.shelf.chosen != "lamp off" || len(f.sent) != 0 {
		t.Fatalf("chosen %q, sent %d", s.shelf.chosen, len(f.sent))
	}
	s.press(fyne.KeyReturn)
	if len(f.sent) != 1 || string(f.sent[0].Message.Payload) != "0" {
		t.Errorf("sent %+v", f.sent)
	}
}

func TestSavingAsATemplate(t *testing.T) {
	f := &fake{snap: connected(app.V5)}
	s := open(t, f)
	if s.shelf.root.Visible() || !s.history.object().Visible() {
		t.Error("without templates their list stands in front")
	}
	test.Type(s.topic, "lab/lamp")
	test.Type(s.body.field, "1")
	s.SaveAs()
	entry, _ := s.d.Names.Get("template.name").(*parts.Field)
	if entry == nil || entry.Text != "lab/lamp" || !s.Asking() {
		t.Fatalf("asks with %+v", entry)
	}
	test.Type(entry, "lamp on") // the name offered is selected
	entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if s.Asking() || s.names() != "lamp on" || s.shelf.chosen != "lamp on" || !s.shelf.root.Visible() || s.unsaved() {
		t.Errorf("asking %v, templates %s, chosen %q", s.Asking(), s.names(), s.shelf.chosen)
	}
	if got := s.ws.Templates().List[0]; got.Message.Topic != "lab/lamp" || string(got.Message.Payload) != "1" || got.Format != "text" {
		t.Errorf("kept %+v", got)
	}
}

func TestATakenNameIsReplacedOnlyWhenThatIsSaid(t *testing.T) {
	s, _ := shelved(t)
	s.topic.SetText("new/topic")
	s.SaveAs()
	entry, _ := s.d.Names.Get("template.name").(*parts.Field)
	ok, _ := s.d.Names.Get("template.ok").(*kit.Button)
	for _, c := range []struct{ name, label string }{
		{"lamp on", s.d.Tr.S("publish.template.replace")}, {"lamp onto", s.d.Tr.S("publish.template.keep")}, {"lamp off", s.d.Tr.S("publish.template.replace")},
	} {
		entry.SetText(c.name)
		if got := ok.AccessibilityLabel(); got != c.label {
			t.Errorf("%s: the button says %q, want %q", c.name, got, c.label)
		}
	}
	entry.SetText("  ")
	if !ok.Disabled() {
		t.Error("a template without a name can be saved")
	}
	entry.SetText("lamp off")
	test.Tap(ok)
	if got := s.ws.Templates().List; s.names() != "lamp on,lamp off" || got[1].Message.Topic != "new/topic" {
		t.Errorf("%s: %+v", s.names(), got)
	}
}

func TestEscapeLeavesTheNameAlone(t *testing.T) {
	s, _ := shelved(t)
	s.SaveAs()
	entry, _ := s.d.Names.Get("template.name").(*parts.Field)
	entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if s.Asking() || s.names() != "lamp on,lamp off" {
		t.Errorf("asking %v, %s", s.Asking(), s.names())
	}
}

func TestAChangedTemplateIsSavedOrLeft(t *testing.T) {
	s, _ := shelved(t)
	s.shelf.list.Select(1)
	if s.shelf.save.Visible() {
		t.Error("nothing to save, and a button for it")
	}
	s.body.field.SetText("00")
	if !s.shelf.save.Visible() || s.shelf.chosen != "lamp off" {
		t.Fatal("a change cannot be saved")
	}
	s.body.field.SetText("0")
	if s.shelf.save.Visible() {
		t.Error("typed as it was, and still said to be changed")
	}
	s.topic.SetText("lab/lamp/2")
	test.Tap(s.shelf.save)
	if got := s.ws.Templates().List[1].Message.Topic; got != "lab/lamp/2" || s.shelf.save.Visible() {
		t.Errorf("kept %q", got)
	}
	s.topic.SetText("elsewhere")
	s.shelf.revert()
	if s.topic.Text != "lab/lamp/2" || s.aside == nil || s.aside.topic != "elsewhere" {
		t.Errorf("reverted to %q, aside %+v", s.topic.Text, s.aside)
	}
}

// What was typed and is kept nowhere is never lost to a click in a list.
func TestWhatWasTypedIsPutAside(t *testing.T) {
	s, f := shelved(t)
	f.sent = append(f.sent, sentMessage("sent/before"))
	s.Sync()
	test.Type(s.topic, "draft")
	test.Type(s.body.field, "half a thought")
	s.shelf.list.Select(0)
	s.press(fyne.KeyDown)
	s.showPane(paneSent)
	s.history.list.Select(0)
	if s.topic.Text != "sent/before" || !s.asideRow.Visible() || s.shelf.chosen != "" {
		t.Fatalf("%q, %v, %q", s.topic.Text, s.asideRow.Visible(), s.shelf.chosen)
	}
	s.restore()
	if s.topic.Text != "draft" || s.body.field.Text != "half a thought" || s.asideRow.Visible() {
		t.Errorf("brought back %q, %q", s.topic.Text, s.body.field.Text)
	}
	s.shelf.list.Select(0)
	s.topic.SetText("another thought")
	s.restore() // swaps them: neither is lost
	if s.topic.Text != "draft" || s.aside == nil || s.aside.topic != "another thought" || s.aside.template != "lamp on" {
		t.Errorf("%q, aside %+v", s.topic.Text, s.aside)
	}
	s.restore()
	if s.topic.Text != "another thought" || s.shelf.chosen != "lamp on" || !s.shelf.changed() {
		t.Errorf("%q of %q", s.topic.Text, s.shelf.chosen)
	}
	s.forgetAside()
	s.aside = nil
	s.Submit() // what was sent is kept in the list
	s.shelf.list.Select(1)
	if s.aside != nil {
		t.Error("what was sent is put aside")
	}
}

func TestTemplatesAreRenamedMovedAndDeleted(t *testing.T) {
	s, _ := shelved(t)
	s.shelf.list.Select(0)
	s.topic.SetText("changed meanwhile")
	s.press(fyne.KeyF2)
	entry, _ := s.d.Names.Get("template.name").(*parts.Field)
	entry.SetText("lamp off")
	entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if !s.Asking() || s.names() != "lamp on,lamp off" {
		t.Fatalf("renamed to a name that is taken: %s", s.names())
	}
	entry.SetText("bright")
	entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if s.names() != "bright,lamp off" || s.shelf.chosen != "bright" || s.topic.Text != "changed meanwhile" {
		t.Errorf("%s, chosen %q, the editor holds %q", s.names(), s.shelf.chosen, s.topic.Text)
	}
	s.shelf.list.TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyDown, Modifier: fyne.KeyModifierAlt})
	if s.names() != "lamp off,bright" || s.shelf.list.Selected() != 1 {
		t.Errorf("moved: %s, row %d", s.names(), s.shelf.list.Selected())
	}
	s.shelf.dropped(1, kit.Drop{Row: 0})
	s.shelf.dropped(0, kit.Drop{Row: 2})
	if s.names() != "lamp off,bright" {
		t.Errorf("dragged there and back: %s", s.names())
	}
	s.press(fyne.KeyDelete)
	if s.names() != "lamp off" || s.topic.Text != "changed meanwhile" || !s.shelf.undo.Visible() {
		t.Errorf("deleted: %s, the editor holds %q", s.names(), s.topic.Text)
	}
	s.press(fyne.KeyDelete) // nothing is chosen
	s.shelf.list.TypedShortcut(&fyne.ShortcutUndo{})
	if s.names() != "lamp off,bright" || s.shelf.chosen != "bright" || s.shelf.undo.Visible() {
		t.Errorf("brought back: %s, chosen %q", s.names(), s.shelf.chosen)
	}
}

// The undo takes back the deletion, and nothing that was typed.
func TestUndoOfADeletionLeavesTheEditorAlone(t *testing.T) {
	s, _ := shelved(t)
	undo := func() { s.shelf.list.TypedShortcut(&fyne.ShortcutUndo{}) }
	const typed = `{"on":false}`
	s.shelf.list.Select(0)
	s.body.field.SetText(typed)
	s.press(fyne.KeyDelete)
	undo()
	if s.body.field.Text != typed || s.aside != nil {
		t.Errorf("the editor holds %q, aside %+v", s.body.field.Text, s.aside)
	}
	if s.shelf.chosen != "lamp on" || s.shelf.list.Selected() != 0 || !s.shelf.differs || !s.shelf.save.Visible() {
		t.Errorf("chosen %q in row %d, changed %v", s.shelf.chosen, s.shelf.list.Selected(), s.shelf.differs)
	}
	if got := s.ws.Templates().List[0].Message; !same(got, on().Message) {
		t.Errorf("the template came back as %+v", got)
	}

	s.press(fyne.KeyDelete)
	s.shelf.list.Select(0) // what is chosen by then stays so
	undo()
	if s.names() != "lamp on,lamp off" || s.shelf.chosen != "lamp off" || s.shelf.list.Selected() != 1 || s.shelf.changed() {
		t.Errorf("%s, chosen %q, changed %v", s.names(), s.shelf.chosen, s.shelf.changed())
	}
}

// What cannot be done now is written so that it can be read.
func TestMenuOfTemplatesIsThatOfAllScreens(t *testing.T) {
	s, _ := shelved(t)
	s.shelf.list.Select(0)
	for name, show := range map[string]func(){
		"button": s.shelf.menu.OnTapped,
		"row":    func() { s.shelf.list.OnContextMenu(0, fyne.NewPos(20, 20)) },
	} {
		show()
		menu := s.d.Window.Canvas().Overlays().Top()
		if menu == nil {
			t.Fatalf("%s: no menu", name)
		}
		if !slices.ContainsFunc(uitest.Objects(menu), func(o fyne.CanvasObject) bool {
			text, ok := o.(*kit.Text)
			return ok && text.Text() == s.d.Tr.S("connections.menu.up")
		}) {
			t.Errorf("%s: what cannot be used is not written by us", name)
		}
		s.d.Window.Canvas().Overlays().Remove(menu)
	}
}

func TestAnotherLanguageKeepsEditorAndAside(t *testing.T) {
	s, f := shelved(t)
	s.topic.SetText("draft")
	s.shelf.list.Select(0)
	s.body.turn(int(parts.AsHex))
	s.showPane(paneSent)
	next := New(s.d, f)
	next.Keep(s.Kept())
	if !reflect.DeepEqual(next.draft(), s.draft()) || next.aside == nil || next.aside.topic != "draft" || next.panes.Selected() != paneSent || !next.shelf.changed() {
		t.Errorf("%+v, aside %+v, changed %v", next.draft(), next.aside, next.shelf.changed())
	}
}

// What cannot be text stays in hexadecimal: its digits as text would be
// another message.
func TestBytesAreNotTakenForText(t *testing.T) {
	one := app.Template{Name: "x", Message: app.Publish{Topic: "t", Payload: []byte{0xff}}}
	f := &fake{snap: connected(app.V5), Workspace: shelfOf(t, one)}
	s := open(t, f)
	s.shelf.list.Select(0)
	for range 2 {
		s.body.format.TypedKey(&fyne.KeyEvent{Name: fyne.KeyLeft})
	}
	if s.body.way != parts.AsHex || s.body.format.Selected() != int(parts.AsHex) || s.shelf.changed() {
		t.Errorf("way %d, segment %d", s.body.way, s.body.format.Selected())
	}
	if s.result.Text() != s.d.Tr.S("publish.format.unfit") {
		t.Errorf("says %q", s.result.Text())
	}
}

func TestPayloadIsJudgedInItsFormat(t *testing.T) {
	s, f := shelved(t)
	s.topic.SetText("t")
	s.body.field.SetText("0x01 FF")
	s.body.turn(int(parts.AsJSON))
	if !s.bodyRow.Visible() || !s.send.Disabled() {
		t.Error("no JSON, and it can be sent")
	}
	s.say("", false)
	if s.Submit(); !s.bodyRow.Visible() || s.result.Text() != "" {
		t.Errorf("what is wrong with it is said twice: %q", s.result.Text())
	}
	s.body.turn(int(parts.AsText))
	s.body.field.SetText("{\"a\":1}")
	s.body.turn(int(parts.AsHex))
	if s.body.field.Text != "7b 22 61 22 3a 31 7d" {
		t.Errorf("in hexadecimal %q", s.body.field.Text)
	}
	s.body.field.SetText("7b 2")
	s.Submit()
	s.SaveAs()
	if len(f.sent) != 0 || s.Asking() || !s.bodyRow.Visible() || !s.unsaved() {
		t.Error("half a byte is taken for a payload")
	}
	s.body.field.SetText("7b 7d")
	s.Submit()
	if len(f.sent) != 1 || string(f.sent[0].Message.Payload) != "{}" {
		t.Errorf("sent %+v", f.sent)
	}
}
