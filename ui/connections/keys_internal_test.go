package connections

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"tidings/app"
	"tidings/app/desk"
	"tidings/app/session"
	"tidings/ui/theme"
	"tidings/ui/uitest"
)

func TestFilterLooksEverywhereWithoutCaseAndAccents(t *testing.T) {
	h := showList(t, "Estufa São João/Sensor Ñ", "Estufa São João/Porta", "Home/Zigbee", "Local")
	h.change("Local", func(p *app.Profile) { p.Notes = "the key is with Ana" })
	for filter, want := range map[string]string{
		"":             "▾Estufa São João .Sensor Ñ .Porta ▾Home .Zigbee Local",
		"SENSOR N":     "▾Estufa São João .Sensor Ñ",
		"sao joao":     "▾Estufa São João .Sensor Ñ .Porta",
		" ana ":        "Local",
		"zigbee.ex":    "▾Home .Zigbee",
		"joao porta":   "▾Estufa São João .Porta",
		"nothing like": "",
	} {
		h.filter.SetText(filter)
		got := h.looks()
		if got = strings.Replace(got, ">", "", 1); got != want {
			t.Errorf("filter %q leaves %s, want %s", filter, got, want)
		}
	}
}

func TestWhatIsFoundIsShownInFoldedFoldersToo(t *testing.T) {
	h := showList(t, "a", "Lab/b", "Lab/Room/c")
	h.fold(true, "Lab", "Lab/Room")
	h.folded = nil
	h.filter.SetText("c")
	h.want("found", "▾Lab .▾Room ..c")
	h.toggle(0)
	if h.folded != nil {
		t.Error("folding what a filter found is remembered")
	}
	h.filter.SetText("")
	h.want("afterwards", "▸Lab2 >a")
}

func TestKeysOfTheFilter(t *testing.T) {
	h := showList(t, "a", "Lab/zb", "Lab/zc")
	h.FocusFilter()
	h.filter.SetText("z")
	uitest.Keys(h.filter, fyne.KeyReturn)
	if !slices.Equal(h.calls, []string{"open zb"}) {
		t.Errorf("Enter: %v", h.calls)
	}
	uitest.Keys(h.filter, fyne.KeyDown)
	if h.win.Canvas().Focused() != fyne.Focusable(h.rows) {
		t.Error("Down does not lead to the list")
	}
	h.want("after Down", "▾Lab >.zb .zc")
	h.keys("Down", "Return")
	if !slices.Equal(h.calls[1:], []string{"select zb", "select zc", "open zc"}) {
		t.Errorf("in the list: %v", h.calls)
	}
	h.FocusFilter()
	uitest.Keys(h.filter, fyne.KeyEscape)
	if h.filter.Text != "" {
		t.Error("Escape does not clear")
	}
	h.want("after Escape", "▾Lab .zb >.zc a")
	h.filter.SetText("zb")
	h.keys("Escape")
	if h.filter.Text != "" {
		t.Error("Escape in the list does not clear the filter")
	}
	passed := 0
	h.win.Canvas().SetOnTypedKey(func(*fyne.KeyEvent) { passed++ })
	uitest.Keys(h.filter, fyne.KeyEscape)
	if passed != 1 {
		t.Error("Escape in an empty filter goes nowhere")
	}
}

func TestArrowsFoldAndWalkTheTree(t *testing.T) {
	h := showList(t, "Lab/Room/x", "Lab/a", "top")
	h.want("at first", "▾Lab .▾Room >..x .a top")
	for _, c := range []struct{ key, want string }{
		{"Left", "▾Lab >.▾Room ..x .a top"}, {"Left", "▾Lab >.▸Room1 .a top"}, {"Left", ">▾Lab .▸Room1 .a top"},
		{"Left", ">▸Lab2 top"}, {"Right", ">▾Lab .▸Room1 .a top"}, {"Right", "▾Lab >.▸Room1 .a top"},
		{"Return", "▾Lab >.▾Room ..x .a top"}, {"End", "▾Lab .▾Room ..x .a >top"}, {"Home", ">▾Lab .▾Room ..x .a top"},
	} {
		h.keys(c.key)
		h.want(c.key, c.want)
	}
}

func TestTypingFindsARow(t *testing.T) {
	h := showList(t, "Alpha", "Lab/Ávila", "Beta", "Alps")
	now := time.Unix(0, 0)
	h.now = func() time.Time { return now }
	typed := func(text, want string) {
		t.Helper()
		now = now.Add(2 * time.Second)
		uitest.Type(h.rows, text)
		if got := h.name(h.rows.Selected()); got != want {
			t.Errorf("typing %q leads to %s, want %s", text, got, want)
		}
	}
	typed("b", "Beta")
	typed("alp", "Alps")
	typed("a", "Ávila")
	typed("a", "Alpha")
	typed("LAB", "Lab")
	typed("zzz", "Lab")
	typed(" ", "Lab")
}

