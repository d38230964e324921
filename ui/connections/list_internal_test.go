package connections

import (
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	ftheme "fyne.io/fyne/v2/theme"

	"tidings/app"
	"tidings/app/desk"
	"tidings/app/i18n"
	"tidings/app/session"
	"tidings/ui/kit"
	"tidings/ui/theme"
	"tidings/ui/uitest"
)

func TestRowTellsTheState(t *testing.T) {
	tr := i18n.New("en")
	at := time.Unix(1000, 0)
	const url = "mqtt://a.example:1883"
	in := func(s session.State) session.Snapshot {
		return session.Snapshot{State: s, NextTry: at.Add(3200 * time.Millisecond)}
	}
	for _, c := range []struct {
		name string
		conn desk.Connection
		want look
	}{
		{"closed", conn("a", false, session.Snapshot{}, 0), look{url, "", theme.ColorMuted, true, false}},
		{"idle", conn("a", true, in(session.Idle), 0), look{url, "", theme.ColorMuted, true, false}},
		{"disconnected", conn("a", true, in(session.Disconnected), 9), look{url, "", theme.ColorMuted, true, false}},
		{"connecting", conn("a", true, in(session.Connecting), 0), look{tr.S("connections.connecting", "URL", url), "", ftheme.ColorNameWarning, false, true}},
		{"waiting", conn("a", true, in(session.Waiting), 0), look{tr.S("connections.retry", "Seconds", 4, "URL", url), "", ftheme.ColorNameWarning, false, true}},
		{"connected", conn("a", true, in(session.Connected), 1240), look{url, tr.S("connections.rate", "Count", "1.2k"), ftheme.ColorNameSuccess, false, true}},
		{"connected, quiet", conn("a", true, in(session.Connected), 0), look{url, "", ftheme.ColorNameSuccess, false, true}},
		{"failed", conn("a", true, in(session.Failed), 0), look{tr.S("connections.failed", "URL", url), "", ftheme.ColorNameError, false, false}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := newLook(tr, c.conn, at); got != c.want {
				t.Errorf("got  %+v\nwant %+v", got, c.want)
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

func TestFoldersAreATree(t *testing.T) {
	h := showList(t, "Lab/b", "Lab/a", "Lab/Room/x", "Home/q", "top")
	h.want("at first", "▾Home .q ▾Lab .▾Room ..x >.b .a top")
	h.toggle(h.at("Room"))
	h.want("one folded", "▾Home .q ▾Lab .▸Room1 >.b .a top")
	h.toggle(h.at("Lab"))
	h.want("the one around it too", "▾Home .q ▸Lab3 top")
	if !slices.Equal(h.folded, []string{"Lab", "Lab/Room"}) {
		t.Errorf("keeps %v", h.folded)
	}
	h.toggle(h.at("Lab"))
	h.want("what was folded inside stays so", "▾Home .q ▾Lab .▸Room1 >.b .a top")
}

func TestFoldedFoldersStayFoldedNextTime(t *testing.T) {
	h := showList(t, "Lab/a", "Home/b")
	again := NewList(h.d, []string{"Lab", "gone"}, h.actions())
	again.SetProfiles(h.profiles)
	h.List = again
	h.want("next time", "▾Home .b ▸Lab1")
}

func TestAFoldedFolderShowsWhatItsConnectionsDo(t *testing.T) {
	h := showList(t, "Lab/a", "Lab/Room/b", "Lab/c", "Lab/d", "Home/q")
	h.conns = []desk.Connection{
		conn("Lab/a", true, session.Snapshot{State: session.Connected}, 3), conn("Lab/Room/b", true, session.Snapshot{State: session.Connected}, 3),
	}
	h.Show(h.conns, "q")
	h.fold(true, "Lab", "Home")
	for _, c := range []struct {
		name  string
		state session.State
		want  fyne.ThemeColorName
	}{
		{"all is well", session.Connected, ftheme.ColorNameSuccess}, {"one tries", session.Waiting, ftheme.ColorNameWarning},
		{"one failed", session.Failed, ftheme.ColorNameError}, {"one was left", session.Disconnected, ftheme.ColorNameSuccess},
	} {
		h.conns = append(h.conns[:2], conn("Lab/c", true, session.Snapshot{State: c.state}, 0))
		h.Show(h.conns, "q")
		r := kit.Row{Cells: make([]kit.Cell, 2)}
		source{h.m, h.List}.Row(h.at("Lab"), &r)
		want := "2/4"
		if c.state == session.Connected {
			want = "3/4"
		}
		if r.Stripe != ink(c.want) || r.Cells[1].Text != want {
			t.Errorf("%s: mark %v, count %q", c.name, r.Stripe, r.Cells[1].Text)
		}
	}
	if got := h.tip(h.at("Lab")); got != "Lab\n4 connections, 2 connected" {
		t.Errorf("tip %q", got)
	}
}

func TestListMarksTheChosenOneWithoutChoosing(t *testing.T) {
	h := showList(t, "b", "a", "Lab/c")
	h.want("at first", "▾Lab .c >b a")
	h.Show(h.conns, "c")
	h.want("another", "▾Lab >.c b a")
	h.fold(true, "Lab")
	h.want("hidden", "▸Lab1 b a")
	h.Show(h.conns, "gone")
	if h.rows.Selected() != -1 || len(h.calls) != 0 {
		t.Errorf("row %d is marked, heard %v", h.rows.Selected(), h.calls)
	}
}

func TestListHearsKeyboardAndPointer(t *testing.T) {
	h := showList(t, "a", "b", "c")
	h.keys("Down", "Return")
	h.rows.TappedSecondary(&fyne.PointEvent{Position: fyne.NewPos(30, 90), AbsolutePosition: fyne.NewPos(30, 90)})
	if want := []string{"select b", "open b", "select c"}; !slices.Equal(h.calls, want) {
		t.Errorf("heard %v, want %v", h.calls, want)
	}
	if h.win.Canvas().Overlays().Top() == nil {
		t.Error("no menu is open")
	}
}

// What is shown beside the list stands in it, whatever is deleted.
func TestDeletingUnderAFilterShowsWhatIsListed(t *testing.T) {
	h := showList(t, "a", "Lab/emqx 1", "b", "Lab/emqx 2", "c", "emqx 3")
	h.filter.SetText("emqx")
	h.Show(h.conns, "emqx 2")
	for _, step := range []struct{ chosen, filter, rows string }{
		{"emqx 1", "emqx", "▾Lab >.emqx 1 emqx 3"},
		{"emqx 3", "emqx", ">emqx 3"},
		{"c", "", "a b >c"}, // none is left: another one, and all are listed
	} {
		h.keys("Delete")
		h.want("deleted", step.rows)
		if h.chosen != step.chosen || h.filter.Text != step.filter {
			t.Errorf("%q is shown, filter %q; want %q, %q", h.chosen, h.filter.Text, step.chosen, step.filter)
		}
	}
	h.filter.SetText("b")
	h.Undo()
	h.Show(h.conns, "emqx 3") // as the window does
	if h.filter.Text != "" || h.m.find("c/emqx 3") != h.rows.Selected() {
		t.Errorf("what was brought back is not listed and marked: filter %q, row %d", h.filter.Text, h.rows.Selected())
	}
}

// A colour of a file is not lost to the eye because it is not on offer.
func TestAColourThatIsNotOfferedIsInTheMenu(t *testing.T) {
	h := showList(t, "a")
	h.profiles[0].Color = "#b8982a"
	h.sync()
	if m := h.menuOf("a")["#b8982a"]; m == nil || !m.Checked || m.Icon == nil {
		t.Errorf("the menu shows %v", m)
	}
}

func TestTheColourIsAMarkOfItsOwn(t *testing.T) {
	h := showList(t, "a")
	items := h.menuOf("a")
	items["Teal"].Action()
	r := kit.Row{Cells: make([]kit.Cell, 2)}
	source{h.m, h.List}.Row(0, &r)
	if r.Tag != theme.TagColor("#2fb9a6") || r.Stripe == r.Tag {
		t.Errorf("tag %v, state %v", r.Tag, r.Stripe)
	}
	if again := h.menuOf("a"); !again["Teal"].Checked || again["No colour"].Checked || again["Teal"].Icon == nil {
		t.Error("the menu does not show the colour chosen")
	}
	h.menuOf("a")["No colour"].Action()
	if h.profiles[0].Color != "" {
		t.Error("the colour stays")
	}
	for _, bad := range []string{"teal", "#12345g", "#123", "2fb9a6#"} {
		if theme.TagColor(bad).A != 0 {
			t.Errorf("%q is a colour", bad)
		}
	}
}

func TestNotesAreInTheTip(t *testing.T) {
	h := showList(t, "a")
	h.change("a", func(p *app.Profile) { p.Notes = "key is\nwith Ana" })
	if got, want := h.tip(0), "a\nmqtt://a.example:1883\n\nkey is\nwith Ana"; got != want {
		t.Errorf("tip %q", got)
	}
}

func TestEmptyListsSayWhy(t *testing.T) {
	h := showList(t)
	if got, want := h.rows.AccessibilityLabel(), h.d.Tr.S("connections.none"); got != want {
		t.Errorf("without connections: %q", got)
	}
	h = showList(t, "a")
	h.filter.SetText("zzz")
	if got, want := h.rows.AccessibilityLabel(), h.d.Tr.S("connections.none_match"); got != want {
		t.Errorf("without a match: %q", got)
	}
}

func TestNewConnectionsComeToTheFolderAtHand(t *testing.T) {
	h := showList(t, "Lab/a", "b")
	for _, c := range []struct{ row, want string }{{"a", "new Lab"}, {"Lab", "new Lab"}, {"b", "new "}} {
		h.calls = nil
		h.rows.Select(h.at(c.row))
		h.calls = nil
		uitest.Tap(h.names.Get("connections.new"))
		if !slices.Equal(h.calls, []string{c.want}) {
			t.Errorf("on %s: %v", c.row, h.calls)
		}
	}
}

func TestNobodyLooksAtAllProfilesPerFrame(t *testing.T) {
	h := showList(t, many(2000)...)
	before := h.m.built
	allocs := testing.AllocsPerRun(100, func() {
		h.conns = []desk.Connection{conn("Site 00/Room 0/device 0003", true, session.Snapshot{State: session.Connected}, float64(time.Now().UnixNano()))}
		h.Show(h.conns, h.chosen)
	})
	if h.m.built != before {
		t.Errorf("rows were made %d times in 100 frames", h.m.built-before)
	}
	if allocs > 100 {
		t.Errorf("a frame with one open connection of 2000 takes %v allocations", allocs)
	}
	h.filter.SetText("device 1234")
	h.want("one of 2000", "▾Site 12 .▾Room 3 ..device 1234")
	if n := h.m.built - before; n != 1 {
		t.Errorf("a change of the filter makes the rows %d times", n)
	}
}

func BenchmarkFilter2000(b *testing.B) {
	h := showList(b, many(2000)...)
	for b.Loop() {
		h.m.query = "device 19"
		h.m.build()
		h.m.query = ""
		h.m.build()
	}
}

func BenchmarkFrame2000(b *testing.B) {
	h := showList(b, many(2000)...)
	open := []desk.Connection{conn("Site 00/Room 0/device 0003", true, session.Snapshot{State: session.Connected}, 0)}
	rate := 0.0
	for b.Loop() {
		rate++
		open[0].Workspace.Rates.In = rate
		h.Show(open, h.chosen)
		h.rows.ScrollBy(1)
	}
}

func BenchmarkProfiles2000(b *testing.B) {
	h := showList(b, many(2000)...)
	for b.Loop() {
		h.SetProfiles(h.profiles)
	}
}
