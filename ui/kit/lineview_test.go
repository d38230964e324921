package kit_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"tidings/ui/kit"
	"tidings/ui/theme"
	"tidings/ui/uitest"
)

// manyLines is a document whose line i says so, and that counts what it is
// asked for.
type manyLines struct{ n, asked int }

func (d *manyLines) Len() int { return d.n }

func (d *manyLines) Line(i int) (string, []kit.Span) {
	d.asked++
	return "line " + strconv.Itoa(i), nil
}

// texts is a document of plain lines.
type texts []string

func (d texts) Len() int                        { return len(d) }
func (d texts) Line(i int) (string, []kit.Span) { return d[i], nil }

// showLines puts a view with room for ten lines into a window.
func showLines(t *testing.T, d kit.LineSource) (*kit.LineView, *uitest.Window) {
	t.Helper()
	var v *kit.LineView
	w := uitest.Show(t, func() fyne.CanvasObject {
		v = kit.NewLineView(d)
		return v
	}, theme.Dark, 300, 2*kit.LinePad+10*18)
	w.Capture()
	return v, w
}

// spot is the middle of the left edge of a character.
func spot(v *kit.LineView, line, col int) fyne.Position {
	return fyne.NewPos(kit.LinePad+float32(col)*v.CellUnits()+1, kit.LinePad+(float32(line)+0.5)*v.LineUnits())
}

func press(v *kit.LineView, p fyne.Position, m fyne.KeyModifier) {
	v.MouseDown(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: p}, Button: desktop.MouseButtonPrimary, Modifier: m})
}

func TestLineViewCostsWhatShows(t *testing.T) {
	for _, n := range []int{0, 10, 1_000_000} {
		d := &manyLines{n: n}
		v, w := showLines(t, d)
		if got := len(uitest.Objects(v)); got != 2 {
			t.Errorf("%d lines: %d live objects, want 2", n, got)
		}
		v.ScrollTo(n - 1)
		d.asked = 0
		w.Capture()
		if d.asked > 24 {
			t.Errorf("%d lines: %d lines were read for one picture", n, d.asked)
		}
		if _, to := v.VisibleRange(); to != n {
			t.Errorf("scrolled to the end, the last line is %d of %d", to, n)
		}
	}
}

func TestLineViewSelectsAndCopies(t *testing.T) {
	doc := texts{"first line", "вторая строка", "", "a_word42 = {\"ключ\": 1}"}
	for _, c := range []struct {
		name string
		do   func(v *kit.LineView)
		want string
	}{
		{"nothing", func(*kit.LineView) {}, ""},
		{"all", func(v *kit.LineView) { v.TypedShortcut(&fyne.ShortcutSelectAll{}) }, strings.Join(doc, "\n")},
		{"drag in a line", func(v *kit.LineView) {
			press(v, spot(v, 0, 6), 0)
			v.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: spot(v, 0, 10)}})
		}, "line"},
		{"drag up over lines", func(v *kit.LineView) {
			press(v, spot(v, 1, 6), 0)
			v.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: spot(v, 0, 6)}})
		}, "line\nвторая"},
		{"drag far below the end", func(v *kit.LineView) {
			press(v, spot(v, 2, 0), 0)
			v.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(9, 9999)}})
		}, "\n" + doc[3]},
		{"shift click", func(v *kit.LineView) {
			press(v, spot(v, 0, 2), 0)
			press(v, spot(v, 0, 5), fyne.KeyModifierShift)
		}, "rst"},
		{"shift and arrows", func(v *kit.LineView) {
			press(v, spot(v, 1, 0), 0)
			v.KeyDown(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
			uitest.Keys(v, fyne.KeyRight, fyne.KeyRight)
		}, "вт"},
		{"shift and down keeps the column", func(v *kit.LineView) {
			press(v, spot(v, 0, 5), 0)
			v.KeyDown(&fyne.KeyEvent{Name: desktop.KeyShiftRight})
			uitest.Keys(v, fyne.KeyDown)
		}, " line\nвтора"},
		{"shift let go", func(v *kit.LineView) {
			v.KeyDown(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
			uitest.Keys(v, fyne.KeyEnd)
			v.KeyUp(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
			uitest.Keys(v, fyne.KeyLeft)
		}, ""},
		{"shift, home and end", func(v *kit.LineView) {
			press(v, spot(v, 1, 3), 0)
			v.KeyDown(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
			uitest.Keys(v, fyne.KeyEnd, fyne.KeyHome)
		}, "вто"},
		{"double click", func(v *kit.LineView) {
			press(v, spot(v, 3, 3), 0)
			press(v, spot(v, 3, 3), 0)
		}, "a_word42"},
	} {
		t.Run(c.name, func(t *testing.T) {
			v, w := showLines(t, doc)
			now := time.Unix(0, 0)
			v.SetClock(func() time.Time { return now })
			copied := ""
			v.OnCopy = func(s string) { copied = s }
			c.do(v)
			w.Capture()
			v.TypedShortcut(&fyne.ShortcutCopy{})
			if copied != c.want {
				t.Errorf("copied %q, want %q", copied, c.want)
			}
		})
	}
}

func TestLineViewCopiesToTheClipboardByItself(t *testing.T) {
	v, _ := showLines(t, texts{"one", "two"})
	v.SelectAll()
	v.Copy()
	if got := fyne.CurrentApp().Clipboard().Content(); got != "one\ntwo" {
		t.Errorf("the clipboard holds %q", got)
	}
}

func TestLineViewScrollsSideways(t *testing.T) {
	long := texts{"short", strings.Repeat("0123456789", 100_000)}
	v, w := showLines(t, long)
	v.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.Delta{DX: 50}})
	if v.Left() != 0 {
		t.Errorf("scrolled to column %v left of the text", v.Left())
	}
	v.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.Delta{DX: -10 * v.CellUnits()}})
	if v.Left() != 10 {
		t.Errorf("ten cells to the right lead to column %v", v.Left())
	}
	press(v, spot(v, 1, 0), 0)
	if _, at := v.Caret(); at != 10 {
		t.Errorf("a click at the left edge hits byte %d, want 10", at)
	}
	uitest.Keys(v, fyne.KeyEnd)
	w.Capture()
	if _, at := v.Caret(); at != 1_000_000 || v.Left() < 999_900 || v.Left() > 1_000_000 {
		t.Errorf("End leads to byte %d, column %v", at, v.Left())
	}
	uitest.Keys(v, fyne.KeyHome)
	if v.Left() != 0 {
		t.Errorf("Home leaves the view at column %v", v.Left())
	}
}