func TestDeletionIsUndoneFromTheKeyboard(t *testing.T) {
	h := showList(t, "b", "a", "c", "Lab/x")
	h.keys("Delete")
	h.want("deleted", "▾Lab .x >a c")
	h.keys("Delete")
	h.want("deleted two", "▾Lab .x >c")
	h.keys("Undo")
	h.want("one back", "▾Lab .x a >c")
	h.keys("Undo", "Undo")
	h.want("both back", "▾Lab .x b a >c")
}

func TestRenamingInPlace(t *testing.T) {
	h := showList(t, "Lab/a", "Lab/Room/x", "Home/b")
	h.keys("F2")
	h.typeName("  z ", fyne.KeyReturn)
	h.want("renamed", "▾Home .b ▾Lab .▾Room ..x >.z")
	h.keys("F2")
	h.typeName("other", fyne.KeyEscape)
	h.keys("F2")
	h.typeName("  ", fyne.KeyReturn)
	h.want("left", "▾Home .b ▾Lab .▾Room ..x >.z")
	if h.win.Canvas().Focused() != fyne.Focusable(h.rows) {
		t.Error("the list does not get the keyboard back")
	}
	h.fold(true, "Lab/Room")
	h.keys("Up", "Up", "F2")
	h.typeName("Office", fyne.KeyReturn)
	h.want("a folder", "▾Home .b >▾Office .▸Room1 .z")
	if !slices.Equal(h.folded, []string{"Office/Room"}) {
		t.Errorf("keeps %v folded", h.folded)
	}
	h.keys("F2")
	h.typeName("Home", fyne.KeyReturn)
	h.want("merged", ">▾Home .▸Room1 .b .z")
	h.keys("Undo")
	if got := h.looks(); got != "▾Home .b ▾Office .▾Room ..x .z" && got != ">▾Home .b ▾Office .▾Room ..x .z" {
		t.Errorf("undone: %s", got)
	}
}

// What the menus change can be taken back, step by step, unless somebody has
// changed it once more elsewhere.
func TestNamesAndColoursCanBeTakenBack(t *testing.T) {
	h := showList(t, "a", "b")
	h.keys("F2")
	h.typeName("first", fyne.KeyReturn)
	h.keys("Undo", "F2")
	h.typeName("a", fyne.KeyReturn) // which changes nothing
	if h.want("taken back", ">a b"); h.CanUndo() {
		t.Error("there is something to undo, and nothing was changed")
	}
	h.keys("F2")
	h.typeName("z", fyne.KeyReturn)
	tag := theme.Tags()[0]
	h.menuOf("b")[h.d.Tr.S(tag.Key)].Action()
	if h.profiles[1].Color != tag.Hex {
		t.Fatalf("b has the colour %q", h.profiles[1].Color)
	}
	if h.keys("Undo"); h.profiles[1].Color != "" {
		t.Error("the colour is still there")
	}
	h.change("a", func(p *app.Profile) { p.Name = "in the form" })
	h.keys("Undo")
	h.want("named elsewhere since", "in the form >b")
}

func TestFoldersFromTheMenu(t *testing.T) {
	h := showList(t, "a", "b", "Lab/c", "Lab/Room/d")
	h.menuOf("a")["New folder…"].Action()
	h.typeName("Site / Hall", fyne.KeyReturn)
	h.want("made", "▾Lab .▾Room ..d .c ▾Site .▾Hall >..a b")
	h.menuOf("b")["Lab / Room"].Action()
	h.want("moved", "▾Lab .▾Room >..b ..d .c ▾Site .▾Hall ..a")
	h.menuOf("a")["No folder"].Action()
	h.want("a folder ends with its last connection", "▾Lab .▾Room ..b ..d .c >a")
	items := h.menuOf("Lab")
	if !items["Lab / Room"].Disabled || !items["Lab"].Disabled {
		t.Error("a folder can be put into itself")
	}
	h.menuOf("Room")["No folder"].Action()
	h.want("a folder moved", "▾Lab .c >▾Room .b .d a")
	h.menuOf("Room")["Remove folder, keep connections"].Action()
	h.want("removed", "▾Lab .c >a b d")
	h.keys("Undo")
	h.want("undone", "▾Lab .c ▾Room .b .d >a")
}

func TestAFolderConnectsAndDisconnectsAtOnce(t *testing.T) {
	h := showList(t, "Lab/a", "Lab/b", "Lab/Room/c", "Home/d")
	items := h.menuOf("Lab")
	items["Connect all"].Action()
	if !items["Disconnect all"].Disabled {
		t.Error("there is nothing to disconnect")
	}
	h.conns = []desk.Connection{
		conn("Lab/a", true, session.Snapshot{State: session.Connected}, 0), conn("Lab/Room/c", true, session.Snapshot{State: session.Waiting}, 0),
		conn("Home/d", true, session.Snapshot{State: session.Connected}, 0),
	}
	h.Show(h.conns, "a")
	items = h.menuOf("Lab")
	items["Connect all"].Action()
	items["Disconnect all"].Action()
	if want := []string{"connect c,a,b", "connect b", "disconnect c,a"}; !slices.Equal(h.calls, want) {
		t.Errorf("heard %v, want %v", h.calls, want)
	}
}
