package header

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2/test"

	"tidings/app"
	"tidings/app/session"
)

func TestAFailureThatTheSettingsMayMendOffersToEditThem(t *testing.T) {
	failed := session.Snapshot{State: session.Failed, LastError: &app.Error{What: app.Say("refused")}}
	if !fitting(failed)[edit] {
		t.Error("a closed port does not offer to edit the connection")
	}
	untrusted := failed
	untrusted.Untrusted = &session.Untrusted{}
	if fitting(untrusted)[edit] {
		t.Error("a certificate to look at offers to edit the connection first")
	}
}

func TestEditingAfterAFailureIsToldOfIt(t *testing.T) {
	h, did := build(t)
	h.Show(conn(session.Snapshot{State: session.Failed, LastError: &app.Error{What: app.Say("connect.wrong_password")}}))
	test.Tap(h.trouble.buttons[edit])
	if len(did.calls) != 1 || did.calls[0] != "mend connect.wrong_password id" {
		t.Errorf("the button did %v", did.calls)
	}
}

// While the local broker does not run, advice about ports and networks leads
// nowhere: one button starts it.
func TestAStoppedLocalBrokerOffersToStartIt(t *testing.T) {
	h, did := build(t)
	for _, state := range []session.State{session.Connecting, session.Waiting, session.Failed} {
		c := conn(session.Snapshot{State: state, LastError: &app.Error{What: app.Say("connect.link_closed")}})
		c.Profile.LocalBroker, c.BrokerStopped = true, true
		h.Show(c)
		if n := h.trouble.banner.Notice(); n.Text != "The local broker is stopped." || !h.trouble.banner.Visible() {
			t.Errorf("%v: the banner says %q", state, n.Text)
		}
		test.Tap(h.trouble.buttons[startBroker])
		c.BrokerStopped = false
		h.Show(c)
		if n := h.trouble.banner.Notice(); h.trouble.banner.Visible() && n.Text == "The local broker is stopped." {
			t.Errorf("%v: the banner stays when the broker runs", state)
		}
	}
	if len(did.calls) != 3 || did.calls[0] != "connect id" {
		t.Errorf("the button did %v", did.calls)
	}
	c := conn(session.Snapshot{State: session.Disconnected})
	c.BrokerStopped = true
	if h.Show(c); h.trouble.banner.Visible() {
		t.Error("a connection that a person ended complains")
	}
}

// While the link is being restored the banner comes and goes, and keeps to one
// line. A failure stays: what to do about it has room, however long it is.
func TestAFailureThatStaysHasRoomForItsAdvice(t *testing.T) {
	h, _ := build(t)
	for state, line := range map[session.State]bool{session.Connecting: true, session.Waiting: true, session.Failed: false} {
		h.Show(conn(session.Snapshot{State: state, LastError: &app.Error{What: app.Say("connect.link_closed", "Address", "a")}}))
		if got := h.trouble.banner.Notice().Line; got != line {
			t.Errorf("%v: one line %v, want %v", state, got, line)
		}
	}
}

func TestTheBannerNamesTheRivalOfThisWindow(t *testing.T) {
	h, _ := build(t)
	c := conn(session.Snapshot{State: session.Failed, LastError: &app.Error{What: app.Say("connect.link_closed", "Address", "a"), Do: app.Say("connect.evicted.do")}})
	for _, rival := range []string{"", "Secure lab", ""} {
		c.Rival = rival
		h.Show(c)
		if n := h.trouble.banner.Notice(); strings.HasPrefix(n.Advice, "“Secure lab”, open here too, uses this client ID.") != (rival != "") {
			t.Errorf("with the rival %q: %q", rival, n.Advice)
		}
	}
}
