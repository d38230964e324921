package kit_test

import (
	"image"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/driver/software"
	"fyne.io/fyne/v2/test"

	"tidings/ui/uitest"
)

func TestRowListKeys(t *testing.T) {
	type keys []fyne.KeyName
	for _, c := range []struct {
		name     string
		selected int
		keys     keys
		want     int
		top      int
	}{
		{"down from nothing starts at the top", -1, keys{fyne.KeyDown}, 0, 0},
		{"up from nothing starts at the bottom", -1, keys{fyne.KeyUp}, 9, 0},
		{"down", 3, keys{fyne.KeyDown, fyne.KeyDown}, 5, 0},
		{"down scrolls", 9, keys{fyne.KeyDown}, 10, 1},
		{"up at the start stays", 0, keys{fyne.KeyUp}, 0, 0},
		{"page down", 0, keys{fyne.KeyPageDown, fyne.KeyPageDown}, 20, 11},
		{"page up", 50, keys{fyne.KeyPageUp}, 40, 40},
		{"end", 0, keys{fyne.KeyEnd}, 99, 90},
		{"home", 50, keys{fyne.KeyHome}, 0, 0},
		{"end from nothing", -1, keys{fyne.KeyEnd}, 99, 90},
		{"home from nothing", -1, keys{fyne.KeyHome}, 0, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			l, _ := show(t, &numbers{n: 100})
			l.Select(c.selected)
			uitest.Keys(l, c.keys...)
			if from, _ := l.VisibleRange(); l.Selected() != c.want || from != c.top {
				t.Errorf("selected %d, top %d; want %d, %d", l.Selected(), from, c.want, c.top)
			}
		})
	}
}

func TestRowListHandsOtherKeysOn(t *testing.T) {
	l, _ := show(t, &numbers{n: 100})
	var heard []fyne.KeyName
	activated, copied := -1, -1
	l.OnTypedKey = func(k *fyne.KeyEvent) { heard = append(heard, k.Name) }
	l.OnActivated = func(i int) { activated = i }
	l.OnCopy = func(i int) { copied = i }
	l.Select(7)
	uitest.Keys(l, desktop.KeyControlLeft, fyne.KeySpace, fyne.KeyReturn, fyne.KeyDelete)
	l.TypedShortcut(&fyne.ShortcutCopy{})
	if !slices.Equal(heard, []fyne.KeyName{fyne.KeySpace, fyne.KeyDelete}) || activated != 7 || copied != 7 {
		t.Errorf("heard %v, activated %d, copied %d", heard, activated, copied)
	}
}

func TestRowListKeysLeaveTheStream(t *testing.T) {
	s := &numbers{n: 100}
	l, _ := show(t, s)
	l.SetFollow(true)
	l.Select(95)
	if !l.Follow() {
		t.Error("selecting a row by program left the stream")
	}
	uitest.Keys(l, fyne.KeyUp)
	s.n = 200
	l.Refresh()
	if from, _ := l.VisibleRange(); l.Follow() || from != 90 {
		t.Errorf("follow %v, top %d: the row that a person moves to runs away", l.Follow(), from)
	}
	uitest.Keys(l, fyne.KeyEnd)
	if !l.Follow() {
		t.Error("End does not lead back to the stream")
	}
}

func TestRowListIsHitWhereItIsDrawn(t *testing.T) {
	for _, scale := range []float32{1, 1.25, 1.5, 2} {
		for _, off := range []float64{0, 0.3, 123.75} {
			l, w := show(t, &numbers{n: 1000})
			c, ok := w.Canvas().(software.WindowlessCanvas)
			if !ok {
				t.Fatal("the test canvas has no scale")
			}
			c.SetScale(scale)
			w.Capture()
			l.ScrollBy(off)
			for _, row := range []int{0, 4, 8} {
				y := l.HeaderUnits() + (float32(row)+0.5)*l.RowUnits()
				uitest.Click(l, 50, y)
				lit := brightRows(w.Capture(), scale)
				mid := int(y * scale)
				if mid < lit[0] || mid >= lit[1] {
					t.Errorf("scale %v, off %v: clicked at pixel %d, the selection is drawn at %v", scale, off, mid, lit)
				}
			}
		}
	}
}

