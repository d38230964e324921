package kit_test

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"tidings/ui/kit"
	"tidings/ui/uitest"
)

func TestBanner(t *testing.T) {
	b := in(t, func() *kit.Banner { return kit.NewBanner(kit.BannerLabels{Details: "Details", Close: "Close"}) })
	if b.Visible() || b.Notice().Text != "" {
		t.Fatal("a banner shows before it has anything to say")
	}
	closed := false
	b.Say(kit.Notice{Kind: kit.Error, Text: "Cannot connect.", Advice: "Check the port.", Detail: "dial tcp: refused", OnClose: func() { closed = true }})
	b.Resize(fyne.NewSize(500, 200))
	seen := strings.Join(written(b), "|")
	if !strings.Contains(seen, "Cannot connect.") || !strings.Contains(seen, "Check the port.") || strings.Contains(seen, "refused") {
		t.Errorf("it says %q", seen)
	}
	buttons := map[string]*kit.Button{}
	for _, o := range uitest.Objects(b) {
		if x, ok := o.(*kit.Button); ok {
			buttons[x.AccessibilityLabel()] = x
		}
	}
	uitest.Tap(buttons["Details"])
	if seen = strings.Join(written(b), "|"); !strings.Contains(seen, "refused") {
		t.Errorf("with details it says %q", seen)
	}
	uitest.Tap(buttons["Close"])
	if !closed || b.Visible() || b.Notice().Text != "" {
		t.Error("the banner was not closed")
	}
}

// A banner that comes unasked moves what stands below it by one line, however
// much it has to say, until a person asks for the rest.
func TestABannerOfOneLineGrowsOnlyWhenAsked(t *testing.T) {
	b := in(t, func() *kit.Banner { return kit.NewBanner(kit.BannerLabels{Details: "Details", Close: "Close"}) })
	why := "The broker closed the connection."
	say := func(advice string) (height float32, seen string) {
		b.Say(kit.Notice{Kind: kit.Error, Text: why, Advice: advice, Detail: "EOF", Line: true, More: []fyne.CanvasObject{kit.NewButton("Log", widget.LowImportance, nil)}})
		b.Resize(fyne.NewSize(500, b.MinSize().Height))
		b.Resize(fyne.NewSize(500, b.MinSize().Height)) // lines are known by their width
		return b.MinSize().Height, strings.Join(written(b), "|")
	}
	short, seen := say("Wait.")
	if !strings.Contains(seen, why) || !strings.Contains(seen, "Wait.") || strings.Contains(seen, "Log") {
		t.Errorf("with a short advice it says %q", seen)
	}
	advice := strings.Repeat("Look into the log of the broker. ", 8)
	high, seen := say(advice)
	if high != short || high > 35 {
		t.Errorf("it is %v high with a short advice and %v with a long one", short, high)
	}
	if !strings.Contains(seen, why) || strings.Contains(seen, "Look") || strings.Contains(seen, "…") {
		t.Errorf("without room for the advice it says %q", seen)
	}
	uitest.Tap(b.Fold())
	high, seen = say(advice) // the same again: it stays open
	if all := strings.Join(strings.Fields(strings.ReplaceAll(seen, "|", " ")), " "); high < 3*short || !strings.Contains(all, strings.TrimSpace(advice)) || !strings.Contains(all, "EOF") || !strings.Contains(all, "Log") {
		t.Errorf("opened, it is %v high and says %q", high, seen)
	}
	why = "Nobody answers."
	if high, _ = say(advice); high != short {
		t.Errorf("something else came %v high", high)
	}
}

// What happened is said whole, however narrow the window: beside the buttons
// in two lines, or above them.
func TestABannerOfOneLineDoesNotCutWhatHappened(t *testing.T) {
	b := in(t, func() *kit.Banner { return kit.NewBanner(kit.BannerLabels{Details: "Details", Close: "Close"}) })
	do := kit.NewButton("Use a new client ID…", widget.HighImportance, nil)
	say := func(text string, width float32) (height float32, seen string) {
		b.Say(kit.Notice{Kind: kit.Error, Text: text, Advice: "Wait.", Detail: "EOF", Line: true, Actions: []fyne.CanvasObject{do}})
		for range 2 { // lines are known by their width
			b.Resize(fyne.NewSize(width, b.MinSize().Height))
		}
		if at := do.Position(); at.X < 0 || at.X+do.Size().Width > width {
			t.Errorf("at %v the button stands at %v", width, at)
		}
		return b.MinSize().Height, strings.Join(strings.Fields(strings.Join(written(b), " ")), " ")
	}
	text := "Again and again the broker accepts this connection and closes it soon after."
	var last float32
	for _, width := range []float32{1000, 660, 500} { // one line; two beside the buttons; above them
		high, seen := say(text, width)
		if !strings.Contains(seen, text) {
			t.Errorf("at %v it says %q", width, seen)
		}
		if high <= last || high > 90 {
			t.Errorf("at %v it is %v high, before %v", width, high, last)
		}
		last = high
	}
	if high, seen := say(strings.Repeat(text, 20), 500); high > 35 || !strings.Contains(seen, "…") {
		t.Errorf("a very long text makes it %v high", high)
	}
}

// Advice that would make a high column beside the buttons stands above them.
func TestLongAdviceStandsAboveTheButtons(t *testing.T) {
	b := in(t, func() *kit.Banner { return kit.NewBanner(kit.BannerLabels{Details: "Details", Close: "Close"}) })
	do := kit.NewButton("Use a new client ID…", widget.HighImportance, nil)
	for advice, above := range map[string]bool{"Wait.": false, strings.Repeat("Look into the log of the broker. ", 8): true} {
		b.Say(kit.Notice{Kind: kit.Error, Text: "Nobody answers.", Advice: advice, Actions: []fyne.CanvasObject{do}})
		for range 2 { // lines are known by their width
			b.Resize(fyne.NewSize(500, b.MinSize().Height))
		}
		driver := fyne.CurrentApp().Driver()
		if top := driver.AbsolutePositionForObject(do).Y - driver.AbsolutePositionForObject(b).Y; (top > 40) != above {
			t.Errorf("with %d bytes of advice the button stands at %v of %v", len(advice), top, b.Size().Height)
		}
	}
}
