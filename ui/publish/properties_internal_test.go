package publish

import (
	"reflect"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"tidings/app"
	"tidings/app/workspace"
	"tidings/ui/kit"
	"tidings/ui/kit/parts"
)

func sentMessage(topic string) workspace.Sent {
	return workspace.Sent{Number: 1, Message: app.Publish{Topic: topic}}
}

func (s *Screen) property(name string) *parts.Field {
	f, _ := s.d.Names.Get("properties." + name).(*parts.Field)
	return f
}

func TestPropertiesAreTypedAndSent(t *testing.T) {
	f := &fake{snap: connected(app.V5)}
	s := open(t, f)
	s.topic.SetText("t")
	test.Tap(s.more)
	ok, _ := s.d.Names.Get("properties.ok").(*kit.Button)
	for _, bad := range []struct{ field, text string }{{"expiry", "4294967296"}, {"response", "a/#"}} {
		s.property(bad.field).SetText(bad.text)
		if !ok.Disabled() {
			t.Errorf("%s %q can be sent", bad.field, bad.text)
		}
		s.property(bad.field).SetText("")
	}
	s.property("content_type").SetText("text/plain")
	s.property("expiry").SetText("0")
	s.property("response").SetText("answers")
	s.property("correlation").SetText("17")
	s.property("correlation").TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if s.Asking() {
		t.Fatal("Enter does not take the properties")
	}
	s.Submit()
	zero := uint32(0)
	want := &app.Properties{ContentType: "text/plain", MessageExpiry: &zero, ResponseTopic: "answers", CorrelationData: []byte("17")}
	if len(f.sent) != 1 || !reflect.DeepEqual(f.sent[0].Message.Properties, want) {
		t.Errorf("sent %+v", f.sent)
	}
}

// What a template has is the same after the dialog was looked at.
func TestPropertiesSurviveTheDialog(t *testing.T) {
	s, _ := shelved(t)
	s.shelf.list.Select(0)
	test.Tap(s.more)
	s.property("content_type").TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if !reflect.DeepEqual(s.props, on().Message.Properties) || s.shelf.changed() {
		t.Errorf("%+v", s.props)
	}
	test.Tap(s.more)
	s.property("content_type").SetText("x")
	s.property("content_type").TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if s.Asking() || s.shelf.changed() {
		t.Error("Escape took what was typed")
	}
}

func TestOlderVersionsSayThatTheySendNoProperties(t *testing.T) {
	s, f := shelved(t)
	f.snap = connected(app.V311)
	s.Sync()
	if !s.more.Disabled() {
		t.Error("there are properties to write for MQTT 3.1.1")
	}
	s.shelf.list.Select(0)
	if want := s.d.Tr.S("publish.properties.not_sent", "Version", "3.1.1"); s.more.Disabled() || s.moreText.Text() != want {
		t.Errorf("says %q, want %q", s.moreText.Text(), want)
	}
}

func TestAMarkAsTextMustBeTrue(t *testing.T) {
	s, f := shelved(t)
	s.shelf.list.Select(0)
	s.body.turn(int(parts.AsHex))
	s.body.field.SetText("ff")
	s.Submit()
	if len(f.sent) != 0 || s.result.Text() != s.d.Tr.S("publish.why.not_text") {
		t.Errorf("sent %d, says %q", len(f.sent), s.result.Text())
	}
}