// brightRows returns the pixel rows that have the selection's colour at the
// right of the list.
func brightRows(img image.Image, scale float32) [2]int {
	b := img.Bounds()
	out := [2]int{-1, -1}
	for y := b.Min.Y; y < b.Max.Y; y++ {
		r, g, bl, _ := img.At(int(360*scale), y).RGBA()
		if r>>8 == 0x22 && g>>8 == 0x35 && bl>>8 == 0x40 {
			if out[0] < 0 {
				out[0] = y
			}
			out[1] = y + 1
		}
	}
	return out
}

func TestRowListClicks(t *testing.T) {
	l, _ := show(t, &numbers{n: 5})
	now := time.Unix(0, 0)
	l.SetClock(func() time.Time { return now })
	var selected, activated []int
	l.OnSelected = func(i int) { selected = append(selected, i) }
	l.OnActivated = func(i int) { activated = append(activated, i) }
	click := func(row int, after time.Duration) {
		now = now.Add(after)
		uitest.Click(l, 50, l.HeaderUnits()+float32(row)*25+12)
	}
	click(2, time.Second)
	click(2, time.Second)          // too slow
	click(2, 200*time.Millisecond) // a double click
	click(2, 200*time.Millisecond) // the third one is a first one
	click(3, 200*time.Millisecond) // another row
	click(7, 200*time.Millisecond) // below the last row
	uitest.Click(l, 50, 10)        // the header
	if !slices.Equal(selected, []int{2, 3}) || !slices.Equal(activated, []int{2}) {
		t.Errorf("selected %v, activated %v; want [2 3], [2]", selected, activated)
	}
	var menu int
	l.OnContextMenu = func(i int, _ fyne.Position) { menu = i }
	test.TapSecondaryAt(l, fyne.NewPos(50, 22+25+5))
	if menu != 1 || l.Selected() != 1 {
		t.Errorf("right click: menu for %d, selected %d; want 1", menu, l.Selected())
	}
}

func TestRowListScrollBar(t *testing.T) {
	l, _ := show(t, &numbers{n: 1_000_000})
	at, length := l.Thumb()
	if at != 0 || length != 24 {
		t.Fatalf("thumb at %v of %v, want 0 of the least 24", at, length)
	}
	bar := func(y float32) *desktop.MouseEvent {
		return &desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(396, 22+y)}, Button: desktop.MouseButtonPrimary}
	}
	drag := func(y float32) {
		l.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(396, 22+y)}})
	}
	l.MouseDown(bar(10))
	drag(10 + 113) // half of the 226 that the thumb can travel
	if from, _ := l.VisibleRange(); from < 499_000 || from > 501_000 {
		t.Errorf("half way is row %d", from)
	}
	drag(5000)
	if !l.AtEnd() {
		t.Error("dragged beyond the bottom, the list is not at its end")
	}
	drag(-5000)
	l.DragEnd()
	if from, _ := l.VisibleRange(); from != 0 {
		t.Errorf("dragged beyond the top, row %d is the first", from)
	}
	drag(100) // nothing is held any more
	if from, _ := l.VisibleRange(); from != 0 {
		t.Errorf("moved to row %d with nothing held", from)
	}
	l.MouseDown(bar(200)) // below the thumb: a page
	if from, _ := l.VisibleRange(); from != 10 || l.Selected() != -1 {
		t.Errorf("a click below the thumb leads to row %d and selects %d; want 10, nothing", from, l.Selected())
	}
}

func TestRowListColumnsAreDragged(t *testing.T) {
	l, _ := show(t, &numbers{n: 10})
	var heard float32
	l.OnResized = func(col int, w float32) {
		if col == 0 {
			heard = w
		}
	}
	_, edge := l.ColumnAt(0)
	at := fyne.NewPos(edge+5, 10)
	l.MouseMoved(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: at}})
	if l.Cursor() != desktop.HResizeCursor {
		t.Error("no resize cursor over the edge of a column")
	}
	l.MouseDown(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: at}, Button: desktop.MouseButtonPrimary})
	for range 4 {
		l.Dragged(&fyne.DragEvent{Dragged: fyne.Delta{DX: 5}})
	}
	if w := l.Columns()[0].Width; w != 120 || heard != 120 {
		t.Errorf("dragged by 20: width %v, told %v; want 120", w, heard)
	}
	l.Dragged(&fyne.DragEvent{Dragged: fyne.Delta{DX: -500}})
	if w := l.Columns()[0].Width; w != 24 {
		t.Errorf("dragged to nothing: width %v, want the least 24", w)
	}
}
