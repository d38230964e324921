package kit_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	ftheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tidings/ui/kit"
	"tidings/ui/theme"
	"tidings/ui/uitest"
)

// in shows what o makes in a window, at the top left in its least size.
func in[T fyne.CanvasObject](t *testing.T, o func() T) T {
	t.Helper()
	var made T
	uitest.Show(t, func() fyne.CanvasObject {
		made = o()
		return kit.NewHost(container.NewWithoutLayout(made))
	}, theme.Dark, 600, 400)
	made.Resize(made.MinSize())
	made.Move(fyne.NewPos(100, 100))
	return made
}

// tip returns the tooltip that the window of o shows.
func tip(t *testing.T, o fyne.CanvasObject) string {
	t.Helper()
	h, ok := fyne.CurrentApp().Driver().CanvasForObject(o).Content().(*kit.Host)
	if !ok {
		t.Fatal("the window has no host")
	}
	return h.Tip()
}

// written returns the texts on the screen below o.
func written(o fyne.CanvasObject) []string {
	var texts []string
	for _, x := range uitest.Objects(o) {
		if s, ok := x.(*canvas.Text); ok && s.Text != "" {
			texts = append(texts, s.Text)
		}
	}
	return texts
}

func TestButtonTapsByMouseAndKeys(t *testing.T) {
	taps := 0
	b := in(t, func() *kit.Button { return kit.NewButton("Start", widget.MediumImportance, func() { taps++ }) })
	uitest.Tap(b)
	uitest.Keys(b, fyne.KeyReturn, fyne.KeyEscape)
	uitest.Keys(b, fyne.KeySpace) // a press is a key and then its rune
	b.TypedRune(' ')
	if taps != 3 {
		t.Errorf("%d taps, want 3", taps)
	}
	b.SetEnabled(false, "Not connected")
	uitest.Tap(b)
	uitest.Keys(b, fyne.KeyReturn)
	b.TypedRune(' ')
	if taps != 3 {
		t.Error("a disabled button was tapped")
	}
	if h := b.MinSize().Height; h != 27 {
		t.Errorf("the button is %v high, want 27", h)
	}
}

func TestTooltips(t *testing.T) {
	b := in(t, func() *kit.Button { return kit.NewIconButton(ftheme.SettingsIcon(), "Settings", nil) })
	b.MouseIn(&desktop.MouseEvent{})
	if got := tip(t, b); got != "Settings" {
		t.Errorf("the tooltip is %q", got)
	}
	b.MouseOut()
	if got := tip(t, b); got != "" {
		t.Errorf("the tooltip %q stays", got)
	}
	b.SetEnabled(false, "No broker is running")
	b.MouseIn(&desktop.MouseEvent{})
	if got := tip(t, b); got != "No broker is running" {
		t.Errorf("disabled, the tooltip is %q", got)
	}
	uitest.Tap(b)
	if got := tip(t, b); got != "" {
		t.Errorf("the tooltip %q outlives the click", got)
	}
	if got := b.AccessibilityLabel(); got != "Settings" {
		t.Errorf("read aloud it is %q", got)
	}
}

func TestTippedObject(t *testing.T) {
	d := in(t, func() *kit.Tipped { return kit.NewTipped(kit.NewDot(ftheme.ColorNameSuccess), "Connected") })
	d.MouseIn(&desktop.MouseEvent{})
	if got := tip(t, d); got != "Connected" {
		t.Errorf("the tooltip is %q", got)
	}
	d.SetTip("Reconnects in 4 s") // under the pointer
	if got := tip(t, d); got != "Reconnects in 4 s" {
		t.Errorf("the tooltip stands still: %q", got)
	}
	d.SetTip("")
	if got := tip(t, d); got != "" {
		t.Errorf("there is a tooltip %q", got)
	}
}

func TestSegmented(t *testing.T) {
	var heard []int
	s := in(t, func() *kit.Segmented {
		return kit.NewSegmented([]string{"Both", "List", "Diagram"}, func(i int) { heard = append(heard, i) })
	})
	uitest.Click(s, s.Size().Width-5, 5)
	if fyne.CurrentApp().Driver().CanvasForObject(s).Focused() != fyne.Focusable(s) {
		t.Error("a click does not give it the keyboard")
	}
	uitest.Click(s, s.Size().Width-5, 5) // chosen already
	uitest.Keys(s, fyne.KeyRight, fyne.KeyLeft, fyne.KeyLeft, fyne.KeyLeft)
	s.Select(2)
	uitest.Keys(s, fyne.KeyHome, fyne.KeyEnd)
	if !slices.Equal(heard, []int{2, 1, 0, 0, 2}) || s.Selected() != 2 {
		t.Errorf("heard %v, chosen %d; want [2 1 0 0 2], 2", heard, s.Selected())
	}
	s.SetOptions([]string{"Tudo", "Lista"})
	if got := written(s); s.Selected() != 1 || !slices.Equal(got, []string{"Tudo", "Lista"}) {
		t.Errorf("after new options %d is chosen and %v is written", s.Selected(), got)
	}
}

