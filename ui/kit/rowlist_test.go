package kit_test

import (
	"image"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"tidings/ui/kit"
	"tidings/ui/theme"
	"tidings/ui/uitest"
)

// numbers is a source whose row i says i, and that notes which rows it was
// asked for.
type numbers struct {
	n     int
	first int // number of the row at index 0, as after an eviction
	asked []int
	text  string // of the second cell
}

func (s *numbers) Len() int { return s.n }

func (s *numbers) Row(i int, r *kit.Row) {
	s.asked = append(s.asked, i)
	r.Cells[0].Text = strconv.Itoa(s.first + i)
	if len(r.Cells) > 1 {
		r.Cells[1].Text = s.text
	}
}

// take returns the rows asked for since the last take.
func (s *numbers) take() []int {
	a := s.asked
	s.asked = nil
	return a
}

func twoColumns() []kit.Column {
	return []kit.Column{{Title: "No", Width: 100}, {Title: "Text", Width: 120}, {Title: "Rest", Flex: true, Width: 1}}
}

// show puts a list of 300 units with room for ten rows into a window.
func show(t *testing.T, s kit.RowSource) (*kit.RowList, *uitest.Window) {
	t.Helper()
	return showColumns(t, s, twoColumns())
}

func showColumns(t *testing.T, s kit.RowSource, cols []kit.Column) (*kit.RowList, *uitest.Window) {
	t.Helper()
	var l *kit.RowList
	w := uitest.Show(t, func() fyne.CanvasObject {
		l = kit.NewRowList(cols, s)
		return l
	}, theme.Dark, 400, 22+10*25)
	w.Capture()
	return l, w
}

func TestRowListIsOneObjectWhateverItsLength(t *testing.T) {
	for _, n := range []int{0, 100, 1_000_000, 10_000_000} {
		s := &numbers{n: n}
		l, w := show(t, s)
		if got := len(uitest.Objects(l)); got != 2 { // the widget and its raster
			t.Errorf("%d rows: %d live objects, want 2", n, got)
		}
		s.take()
		l.ScrollBy(float64(n) / 2)
		w.Capture()
		if got := len(s.take()); got > 11 {
			t.Errorf("%d rows: %d rows read for one picture, want at most 11", n, got)
		}
	}
}

func TestRowListDrawsExactlyTheRowsThatShow(t *testing.T) {
	for _, n := range []int{10, 11, 1_000_000, 10_000_000} {
		t.Run(strconv.Itoa(n), func(t *testing.T) {
			s := &numbers{n: n}
			l, w := show(t, s)
			for _, c := range []struct {
				name     string
				do       func()
				from, to int
			}{
				{"start", func() { l.ScrollTo(0) }, 0, 10},
				{"end", l.ScrollToEnd, n - 10, n},
				{"last row in view", func() { l.ScrollTo(n - 1) }, n - 10, n},
				{"beyond the end", func() { l.ScrollBy(1e9) }, n - 10, n},
				{"one up from the end", func() { l.ScrollBy(-1) }, max(0, n-11), max(10, n-1)},
				{"beyond the start", func() { l.ScrollBy(-1e9) }, 0, 10},
			} {
				c.do()
				s.take()
				w.Capture()
				want := make([]int, 0, 10)
				for i := c.from; i < c.to; i++ {
					want = append(want, i)
				}
				if got := s.take(); !slices.Equal(got, want) {
					t.Errorf("%s: drew %v, want %v", c.name, got, want)
				}
				if from, to := l.VisibleRange(); from != c.from || to != c.to {
					t.Errorf("%s: VisibleRange %d..%d, want %d..%d", c.name, from, to, c.from, c.to)
				}
			}
		})
	}
}

func TestRowListPositionStaysExactFarDown(t *testing.T) {
	s := &numbers{n: 10_000_000}
	l, _ := show(t, s)
	l.ScrollBy(9_000_000)
	for range 1000 {
		l.ScrollBy(0.25)
	}
	if from, _ := l.VisibleRange(); from != 9_000_250 {
		t.Errorf("1000 quarter steps from 9,000,000 lead to row %d", from)
	}
	for range 1000 {
		l.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.Delta{DY: 25}}) // one row up each
	}
	if from, _ := l.VisibleRange(); from != 8_999_250 {
		t.Errorf("1000 notches up lead to row %d", from)
	}
}

func TestRowListReadsNothingWhenHiddenOrUnchanged(t *testing.T) {
	s := &numbers{n: 1000}
	l, w := show(t, s)
	s.take()
	w.Capture()
	if got := s.take(); len(got) != 0 {
		t.Errorf("an unchanged list read %d rows to be painted again", len(got))
	}
	l.Hide()
	for range 100 {
		s.n++
		l.Refresh()
	}
	w.Capture()
	if got := s.take(); len(got) != 0 {
		t.Errorf("a hidden list read %d rows", len(got))
	}
	l.Show()
	w.Capture()
	if got := s.take(); len(got) != 10 {
		t.Errorf("shown again, the list read %d rows, want 10", len(got))
	}
}

