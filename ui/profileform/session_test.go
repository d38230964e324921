package profileform_test

import (
	"reflect"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"tidings/app"
)

func TestNothingIsLostByOpeningAndSaving(t *testing.T) {
	p := full()
	p.Subscriptions = []app.Subscription{{Filter: "lab/#", QoS: app.QoS1}}
	p.Templates = []app.Template{{Name: "on", Message: app.Publish{Topic: "a"}}}
	p.Position, p.AskPassword = 7, false
	p.Will.Properties.SubscriptionIDs = []uint32{1} // what no field is there for
	b := open(t, p, keyring(true))
	if got := b.save(); !reflect.DeepEqual(got, p) {
		t.Errorf("saved  %+v\nopened %+v", got, p)
	}
	if len(b.changes) != 0 {
		t.Errorf("secrets that nobody touched change: %v", b.changes)
	}
}

func TestOlderVersionsHaveNoFieldsOfMQTT5(t *testing.T) {
	p := full()
	p.Session.AuthenticationMethod = app.MethodSCRAM
	b := open(t, p, keyring(true))
	b.page(sessionPage)
	if !b.seen("receive_max") {
		t.Error("what is set behind a fold does not show")
	}
	b.pick("version", 1)
	for _, name := range []string{"expires", "expiry", "more", "receive_max", "scram", "properties"} {
		if b.seen(name) {
			t.Errorf("%s is shown and not sent with 3.1.1", name)
		}
	}
	b.page(willPage)
	for _, name := range []string{"will.delay", "will.more", "will.content_type"} {
		if b.seen(name) {
			t.Errorf("%s is shown and not sent with 3.1.1", name)
		}
	}
	got := b.save()
	if got.Version != app.V311 || got.Session.AuthenticationMethod != "" {
		t.Errorf("version %v, method %q", got.Version, got.Session.AuthenticationMethod)
	}
	if got.SessionExpiry != p.SessionExpiry || !reflect.DeepEqual(got.Will, p.Will) || got.Session.ReceiveMaximum != 20 {
		t.Errorf("what MQTT 5 sends is lost for the way back: %+v", got)
	}
}

func TestWhenASessionEnds(t *testing.T) {
	for _, c := range []struct {
		name string
		do   func(b *bench)
		want uint32
	}{
		{"at once", func(b *bench) { b.pick("expires", 0) }, 0},
		{"never", func(b *bench) { b.pick("expires", 2) }, 0xFFFFFFFF},
		{"after a day", func(b *bench) { b.field("expiry").SetText("86400") }, 86400},
		{"never, and back", func(b *bench) { b.pick("expires", 2); b.pick("expires", 1) }, 3600},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := open(t, full(), keyring(true))
			b.page(sessionPage)
			c.do(b)
			if got := b.save().SessionExpiry; got != c.want {
				t.Errorf("%d seconds, want %d", got, c.want)
			}
		})
	}
	b := open(t, full(), keyring(true))
	b.page(sessionPage)
	b.field("expiry").SetText("0")
	b.tap("save")
	if b.saves != 0 || len(b.errors()) != 1 {
		t.Errorf("after 0 seconds: complaints %v", b.errors())
	}
}

func TestClientIDModes(t *testing.T) {
	b := open(t, saved(), keyring(true))
	b.page(sessionPage)
	b.pick("client_id.mode", int(app.ClientIDRandom))
	if b.seen("client_id") {
		t.Error("an identifier that is made anew can be written")
	}
	b.pick("client_id.mode", int(app.ClientIDSuffix))
	test.Tap(b.check("clean"))
	if len(b.errors()) != 1 {
		t.Errorf("a kept session with another identifier each time: complaints %v", b.errors())
	}
	test.Tap(b.check("clean"))
	if got := b.save(); got.IDMode != app.ClientIDSuffix || got.ClientID != "me" {
		t.Errorf("profile %+v", got)
	}
}

func TestWrongFieldOfAnotherPageIsMarkedAndFound(t *testing.T) {
	p := full()
	p.Session = app.SessionOptions{}
	b := open(t, p, keyring(true))
	b.page(sessionPage)
	if b.seen("receive_max") {
		t.Fatal("the fold is open though nothing is set in it")
	}
	b.tap("more")
	b.field("receive_max").SetText("70000")
	b.tap("more")
	b.page(generalPage)
	if n := b.note(sessionPage); !n.Marked || !strings.Contains(n.Note, "1") {
		t.Errorf("the page of a wrong field says %+v", n)
	}
	b.tap("connect")
	if b.saves != 0 || b.win.Canvas().Focused() != fyne.Focusable(b.field("receive_max")) || !b.seen("receive_max") {
		t.Error("the wrong field was not brought into sight")
	}
	b.field("receive_max").SetText("20")
	if b.note(sessionPage).Marked {
		t.Error("the page is still marked")
	}
	if got := b.save().Session.ReceiveMaximum; got != 20 {
		t.Errorf("receive maximum %d", got)
	}
}

func TestLargePasteIsRefusedWithAReason(t *testing.T) {
	big := strings.Repeat("x", 20_000)
	b := open(t, saved(), keyring(true))
	b.paste("name", big)
	if e := b.errors(); len(e) != 1 || b.field("name").Text != "Greenhouse" || !b.note(generalPage).Marked {
		t.Errorf("complaints %v", e)
	}
	test.Type(b.field("name"), "!")
	if e := b.errors(); len(e) != 0 {
		t.Errorf("the reason stays: %v", e)
	}
	b.page(networkPage)
	b.page(generalPage)
	b.paste("user", big)
	if got := b.save(); got.User != "ana" { // the text is as it was: nothing hinders saving
		t.Errorf("user of %d bytes", len(got.User))
	}
}

func TestTextTooLargeForAFieldStaysAsItIs(t *testing.T) {
	p := saved()
	p.Notes = strings.Repeat("n", 100_000)
	p.ClientID = strings.Repeat("c", 40_000)
	b := open(t, p, keyring(true))
	if got := b.field("notes"); got.Text != "" || !got.Disabled() {
		t.Error("a text that the toolkit cannot bear was written into a field")
	}
	if got := b.save(); got.Notes != p.Notes || got.ClientID != p.ClientID {
		t.Error("it was lost")
	}
}

func TestPasswordIsSaidToTravelInClear(t *testing.T) {
	p := saved()
	b := open(t, p, keyring(true))
	if !b.hints("form.password.clear") {
		t.Error("no word about a password without TLS")
	}
	test.Tap(b.check("tls"))
	if b.hints("form.password.clear") {
		t.Error("TLS hides it")
	}
	p.Session.AuthenticationMethod = app.MethodSCRAM
	if b = open(t, p, keyring(true)); !b.hints("form.password.scram") {
		t.Error("no word about SCRAM")
	}
}

func TestForeignAuthenticationMethodIsNotDroppedUnasked(t *testing.T) {
	p := saved()
	p.Session.AuthenticationMethod = "GS2-KRB5"
	b := open(t, p, keyring(true))
	b.tap("save")
	if b.saves != 0 || len(b.errors()) != 1 || b.note(sessionPage).Ink == "" {
		t.Errorf("saved %d times, complaints %v", b.saves, b.errors())
	}
	test.Tap(b.check("scram"))
	test.Tap(b.check("scram"))
	if got := b.save().Session.AuthenticationMethod; got != "" {
		t.Errorf("method %q", got)
	}
}
