package kit_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	ftheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tidings/ui/kit"
	"tidings/ui/theme"
	"tidings/ui/uitest"
)

// What tells two topics apart is at their ends.
func TestATailIsWhatIsLeftOfATextThatIsCut(t *testing.T) {
	for _, c := range []struct{ name, text string }{{"topic", "plant/line4/machine1/temperature"}, {"cyrillic", strings.Repeat("теплица/", 40)}, {"broken utf-8", strings.Repeat("\xff", 300)}} {
		t.Run(c.name, func(t *testing.T) {
			x := in(t, func() *kit.Text { return kit.NewText(c.text, kit.TextLook{Cut: true, Tail: true}) })
			x.Resize(fyne.NewSize(120, 20))
			got := written(x)[0]
			end, cut := strings.CutPrefix(got, "…")
			if w := fyne.MeasureText(got, theme.Size(ftheme.SizeNameText), fyne.TextStyle{}).Width; w > 120 || !cut || len(end) < 8 || !strings.HasSuffix(c.text, end) {
				t.Errorf("%q of %v units stands in 120", got, w)
			}
		})
	}
}

// The toolkit's font of symbols has no space: what follows an arrow is set for
// itself, in its place.
func TestASpaceAfterAnArrowIsNoBox(t *testing.T) {
	for _, c := range []struct {
		text  string
		align fyne.TextAlign
		want  []string
	}{
		{"Hall 3 → roof ⇒ sky", fyne.TextAlignLeading, []string{"Hall 3 →", " roof ⇒", " sky"}},
		{"↑ ↓", fyne.TextAlignTrailing, []string{"↑", " ↓"}},
		{"a→b — c", fyne.TextAlignLeading, []string{"a→b — c"}},
		{"", fyne.TextAlignLeading, nil},
	} {
		x := in(t, func() *kit.Text { return kit.NewText(c.text, kit.TextLook{Align: c.align}) })
		x.Resize(fyne.NewSize(300, 20))
		if got := written(x); !slices.Equal(got, c.want) {
			t.Errorf("%q is set as %q", c.text, got)
		}
		end := float32(0)
		for _, o := range uitest.Objects(x) {
			if o, ok := o.(*canvas.Text); ok && len(c.want) > 1 {
				if end > 0 && math.Abs(float64(o.Position().X-end)) > 0.1 {
					t.Errorf("%q begins at %v, and what is before it ends at %v", o.Text, o.Position().X, end)
				}
				end = o.Position().X + o.Size().Width
			}
		}
		if c.align == fyne.TextAlignTrailing && math.Abs(float64(end-300)) > 0.1 {
			t.Errorf("%q ends at %v", c.text, end)
		}
		wrapped := in(t, func() *widget.RichText { return kit.NewHint(c.text) })
		wrapped.Resize(fyne.NewSize(300, 40))
		if got := written(wrapped); c.text != "" && !slices.Equal(got, c.want) {
			t.Errorf("%q in lines is set as %q", c.text, got)
		}
		x.SetText("short")
		if got := written(x); !slices.Equal(got, []string{"short"}) {
			t.Errorf("after %q it says %q", c.text, got)
		}
	}
}

// A name with characters that turn the text around is not set as another name.
func TestNothingTurnsALineAround(t *testing.T) {
	const name = "pay\u202egro.knab\u2066 غرفة"
	const want = "pay\ufffdgro.knab\ufffd غرفة"
	x := in(t, func() *kit.Text { return kit.NewText(name, kit.TextLook{}) })
	x.Resize(fyne.NewSize(300, 40))
	if got := strings.Join(written(x), ""); got != want {
		t.Errorf("a line says %q", got)
	}
	x.SetText("another")
	x.SetText(name)
	if got := strings.Join(written(x), ""); got != want {
		t.Errorf("after another text it says %q", got)
	}
	lines := in(t, func() *widget.RichText { return kit.NewHint(name) })
	lines.Resize(fyne.NewSize(300, 40))
	if got := strings.Join(written(lines), ""); got != want {
		t.Errorf("lines say %q", got)
	}
}