func wheel(l *kit.RowList, rows float32) {
	l.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.Delta{DY: -rows * l.RowUnits()}})
}

func TestRowListFollowsUntilAPersonScrollsAway(t *testing.T) {
	s := &numbers{n: 100}
	l, _ := show(t, s)
	var heard []bool
	var ends []bool
	l.OnFollow = func(on bool) { heard = append(heard, on) }
	l.OnScrolled = func(atEnd bool) { ends = append(ends, atEnd) }
	grow := func() { s.n += 50; l.Refresh() }
	at := func(want int) {
		t.Helper()
		if _, to := l.VisibleRange(); to != want {
			t.Errorf("the last visible row is %d, want %d", to, want)
		}
	}
	l.SetFollow(true)
	grow()
	at(150)
	wheel(l, -3)
	grow()
	at(147)
	if l.Follow() {
		t.Error("still follows after the wheel went up")
	}
	wheel(l, 1000)
	grow()
	at(250)
	if !slices.Equal(heard, []bool{false, true}) || !slices.Equal(ends, []bool{false, true}) {
		t.Errorf("heard follow %v and ends %v, want [false true] each", heard, ends)
	}
	l.SetFollow(false) // paused by the program: the end does not rejoin
	grow()
	wheel(l, 1000)
	grow()
	at(300)
	if len(heard) != 2 {
		t.Errorf("a paused list followed again by itself: %v", heard)
	}
}

func TestRowListFollowsThroughResize(t *testing.T) {
	s := &numbers{n: 100}
	l, w := show(t, s)
	l.SetFollow(true)
	w.Resize(fyne.NewSize(400, 22+4*25))
	if from, to := l.VisibleRange(); from != 96 || to != 100 {
		t.Errorf("after shrinking rows %d..%d show, want 96..100", from, to)
	}
	w.Resize(fyne.NewSize(400, 22+20*25))
	if from, to := l.VisibleRange(); from != 80 || to != 100 {
		t.Errorf("after growing rows %d..%d show, want 80..100", from, to)
	}
}

func TestRowListShiftKeepsTheSameRows(t *testing.T) {
	for _, c := range []struct {
		name                      string
		top, selected, shift      int
		wantTop, wantSel, changes int
	}{
		{"rows above go", 500, 505, 100, 400, 405, 0},
		{"the top row goes", 50, 90, 60, 0, 30, 0},
		{"the selected row goes", 500, 20, 100, 400, -1, 1},
		{"nothing goes", 500, 505, 0, 500, 505, 0},
		{"nothing selected", 500, -1, 100, 400, -1, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := &numbers{n: 1000}
			l, _ := show(t, s)
			l.Select(c.selected)
			l.ScrollTo(0)
			l.ScrollBy(float64(c.top))
			changes := 0
			l.OnSelected = func(int) { changes++ }
			s.first, s.n = s.first+c.shift, s.n-c.shift
			l.Shift(c.shift)
			l.Refresh()
			if from, _ := l.VisibleRange(); from != c.wantTop {
				t.Errorf("top row %d, want %d", from, c.wantTop)
			}
			if l.Selected() != c.wantSel || changes != c.changes {
				t.Errorf("selected %d (%d changes), want %d (%d)", l.Selected(), changes, c.wantSel, c.changes)
			}
		})
	}
}

func TestRowListSurvivesAShrinkingSource(t *testing.T) {
	s := &numbers{n: 1000}
	l, w := show(t, s)
	l.Select(999)
	s.n = 5 // painted before anybody refreshed
	l.ScrollBy(0)
	w.Capture()
	s.n = 0
	l.Refresh()
	w.Capture()
	if l.Selected() != -1 {
		t.Errorf("row %d is selected in an empty list", l.Selected())
	}
	l.SetSource(nil)
	w.Capture()
	uitest.Keys(l, fyne.KeyDown, fyne.KeyEnd, fyne.KeyReturn, fyne.KeyLeft)
	wheel(l, 3)
}

