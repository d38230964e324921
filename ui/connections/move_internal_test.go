package connections

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"pgregory.net/rapid"

	"tidings/app"
)

func TestKeysMoveUpAndDownOutAndIn(t *testing.T) {
	h := showList(t, "b", "Home/h", "Lab/x", "Lab/y", "Lab/Room/r", "a", "c")
	h.want("at first", "▾Home .h ▾Lab .▾Room ..r .x .y >b a c")
	for _, c := range []struct{ keys, want string }{
		{"Alt+Down", "▾Home .h ▾Lab .▾Room ..r .x .y a >b c"},
		{"Alt+Down", "▾Home .h ▾Lab .▾Room ..r .x .y a c >b"},
		{"Alt+Down", "▾Home .h ▾Lab .▾Room ..r .x .y a c >b"}, // the end
		{"Alt+Up", "▾Home .h ▾Lab .▾Room ..r .x .y a >b c"},
		{"Alt+Right", "▾Home .h ▾Lab .▾Room ..r .x .y >.b a c"}, // the nearest folder above
		{"Alt+Up", "▾Home .h ▾Lab .▾Room ..r .x >.b .y a c"},
		{"Alt+Right", "▾Home .h ▾Lab .▾Room >..b ..r .x .y a c"},
		{"Alt+Right", "▾Home .h ▾Lab .▾Room >..b ..r .x .y a c"}, // no folder beside it
		{"Alt+Left", "▾Home .h ▾Lab .▾Room ..r .x .y >.b a c"},
		{"Alt+Left", "▾Home .h ▾Lab .▾Room ..r .x .y a c >b"},
		{"Alt+Left", "▾Home .h ▾Lab .▾Room ..r .x .y a c >b"},
		{"Home Down Down Alt+Right", "▾Home .▾Lab ..▾Room ...r ..x ..y .h a c b"}, // a folder
	} {
		h.keys(strings.Fields(c.keys)...)
		got := h.looks()
		if strings.HasPrefix(c.keys, "Home") {
			got = strings.Replace(got, ">", "", 1)
		}
		if got != c.want {
			t.Fatalf("%s:\ngot  %s\nwant %s", c.keys, got, c.want)
		}
	}
	for range 20 {
		h.keys("Undo")
	}
	if got := strings.Replace(h.looks(), ">", "", 1); got != "▾Home .h ▾Lab .▾Room ..r .x .y b a c" {
		t.Errorf("all undone: %s", got)
	}
}

func TestDraggingMovesToWhereTheLineIs(t *testing.T) {
	start := []string{"a", "Lab/x", "Lab/y", "Lab/Room/r", "Home/h", "b", "c"}
	for _, c := range []struct {
		name     string
		from, to string
		part     float32
		depth    int
		want     string
	}{
		{"up", "c", "a", 0.2, 0, "▾Home .h ▾Lab .▾Room ..r .x .y c a b"},
		{"down", "a", "b", 0.8, 0, "▾Home .h ▾Lab .▾Room ..r .x .y b a c"},
		{"to the end", "a", "", 0, 0, "▾Home .h ▾Lab .▾Room ..r .x .y b c a"},
		{"onto itself", "a", "a", 0.8, 0, "▾Home .h ▾Lab .▾Room ..r .x .y a b c"},
		{"onto a folder", "a", "Home", 0.5, 0, "▾Home .a .h ▾Lab .▾Room ..r .x .y b c"},
		{"between those of a folder", "a", "y", 0.2, 0, "▾Home .h ▾Lab .▾Room ..r .x .a .y b c"},
		{"behind the last of a folder", "c", "y", 0.8, 1, "▾Home .h ▾Lab .▾Room ..r .x .y .c a b"},
		{"the same, further left: out of it", "c", "y", 0.8, 0, "▾Home .h ▾Lab .▾Room ..r .x .y c a b"},
		{"out of a folder", "x", "b", 0.2, 0, "▾Home .h ▾Lab .▾Room ..r .y a x b c"},
		{"out of a deep one, one level", "r", "x", 0.2, 1, "▾Home .h ▾Lab .r .x .y a b c"},
		{"behind the last of the first folder: not out, folders come first", "c", "h", 0.8, 0, "▾Home .h .c ▾Lab .▾Room ..r .x .y a b"},
		{"the last one of a folder ends it", "h", "c", 0.8, 0, "▾Lab .▾Room ..r .x .y a b c h"},
		{"a folder into another", "Home", "Room", 0.5, 0, "▾Lab .▾Room ..▾Home ...h ..r .x .y a b c"},
		{"a folder into that of a connection", "Home", "y", 0.5, 0, "▾Lab .▾Home ..h .▾Room ..r .x .y a b c"},
		{"a folder out of another", "Room", "b", 0.5, 0, "▾Home .h ▾Lab .x .y ▾Room .r a b c"},
		{"a folder into itself", "Lab", "Room", 0.5, 0, "▾Home .h ▾Lab .▾Room ..r .x .y a b c"},
		{"a folder to where it is", "Room", "x", 0.5, 0, "▾Home .h ▾Lab .▾Room ..r .x .y a b c"},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := showList(t, start...)
			h.drag(c.from, c.to, c.part, c.depth)
			if got := strings.Replace(h.looks(), ">", "", 1); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestAFilteredListTakesIntoFoldersOnly(t *testing.T) {
	h := showList(t, "a", "ab", "Lab/x", "ac")
	h.filter.SetText("a")
	h.drag("ac", "a", 0.2, 0)
	h.keys("Alt+Up")
	h.filter.SetText("")
	if got := strings.Replace(h.looks(), ">", "", 1); got != "▾Lab .x a ab ac" {
		t.Errorf("moved among rows that do not show: %s", got)
	}
	h.filter.SetText("a")
	h.drag("ab", "Lab", 0.5, 0)
	h.filter.SetText("")
	if got := strings.Replace(h.looks(), ">", "", 1); got != "▾Lab .ab .x a ac" {
		t.Errorf("into a folder: %s", got)
	}
}

func TestADragEndsWhenTheRowsBecomeOthers(t *testing.T) {
	h := showList(t, "a", "b", "c")
	h.rows.MouseDown(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(60, 10)}, Button: desktop.MouseButtonPrimary})
	h.rows.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(60, 90)}})
	h.profiles = append(h.profiles, path("0", -1))
	h.sync()
	h.rows.DragEnd()
	h.want("another came first", "0 >a b c")
}

