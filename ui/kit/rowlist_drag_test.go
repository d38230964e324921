package kit_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"tidings/ui/kit"
	"tidings/ui/theme"
	"tidings/ui/uitest"
)

// steps are rows of two heights: every fifth takes 3 lines, the others 5.
type steps struct{ numbers }

func (s *steps) LineOf(i int) int { return 5*i - 2*((i+4)/5) }
func (s *steps) Lines() int       { return s.LineOf(s.n) }
func (s *steps) RowAt(line int) int {
	i := 0
	for s.LineOf(i+1) <= line {
		i++
	}
	return i
}

// draggable is a list of rows of 24 and 40 units that notes drops.
func draggable(t *testing.T) (*kit.RowList, *[]kit.Drop) {
	t.Helper()
	var l *kit.RowList
	w := uitest.Show(t, func() fyne.CanvasObject {
		l = kit.NewRowList([]kit.Column{{Flex: true, Width: 1}}, &steps{numbers{n: 100}})
		l.SetHeader(false)
		l.SetRowHeight(8)
		return l
	}, theme.Dark, 240, 300)
	w.Capture()
	drops := &[]kit.Drop{}
	l.OnDrag = func(_ int, at kit.DragPoint) (kit.Drop, bool) {
		return kit.Drop{Row: at.Row, Into: at.Part >= 0.5, Indent: at.Depth}, at.Row != 7
	}
	l.OnDropped = func(_ int, to kit.Drop) { *drops = append(*drops, to) }
	return l, drops
}

func grab(l *kit.RowList, x, y float32) {
	l.MouseDown(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(x, y)}, Button: desktop.MouseButtonPrimary})
}

func dragTo(l *kit.RowList, x, y float32) {
	l.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(x, y)}})
}

func TestRowsOfTwoHeightsAreHitWhereTheyAreDrawn(t *testing.T) {
	l, _ := draggable(t)
	for y, want := range map[float32]int{0: 0, 23: 0, 24: 1, 63: 1, 64: 2, 183: 4, 184: 5, 207: 5, 208: 6} {
		uitest.Click(l, 50, y)
		if l.Selected() != want {
			t.Errorf("a click at %v hits row %d, want %d", y, l.Selected(), want)
		}
	}
	if at, size := l.RowArea(5); at.Y != 184 || size.Height != 24 {
		t.Errorf("row 5 stands at %v, %v high", at.Y, size.Height)
	}
	l.Select(99)
	if at, size := l.RowArea(99); at.Y+size.Height != 300 || !l.AtEnd() {
		t.Errorf("the last row ends at %v, at the end: %v", at.Y+size.Height, l.AtEnd())
	}
	if from, to := l.VisibleRange(); to != 100 || from != 92 {
		t.Errorf("rows %d to %d show", from, to)
	}
	uitest.Keys(l, fyne.KeyHome)
	uitest.Keys(l, fyne.KeyPageDown)
	if n := l.Selected(); n < 6 || n > 8 {
		t.Errorf("a page is %d rows", n)
	}
}

func TestARowIsDraggedToWhereTheLineShows(t *testing.T) {
	l, drops := draggable(t)
	grab(l, 50, 10)
	dragTo(l, 51, 12)
	if l.Dragging() {
		t.Error("a trembling hand drags")
	}
	dragTo(l, 40, 70)
	if d, ok := l.Held(); !ok || d != (kit.Drop{Row: 2, Indent: 2}) {
		t.Errorf("would go to %+v, %v", d, ok)
	}
	dragTo(l, 10, 100)
	l.MouseUp(nil)
	l.DragEnd() // the driver says both
	if want := []kit.Drop{{Row: 2, Into: true}}; !slices.Equal(*drops, want) {
		t.Errorf("dropped %+v, want %+v", *drops, want)
	}
}

func TestADragCanBeLeft(t *testing.T) {
	for name, leave := range map[string]func(l *kit.RowList){
		"with Escape":              func(l *kit.RowList) { uitest.Keys(l, fyne.KeyEscape); dragTo(l, 10, 130) },
		"where nothing can be put": func(l *kit.RowList) { dragTo(l, 10, 270) },
		"by the program":           func(l *kit.RowList) { l.CancelDrag() },
	} {
		t.Run(name, func(t *testing.T) {
			l, drops := draggable(t)
			heard := 0
			l.OnTypedKey = func(*fyne.KeyEvent) { heard++ }
			grab(l, 50, 10)
			dragTo(l, 10, 100)
			leave(l)
			l.MouseUp(nil)
			l.DragEnd()
			if len(*drops) != 0 || l.Dragging() || heard != 0 || l.Pulling() {
				t.Errorf("drops %v, dragging %v, keys handed on %d", *drops, l.Dragging(), heard)
			}
		})
	}
}