func TestTabBar(t *testing.T) {
	var heard []int
	b := in(t, func() *kit.TabBar {
		return kit.NewTabBar([]string{"Publish", "Subscribe", "Topics"}, func(i int) { heard = append(heard, i) })
	})
	width := b.MinSize().Width
	uitest.Click(b, 100, 10) // the second
	uitest.Click(b, 2, 10)   // beside the first
	b.Select(7)              // Ctrl+8
	b.Select(2)
	uitest.Keys(b, fyne.KeyRight, fyne.KeyLeft)
	if !slices.Equal(heard, []int{1, 2, 1}) {
		t.Errorf("heard %v, want [1 2 1]", heard)
	}
	if b.MinSize().Width != width {
		t.Error("choosing a tab moves the others")
	}
	b.SetTitles([]string{"Публикация", "Подписка", "Темы"})
	if got := written(b); b.Selected() != 1 || got[1] != "Подписка" {
		t.Errorf("after new titles %d is chosen and %v is written", b.Selected(), got)
	}
}

func TestPicker(t *testing.T) {
	picked := -1
	p := in(t, func() *kit.Picker { return kit.NewPicker([]string{"q0", "q1", "q2"}, func(i int) { picked = i }) })
	uitest.Tap(p.Button())
	c := fyne.CurrentApp().Driver().CanvasForObject(p)
	var items []fyne.Tappable
	for _, o := range uitest.Objects(c.Overlays().Top()) {
		if item, ok := o.(fyne.Tappable); ok && strings.HasSuffix(fmt.Sprintf("%T", o), "menuItem") {
			items = append(items, item)
		}
	}
	if len(items) != 3 {
		t.Fatalf("a menu of %d items opens, want 3", len(items))
	}
	items[1].Tapped(&fyne.PointEvent{})
	if picked != 1 || p.Selected() != 1 || p.Button().Text() != "q1" {
		t.Errorf("picked %d, selected %d, shown %q; want 1, 1, q1", picked, p.Selected(), p.Button().Text())
	}
	picked = -1
	p.Select(2)
	if picked != -1 || p.Button().Text() != "q2" {
		t.Errorf("Select told of %d and shows %q", picked, p.Button().Text())
	}
	for _, step := range []struct {
		key  fyne.KeyName
		want int
	}{{fyne.KeyUp, 1}, {fyne.KeyUp, 0}, {fyne.KeyDown, 1}, {fyne.KeyDown, 2}} { // from the one picked
		uitest.Tap(p.Button())
		menu, _ := c.Overlays().Top().(fyne.Focusable)
		uitest.Keys(menu, step.key, fyne.KeyReturn)
		if p.Selected() != step.want || picked != step.want {
			t.Errorf("%s picks %d, want %d", step.key, p.Selected(), step.want)
		}
	}
}

func TestTextIsCutWhereThereIsNoRoom(t *testing.T) {
	for _, c := range []struct {
		name string
		text string
	}{{"cyrillic", strings.Repeat("теплица ", 40)}, {"megabyte", strings.Repeat("x", 1<<20)}, {"broken utf-8", strings.Repeat("\xff", 300)}} {
		t.Run(c.name, func(t *testing.T) {
			x := in(t, func() *kit.Text { return kit.NewTitle(c.text) })
			x.Resize(fyne.NewSize(120, 20))
			got := written(x)[0]
			if w := fyne.MeasureText(got, theme.Size(theme.SizeTitle), fyne.TextStyle{Bold: true}).Width; w > 120 || !strings.HasSuffix(got, "…") {
				t.Errorf("%q of %v units stands in 120", got, w)
			}
			x.SetText("short")
			if got := written(x)[0]; got != "short" {
				t.Errorf("a short text became %q", got)
			}
		})
	}
}

// Of parts that have no room none is cut but the first, and that only when
// nothing shorter can stand for it.
func TestWholePartsGoFirst(t *testing.T) {
	x := in(t, func() *kit.Text {
		return kit.NewText("mqtt://broker · MQTT 5 · new", kit.TextLook{Cut: true, Between: " · "})
	})
	for _, c := range []struct {
		room, want, short string
	}{
		{room: "mqtt://broker · MQTT 5 · new", want: "mqtt://broker · MQTT 5 · new"},
		{room: "mqtt://broker · MQTT 5 · n", want: "mqtt://broker · MQTT 5"},
		{room: "mqtt://broker · MQT", want: "mqtt://broker", short: "broker"},
		{room: "mqtt://b…", want: "mqtt://b…"},
		{room: "mqtt://bro", want: "broker", short: "broker"},
		{room: "m…", want: "m…", short: "broker"},
	} {
		x.SetShort()
		if c.short != "" {
			x.SetShort("broker.example:1883", c.short)
		}
		x.Resize(fyne.NewSize(fyne.MeasureText(c.room, theme.Size(ftheme.SizeNameText), fyne.TextStyle{}).Width+1, 20))
		if got := written(x)[0]; got != c.want {
			t.Errorf("in the room of %q stands %q, want %q", c.room, got, c.want)
		}
	}
}