// Whatever a person does in the list, nobody is lost, and undoing all of it
// leads back.
func TestAnySequenceOfMovesKeepsEveryProfileOnceAndCanBeUndone(t *testing.T) {
	h := showList(t, "a", "Lab/b", "Lab/c", "Lab/Room/d", "Home/e", "Home/f", "g", "h")
	start := slices.Clone(h.profiles)
	rapid.Check(t, func(t *rapid.T) {
		h.profiles, h.undo = slices.Clone(start), nil
		h.filter.SetText("")
		h.fold(false, h.m.folders...)
		h.sync()
		row := rapid.Custom(func(t *rapid.T) int { return rapid.IntRange(0, len(h.m.rows)-1).Draw(t, "row") })
		moves := map[string]func(*rapid.T){
			"drag": func(t *rapid.T) {
				from, to := h.name(row.Draw(t, "from")), h.name(row.Draw(t, "to"))
				h.drag(from, to, float32(rapid.IntRange(1, 9).Draw(t, "part"))/10, rapid.IntRange(0, 3).Draw(t, "depth"))
			},
			"key": func(t *rapid.T) {
				h.rows.Select(row.Draw(t, "on"))
				h.keys("Alt+" + rapid.SampledFrom([]string{"Up", "Down", "Left", "Right"}).Draw(t, "key"))
			},
			"fold":   func(t *rapid.T) { h.toggle(row.Draw(t, "which")) },
			"filter": func(t *rapid.T) { h.filter.SetText(rapid.SampledFrom([]string{"", "", "a"}).Draw(t, "text")) },
			"remove": func(t *rapid.T) {
				if f, ok := h.m.folder(row.Draw(t, "which")); ok {
					h.removeFolder(f)
				}
			},
			"": func(t *rapid.T) {
				var ids []string
				for _, p := range h.profiles {
					ids = append(ids, p.ID)
				}
				slices.Sort(ids)
				if got := strings.Join(ids, ""); got != "abcdefgh" {
					t.Fatalf("there are %s", got)
				}
			},
		}
		t.Repeat(moves)
		if len(h.undo) == maxUndo {
			return // the oldest can be undone no more
		}
		for len(h.undo) > 0 {
			h.Undo()
		}
		if got, want := places(h.profiles), places(start); got != want {
			t.Fatalf("all undone:\ngot  %s\nwant %s", got, want)
		}
	})
}

func places(list []app.Profile) string {
	var out []string
	for _, p := range list {
		out = append(out, fmt.Sprintf("%s/%s@%d", p.Folder, p.ID, p.Position))
	}
	return strings.Join(out, " ")
}

// The window hears of a move a moment after it was made.
func TestWhatWasMovedIsInSight(t *testing.T) {
	h := showList(t, many(60)...)
	h.late = true
	h.rows.Select(h.at("device 0000"))
	h.moveTo(h.rows.Selected(), "Site 00/Room 5")
	h.sync()
	i := h.at("device 0000")
	if from, to := h.rows.VisibleRange(); h.rows.Selected() != i || i < from || i >= to {
		t.Errorf("row %d was moved, %d is selected, %d to %d show", i, h.rows.Selected(), from, to)
	}
	h.rows.ScrollTo(0)
	h.sync()
	if from, _ := h.rows.VisibleRange(); from != 0 {
		t.Error("a later change scrolls the list")
	}
}
