package header

import (
	"testing"

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
