package brokercard

import (
	"slices"
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

type fake struct {
	state desk.BrokerState
	calls []string
}

func (f *fake) Broker() desk.BrokerState { return f.state }
func (f *fake) StartBroker()             { f.calls = append(f.calls, "start") }
func (f *fake) StopBroker()              { f.calls = append(f.calls, "stop") }

func TestCardTellsTheState(t *testing.T) {
	tr := i18n.New("en")
	for _, c := range []struct {
		name    string
		in      desk.BrokerState
		state   state
		facts   string
		trouble string
		failed  bool
	}{
		{"stopped", desk.BrokerState{}, stopped, tr.S("broker.stopped"), "", false},
		{"starting", desk.BrokerState{Busy: true}, busy, tr.S("broker.starting"), "", false},
		{"stopping", desk.BrokerState{Busy: true, Running: true}, busy, tr.S("broker.stopping"), "", false},
		{"running", desk.BrokerState{Running: true, Host: "127.0.0.1", Port: 1883, WantedPort: 1883, Clients: 2}, running, "127.0.0.1:1883 · " + tr.S("broker.clients", "N", 2), "", false},
		{
			"another port", desk.BrokerState{Running: true, Host: "::1", Port: 1884, WantedPort: 1883, Clients: 1}, running,
			"[::1]:1884 · " + tr.S("broker.clients", "N", 1), tr.S("broker.port_taken", "Wanted", 1883, "Port", 1884), false,
		},
		{
			"loses messages", desk.BrokerState{Running: true, Host: "h", Port: 1884, WantedPort: 1883, Dropped: 3}, running,
			"h:1884 · " + tr.S("broker.clients", "N", 0), tr.S("broker.dropped", "N", 3), false,
		},
		{"failed", desk.BrokerState{Err: &app.Error{What: app.Say("broker.failed")}}, stopped, tr.S("broker.stopped"), tr.S("broker.failed"), true},
	} {
		t.Run(c.name, func(t *testing.T) {
			want := view{state: c.state, facts: c.facts, trouble: c.trouble, failed: c.failed}
			if got := look(tr, c.in); got != want {
				t.Errorf("got  %+v\nwant %+v", got, want)
			}
		})
	}
}

func TestCardStartsStopsAndWaits(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(theme.New(theme.Dark, 1))
	w := test.NewTempWindow(t, widget.NewLabel(""))
	f := &fake{}
	connects := 0
	c := New(kit.Deps{Tr: i18n.New("en"), Names: &kit.Names{}, Window: w}, f, func() { connects++ })
	w.SetContent(c.Object())
	w.Resize(fyne.NewSize(236, 120))
	test.Tap(c.run)
	f.state.Busy = true
	c.Sync()
	test.Tap(c.run) // says that it is busy and does nothing
	test.Tap(c.connect)
	f.state = desk.BrokerState{Running: true, Host: "127.0.0.1", Port: 1883}
	c.Sync()
	test.Tap(c.run)
	test.Tap(c.connect)
	if !slices.Equal(f.calls, []string{"start", "stop"}) || connects != 1 {
		t.Errorf("calls %v, %d connects", f.calls, connects)
	}
}