func TestRowListCellsStayInTheirColumns(t *testing.T) {
	long := strings.Repeat("Wide Ж ", 10_000)
	for _, c := range []struct{ name, text string }{{"long", long}, {"one long word", strings.Repeat("W", 50_000)}, {"zero bytes", strings.Repeat("\x00", 900)}} {
		t.Run(c.name, func(t *testing.T) {
			s := &numbers{n: 3}
			l, w := show(t, s)
			before := w.Capture()
			s.text = c.text
			l.Refresh()
			after := w.Capture()
			from, to := l.ColumnAt(1)
			changed := 0
			for y := range before.Bounds().Dy() {
				for x := range before.Bounds().Dx() {
					if before.At(x, y) == after.At(x, y) {
						continue
					}
					changed++
					if float32(x) < from-1 || float32(x) > to+1 {
						t.Fatalf("pixel %d,%d changed outside of the column %v..%v", x, y, from, to)
					}
				}
			}
			if changed == 0 {
				t.Error("the text was not drawn at all")
			}
		})
	}
}

// In a narrow list a column that yields gives its room to those that stretch.
func TestRowListColumnYieldsWhereThereIsLittleRoom(t *testing.T) {
	cols := twoColumns()
	cols[1].Yields, cols[2].MinWidth = true, 140
	l, _ := showColumns(t, &numbers{n: 3}, cols)
	for _, c := range []struct {
		name                 string
		width                float32
		yields, rest, restTo float32 // widths of two columns, and where the list's last one ends
	}{
		{"room for all", 400, 120, 140, 390},
		{"too narrow", 399, 0, 269, 389},
		{"narrower still", 270, 0, 140, 260},
	} {
		t.Run(c.name, func(t *testing.T) {
			l.Resize(fyne.NewSize(c.width, 200))
			from, to := l.ColumnAt(1)
			if to-from != c.yields {
				t.Errorf("the column that yields is %v wide, want %v", to-from, c.yields)
			}
			if from, to = l.ColumnAt(2); to-from != c.rest || to != c.restTo {
				t.Errorf("the last one is %v wide and ends at %v, want %v at %v", to-from, to, c.rest, c.restTo)
			}
			if c.yields == 0 && l.EdgeAt(120) == 1 {
				t.Error("a column that does not show can be dragged")
			}
		})
	}
}

func TestRowListShowsThatKeysGoToIt(t *testing.T) {
	for _, c := range []struct {
		name           string
		header, accent bool
		selected       int
	}{
		{"a row", true, false, 1}, {"a row of a sidebar", false, true, 1},
		{"no row, below a header", true, false, -1}, {"no row", false, false, -1}, {"no row of a sidebar", false, true, -1},
	} {
		t.Run(c.name, func(t *testing.T) {
			l, w := show(t, &numbers{n: 3})
			l.SetHeader(c.header)
			l.SetAccentBar(c.accent)
			l.Select(c.selected)
			before := w.Capture()
			w.Canvas().Focus(l)
			if reflect.DeepEqual(before, w.Capture()) {
				t.Error("the list looks the same with the keyboard and without")
			}
			w.Canvas().Unfocus()
			if !reflect.DeepEqual(before, w.Capture()) {
				t.Error("the list looks as if it still had the keyboard")
			}
		})
	}
}

// The end of a long text stays where its column says so.
func TestRowListKeepsTheTailOfAText(t *testing.T) {
	picture := func(text string, tail bool) image.Image {
		cols := twoColumns()
		cols[1].Tail = tail
		_, w := showColumns(t, &numbers{n: 1, text: text}, cols)
		return w.Capture()
	}
	one, two := "plant/line4/machine1/temperature", "plant/line4/machine1/humidity"
	if !reflect.DeepEqual(picture(one, false), picture(two, false)) {
		t.Fatal("the texts differ before they are cut")
	}
	if reflect.DeepEqual(picture(one, true), picture(two, true)) {
		t.Error("two texts that differ at their ends look the same")
	}
	if !reflect.DeepEqual(picture("short", true), picture("short", false)) {
		t.Error("a text with room is not shown as it is")
	}
}

func TestRowListSaysItsSelectedRow(t *testing.T) {
	s := &numbers{n: 10, text: "hello"}
	l, _ := show(t, s)
	l.SetEmpty("Nothing here", "")
	if got := l.AccessibilityLabel(); got != "Nothing here" {
		t.Errorf("with nothing selected it says %q", got)
	}
	l.Select(4)
	if got := l.AccessibilityLabel(); got != "4, hello" {
		t.Errorf("it says %q", got)
	}
}

func TestRowListSelectsBeforeItIsShown(t *testing.T) {
	for _, c := range []struct{ selected, top int }{{3, 0}, {500, 491}, {999, 990}} {
		var l *kit.RowList
		w := uitest.Show(t, func() fyne.CanvasObject {
			l = kit.NewRowList(twoColumns(), &numbers{n: 1000})
			l.Select(c.selected)
			return l
		}, theme.Dark, 400, 22+10*25) // grows from its least size
		w.Capture()
		if from, _ := l.VisibleRange(); from != c.top {
			t.Errorf("row %d was selected, and row %d is the first; want %d", c.selected, from, c.top)
		}
	}
}