func TestAtItsEdgesTheListScrollsUnderTheHeldRow(t *testing.T) {
	l, drops := draggable(t)
	now := time.Unix(0, 0)
	l.SetClock(func() time.Time { return now })
	grab(l, 50, 100)
	dragTo(l, 50, 295)
	for range 100 {
		now = now.Add(16 * time.Millisecond)
		l.Pull()
	}
	from, _ := l.VisibleRange()
	d, _ := l.Held()
	if from < 8 || d.Row < from+5 {
		t.Errorf("after 1.6 s row %d is the first, and the line stands at %d", from, d.Row)
	}
	dragTo(l, 50, 150)
	if l.Pulling() {
		t.Error("scrolls on in the middle")
	}
	dragTo(l, 50, -30)
	for range 300 {
		now = now.Add(16 * time.Millisecond)
		l.Pull()
	}
	l.DragEnd()
	if len(*drops) != 1 || (*drops)[0].Row != 0 {
		t.Errorf("dropped %+v, want the top", *drops)
	}
	if l.Pulling() {
		t.Error("scrolls on with nothing held")
	}
}

func TestTheMenuKeyOpensTheMenuOfTheSelectedRow(t *testing.T) {
	l, _ := draggable(t)
	row, at := -1, fyne.Position{}
	l.OnContextMenu = func(i int, pos fyne.Position) { row, at = i, pos }
	uitest.Keys(l, desktop.KeyMenu)
	if row != -1 {
		t.Error("a menu of nothing")
	}
	l.Select(1)
	uitest.Keys(l, desktop.KeyMenu, fyne.KeyF10) // F10 alone belongs to the window
	if row != 1 || at.Y < 24 || at.Y > 70 || at.X <= 0 {
		t.Errorf("the menu of row %d at %v", row, at)
	}
}

func TestTipsOfRowsComeAndGo(t *testing.T) {
	var l *kit.RowList
	var h *kit.Host
	uitest.Show(t, func() fyne.CanvasObject {
		l = kit.NewRowList([]kit.Column{{Flex: true, Width: 1}}, &numbers{n: 3})
		l.OnTip = func(i int) string { return []string{"first\nsecond line", "", "third"}[i] }
		h = kit.NewHost(l)
		return h
	}, theme.Dark, 240, 300)
	for i, want := range []string{"first\nsecond line", "", "third"} {
		uitest.Hover(l, 20, l.HeaderUnits()+float32(i)*l.RowUnits()+5)
		if got := h.Tip(); got != want {
			t.Errorf("row %d has the tip %q, want %q", i, got, want)
		}
	}
	l.MouseOut()
	if h.Tip() != "" {
		t.Error("the tip stays")
	}
}

func TestATipIsNoWiderThanItsLines(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"short":          {" one ", []string{"one"}},
		"paragraphs":     {"one\n\ntwo", []string{"one", "", "two"}},
		"words":          {strings.Repeat("word ", 20), []string{strings.TrimSpace(strings.Repeat("word ", 13)), strings.TrimSpace(strings.Repeat("word ", 7))}},
		"no word breaks": {"a " + strings.Repeat("й", 70), []string{"a", strings.Repeat("й", 64), strings.Repeat("й", 6)}},
	} {
		if got := kit.TipLines(c.text); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q", name, got)
		}
	}
	if got := kit.TipLines(strings.Repeat("x\n", 10_000)); len(got) > 12 || got[len(got)-1] != "…" {
		t.Errorf("a long text has %d lines", len(got))
	}
}

func TestOtherKeysOfAListReachItsOwner(t *testing.T) {
	l, _ := draggable(t)
	var runes string
	var keys []string
	l.OnTypedRune = func(r rune) { runes += string(r) }
	l.OnShortcut = func(s fyne.Shortcut) { keys = append(keys, s.ShortcutName()) }
	uitest.Type(l, "ab")
	up := &desktop.CustomShortcut{KeyName: fyne.KeyUp, Modifier: fyne.KeyModifierAlt}
	l.TypedShortcut(up)
	l.TypedShortcut(&fyne.ShortcutCopy{})
	if runes != "ab" || !slices.Equal(keys, []string{up.ShortcutName()}) {
		t.Errorf("heard %q and %v", runes, keys)
	}
}
