package connections

import (
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	ftheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tidings/app"
	"tidings/app/desk"
	"tidings/app/i18n"
	"tidings/app/session"
	"tidings/app/workspace"
	"tidings/ui/kit"
	"tidings/ui/theme"
)

func conn(name string, open bool, s session.Snapshot, rate float64) desk.Connection {
	p := app.DefaultProfile()
	p.ID, p.Name, p.Host = "id-"+name, name, name+".example"
	return desk.Connection{Profile: p, Open: open, Workspace: workspace.Snapshot{Session: s, Rates: workspace.Rates{In: rate}}}
}

func TestRowTellsTheState(t *testing.T) {
	tr := i18n.New("en")
	at := time.Unix(1000, 0)
	const url = "mqtt://a.example:1883"
	in := func(s session.State) session.Snapshot {
		return session.Snapshot{State: s, NextTry: at.Add(3200 * time.Millisecond)}
	}
	for _, c := range []struct {
		name         string
		conn         desk.Connection
		detail, rate string
		color        fyne.ThemeColorName
		hollow       bool
	}{
		{"closed", conn("a", false, session.Snapshot{}, 0), url, "", theme.ColorMuted, true},
		{"idle", conn("a", true, in(session.Idle), 0), url, "", theme.ColorMuted, true},
		{"disconnected", conn("a", true, in(session.Disconnected), 9), url, "", theme.ColorMuted, true},
		{"connecting", conn("a", true, in(session.Connecting), 0), tr.S("connections.connecting", "URL", url), "", ftheme.ColorNameWarning, false},
		{"waiting", conn("a", true, in(session.Waiting), 0), tr.S("connections.retry", "Seconds", 4, "URL", url), "", ftheme.ColorNameWarning, false},
		{"connected", conn("a", true, in(session.Connected), 1240), url, tr.S("connections.rate", "Count", "1.2k"), ftheme.ColorNameSuccess, false},
		{"connected, quiet", conn("a", true, in(session.Connected), 0), url, "", ftheme.ColorNameSuccess, false},
		{"failed", conn("a", true, in(session.Failed), 0), tr.S("connections.failed", "URL", url), "", ftheme.ColorNameError, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := newRow(tr, c.conn, at)
			want := row{id: "id-a", name: "a", detail: c.detail, rate: c.rate, color: c.color, hollow: c.hollow}
			if got != want {
				t.Errorf("got  %+v\nwant %+v", got, want)
			}
		})
	}
}

func TestRateIsShort(t *testing.T) {
	tr := i18n.New("en")
	for rate, want := range map[float64]string{
		0.4: "", 0.5: "0", 1: "1", 999.4: "999", 999.6: "1.0k", 1240: "1.2k", 99_949: "99.9k", 99_960: "100k", 999_600: "1.0M", 2.5e6: "2.5M",
	} {
		if want != "" {
			want = tr.S("connections.rate", "Count", want)
		}
		if got := compactRate(tr, rate); got != want {
			t.Errorf("%v: %q, want %q", rate, got, want)
		}
	}
}

// heard notes what the list asks for.
type heard struct{ calls []string }

func (h *heard) note(what string) func(string) {
	return func(id string) { h.calls = append(h.calls, what+" "+id) }
}

func showList(t *testing.T) (*List, *heard, fyne.Window) {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(theme.New(theme.Dark, 1))
	w := test.NewTempWindow(t, widget.NewLabel(""))
	h := &heard{}
	l := NewList(kit.Deps{Tr: i18n.New("en"), Names: &kit.Names{}, Window: w}, Actions{
		New: func() { h.calls = append(h.calls, "new") }, Select: h.note("select"), Open: h.note("open"), Delete: h.note("delete"),
		Menu: func(id string) []*fyne.MenuItem {
			h.note("menu")(id)
			return []*fyne.MenuItem{fyne.NewMenuItem("x", nil)}
		},
	})
	w.SetContent(l.Object())
	w.Resize(fyne.NewSize(240, 500))
	l.Show([]desk.Connection{
		conn("Greenhouse", true, session.Snapshot{State: session.Connected}, 3), conn("Local", false, session.Snapshot{}, 0), conn("Zigbee", false, session.Snapshot{}, 0),
	}, "id-Local")
	return l, h, w
}

func TestListMarksTheChosenOneWithoutChoosing(t *testing.T) {
	l, h, _ := showList(t)
	if l.rows.Selected() != 1 || len(h.calls) != 0 {
		t.Errorf("row %d is marked, heard %v", l.rows.Selected(), h.calls)
	}
	l.Show(l.conns, "id-Zigbee")
	l.Show(l.conns[:1], "id-Zigbee")
	if l.rows.Selected() != -1 || len(h.calls) != 0 {
		t.Errorf("after the chosen one went: row %d is marked, heard %v", l.rows.Selected(), h.calls)
	}
}

func TestListHearsKeyboardAndPointer(t *testing.T) {
	l, h, w := showList(t)
	w.Canvas().Focus(l.rows)
	for _, k := range []fyne.KeyName{fyne.KeyDown, fyne.KeyReturn, fyne.KeyDelete} {
		l.rows.TypedKey(&fyne.KeyEvent{Name: k})
	}
	l.rows.TappedSecondary(&fyne.PointEvent{Position: fyne.NewPos(30, 10), AbsolutePosition: fyne.NewPos(30, 90)})
	want := []string{"select id-Zigbee", "open id-Zigbee", "delete id-Zigbee", "select id-Greenhouse", "menu id-Greenhouse"}
	if !slices.Equal(h.calls, want) {
		t.Errorf("heard %v, want %v", h.calls, want)
	}
	if w.Canvas().Overlays().Top() == nil {
		t.Error("no menu is open")
	}
}

func TestFilterLooksAtNameAndAddress(t *testing.T) {
	l, _, _ := showList(t)
	for filter, want := range map[string][]string{
		"": {"Greenhouse", "Local", "Zigbee"}, "GREEN": {"Greenhouse"}, " zigbee.example ": {"Zigbee"}, ":1883": {"Greenhouse", "Local", "Zigbee"}, "none": nil,
	} {
		l.filter.SetText(filter)
		var got []string
		for _, r := range l.shown {
			got = append(got, r.name)
		}
		if !slices.Equal(got, want) {
			t.Errorf("filter %q leaves %v, want %v", filter, got, want)
		}
	}
}

func TestRowsAreDrawnAnewOnlyWhenTheyDiffer(t *testing.T) {
	l, _, _ := showList(t)
	before := &l.shown[0]
	l.Show(slices.Clone(l.conns), "id-Local")
	if &l.shown[0] != before {
		t.Error("equal rows replaced what is shown")
	}
	next := slices.Clone(l.conns)
	next[0].Workspace.Rates.In = 7
	l.Show(next, "id-Local")
	if l.shown[0].rate == "" || &l.shown[0] == before {
		t.Error("another rate is not shown")
	}
}