func TestSplitIsDragged(t *testing.T) {
	for _, c := range []struct {
		name        string
		second      bool
		drag        float32 // to this place
		width, told float32 // of the first area; of the sized area
	}{
		{"wider", false, 300, 300, 300},
		{"below the least", false, 3, 50, 50},
		{"beyond the other's least", false, 590, 549, 549},
		{"second sized", true, 400, 400, 199},
	} {
		t.Run(c.name, func(t *testing.T) {
			left, right := canvas.NewRectangle(nil), canvas.NewRectangle(nil)
			left.SetMinSize(fyne.NewSize(50, 10))
			right.SetMinSize(fyne.NewSize(50, 10))
			var s *kit.Split
			uitest.Show(t, func() fyne.CanvasObject {
				s = kit.NewHSplit(left, right, 236)
				if c.second {
					s.SizeSecond()
				}
				return s
			}, theme.Dark, 600, 100)
			var told float32
			s.OnResized = func(n float32) { told = n }
			if !c.second && left.Size().Width != 236 || c.second && right.Size().Width != 236 {
				t.Fatalf("at first %v and %v wide", left.Size().Width, right.Size().Width)
			}
			s.DragTo(c.drag)
			if left.Size().Width != c.width || told != c.told {
				t.Errorf("dragged to %v: %v wide, told %v; want %v, %v", c.drag, left.Size().Width, told, c.width, c.told)
			}
			right.Hide()
			s.Refresh()
			if left.Size().Width != 600 {
				t.Errorf("alone, the area is %v wide", left.Size().Width)
			}
		})
	}
}

func TestFormRowShowsErrorInPlaceOfHint(t *testing.T) {
	r := in(t, func() *kit.FormRow { return kit.NewFormRow("Port", widget.NewEntry(), "1883 or 8883") })
	says := func() string {
		r.Resize(fyne.NewSize(500, 60))
		return strings.Join(written(r), "|")
	}
	if !strings.Contains(says(), "1883 or 8883") {
		t.Errorf("it says %q", says())
	}
	r.SetError("Between 1 and 65535.")
	if s := says(); !strings.Contains(s, "65535") || strings.Contains(s, "8883") || r.Error() == "" {
		t.Errorf("with an error it says %q", s)
	}
	r.SetError("")
	if s := says(); !strings.Contains(s, "8883") {
		t.Errorf("without the error it says %q", s)
	}
}

func TestMarksFollowTheirState(t *testing.T) {
	c := in(t, func() *kit.Chip { return kit.NewChip("q1", theme.ColorQoS1) })
	c.Set("refused", ftheme.ColorNameError)
	if got := written(c); !slices.Equal(got, []string{"refused"}) {
		t.Errorf("the chip says %v", got)
	}
	card := in(t, func() *kit.Card { return kit.NewCard("Clients", "12", "most today 31") })
	card.Resize(fyne.NewSize(200, 100))
	card.Set("13", "")
	if got := written(card); !slices.Equal(got, []string{"Clients", "13"}) {
		t.Errorf("the card says %v", got)
	}
}

func TestControlsFollowTheThemeAndTheZoom(t *testing.T) {
	b := in(t, func() *kit.Button { return kit.NewButton("Start", widget.HighImportance, nil) })
	fyne.CurrentApp().Settings().SetTheme(theme.New(theme.Light, 2))
	if h := b.MinSize().Height; h != 54 {
		t.Errorf("at 200 %% a button is %v high, want 54", h)
	}
}

// Texts of a file may be of any length: the buttons stay in the window.
func TestEmptyStateKeepsItsButtonsInTheWindow(t *testing.T) {
	var do *kit.Button
	uitest.Show(t, func() fyne.CanvasObject {
		do = kit.NewButton("Do it", widget.HighImportance, func() {})
		return kit.NewEmptyState(strings.Repeat("Long name\n", 1000), strings.Repeat("x", 5000), do)
	}, theme.Dark, 800, 500)
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(do)
	if at.Y < 0 || at.Y+do.Size().Height > 500 {
		t.Errorf("the button is at %v", at)
	}
}
