package welcome

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"tidings/app"
	"tidings/app/desk"
	"tidings/app/i18n"
	"tidings/ui/kit"
	"tidings/ui/theme"
)

type fake struct{ state desk.BrokerState }

func (f *fake) Broker() desk.BrokerState { return f.state }

func TestInvitationFollowsTheBroker(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(theme.New(theme.Dark, 1))
	w := test.NewTempWindow(t, widget.NewLabel(""))
	f := &fake{}
	starts, connects := 0, 0
	d := kit.Deps{Tr: i18n.New("en"), Names: &kit.Names{}, Window: w}
	p := New(d, f, func() { starts++ }, func() { connects++ }, func() {})
	w.SetContent(p.Object())
	w.Resize(fyne.NewSize(900, 500))
	remote, _ := d.Names.Get("welcome.connect").(*kit.Button)
	test.Tap(p.start)
	test.Tap(remote)
	if starts != 1 || connects != 1 {
		t.Fatalf("%d starts, %d forms", starts, connects)
	}
	f.state.Busy = true
	p.Sync()
	test.Tap(p.start)
	if starts != 1 || !p.busy.Visible() || p.status.Text != d.Tr.S("welcome.starting") {
		t.Errorf("while it starts: %d starts, progress %v, says %q", starts, p.busy.Visible(), p.status.Text)
	}
	f.state = desk.BrokerState{Running: true, Port: 1885, WantedPort: 1883}
	p.Sync()
	if p.busy.Visible() || p.status.Text != d.Tr.S("broker.port_taken", "Wanted", 1883, "Port", 1885) {
		t.Errorf("on another port: progress %v, says %q", p.busy.Visible(), p.status.Text)
	}
	f.state = desk.BrokerState{Err: &app.Error{What: app.Say("broker.failed")}}
	p.Sync()
	if p.status.Importance != widget.DangerImportance || p.status.Hidden || p.start.Disabled() {
		t.Errorf("after a failure: importance %v, hidden %v, disabled %v", p.status.Importance, p.status.Hidden, p.start.Disabled())
	}
}