func TestLineViewSurvivesBadSpansAndAShrinkingSource(t *testing.T) {
	d := &badSpans{n: 50}
	v, w := showLines(t, d)
	v.SelectAll()
	v.ScrollTo(49)
	w.Capture()
	d.n = 2
	w.Capture()
	v.Refresh()
	w.Capture()
	uitest.Keys(v, fyne.KeyPageDown, fyne.KeyUp, fyne.KeyEnd, fyne.KeyRight)
	d.n = 0
	v.Refresh()
	w.Capture()
	uitest.Keys(v, fyne.KeyPageDown, fyne.KeyUp, fyne.KeyEnd, fyne.KeyLeft)
	if v.Selection() != "" {
		t.Errorf("an empty document has %q selected", v.Selection())
	}
}

// badSpans gives spans that overlap, run backwards and leave the line.
type badSpans struct{ n int }

func (d *badSpans) Len() int { return d.n }

func (d *badSpans) Line(int) (string, []kit.Span) {
	return "héllo", []kit.Span{{Start: 2, End: 4, Color: theme.ColorQoS1}, {Start: -3, End: 1, Color: theme.ColorQoS2}, {Start: 4, End: 2}, {Start: 3, End: 900, Color: theme.ColorRetained}}
}

func TestLineViewHandsOtherKeysOn(t *testing.T) {
	v, _ := showLines(t, texts{"x"})
	var heard fyne.KeyName
	v.OnTypedKey = func(k *fyne.KeyEvent) { heard = k.Name }
	uitest.Keys(v, fyne.KeyEscape)
	if heard != fyne.KeyEscape {
		t.Errorf("heard %q", heard)
	}
}

func TestLineViewShowsWhatWasSelectedBeforeItWasShown(t *testing.T) {
	var v *kit.LineView
	w := uitest.Show(t, func() fyne.CanvasObject {
		v = kit.NewLineView(&manyLines{n: 1000})
		v.SelectRange(500, 0, 4)
		return v
	}, theme.Dark, 300, 2*kit.LinePad+10*18)
	w.Capture()
	if from, to := v.VisibleRange(); from != 491 || to != 501 {
		t.Errorf("lines %d..%d show, want 491..501", from, to)
	}
}

func TestLineViewGoesToTheEndsOfItsDocument(t *testing.T) {
	d := &manyLines{n: 1_000_000}
	v, _ := showLines(t, d)
	ctrl := func(k fyne.KeyName) {
		v.TypedShortcut(&desktop.CustomShortcut{KeyName: k, Modifier: fyne.KeyModifierShortcutDefault})
	}
	ctrl(fyne.KeyEnd)
	if _, to := v.VisibleRange(); to != d.n {
		t.Errorf("Ctrl+End shows lines up to %d of %d", to, d.n)
	}
	ctrl(fyne.KeyHome)
	if from, _ := v.VisibleRange(); from != 0 {
		t.Errorf("Ctrl+Home shows lines from %d", from)
	}
}

// A copy of everything costs no more than its bound, and says that it ends
// before the document.
func TestCopyOfALargeDocumentIsBounded(t *testing.T) {
	d := &manyLines{n: 50_000_000}
	v, _ := showLines(t, d)
	v.SelectAll()
	d.asked = 0
	s := v.Selection()
	if len(s) > 9<<20 || d.asked > 1_000_000 {
		t.Errorf("%d bytes of %d lines", len(s), d.asked)
	}
	if !strings.HasPrefix(s, "line 0\nline 1\n") || !strings.HasSuffix(s, "\n…") {
		t.Errorf("begins with %q, ends with %q", s[:20], s[len(s)-20:])
	}
}
