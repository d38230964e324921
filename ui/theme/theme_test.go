package theme_test

import (
	"fmt"
	"image/color"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	ftheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tidings/ui/theme"
)

func hex(c color.Color) string {
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	return fmt.Sprintf("%02X%02X%02X", n.R, n.G, n.B)
}

func TestThemeHasTheColoursOfTheDesign(t *testing.T) {
	for _, c := range []struct {
		name        fyne.ThemeColorName
		dark, light string
	}{
		{ftheme.ColorNameBackground, "15171C", "F3F5F7"},
		{theme.ColorSurface, "1B1E25", "FFFFFF"},
		{ftheme.ColorNameInputBackground, "15171C", "FFFFFF"},
		{theme.ColorRaised, "242833", "EEF1F4"},
		{theme.ColorHairline, "2D323D", "D8DDE4"},
		{ftheme.ColorNameForeground, "E4E7EC", "1C2129"},
		{theme.ColorMuted, "949DAC", "5C6675"},
		{ftheme.ColorNamePrimary, "2FB9A6", "0D8A7B"},
		{ftheme.ColorNameSelection, "223540", "E0F0EE"},
		{ftheme.ColorNameSuccess, "45B86B", "23853F"},
		{ftheme.ColorNameWarning, "DFA43A", "9A6A00"},
		{ftheme.ColorNameError, "E5605A", "C53A34"},
		{theme.ColorQoS1, "5AA9F2", "1D6FBD"},
		{theme.ColorQoS2, "B487F0", "7A46C9"},
		{theme.ColorRetained, "E0B14A", "8F6A00"},
	} {
		sys := theme.New(theme.System, 1)
		if got := hex(sys.Color(c.name, ftheme.VariantDark)); got != c.dark {
			t.Errorf("%s dark: %s, want %s", c.name, got, c.dark)
		}
		if got := hex(sys.Color(c.name, ftheme.VariantLight)); got != c.light {
			t.Errorf("%s light: %s, want %s", c.name, got, c.light)
		}
		if got := hex(theme.New(theme.Dark, 1).Color(c.name, ftheme.VariantLight)); got != c.dark {
			t.Errorf("%s: Dark follows the system: %s", c.name, got)
		}
		if got := hex(theme.New(theme.Light, 1).Color(c.name, ftheme.VariantDark)); got != c.light {
			t.Errorf("%s: Light follows the system: %s", c.name, got)
		}
	}
}

// luminance is the relative luminance of WCAG 2.1.
func luminance(c color.Color) float64 {
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	lin := func(v uint8) float64 {
		x := float64(v) / 255
		if x <= 0.04045 {
			return x / 12.92
		}
		y := (x + 0.055) / 1.055
		return y * y * (0.4 + 0.6*y) // close to y^2.4
	}
	return 0.2126*lin(n.R) + 0.7152*lin(n.G) + 0.0722*lin(n.B)
}

func TestTextCanBeReadOnItsGround(t *testing.T) {
	grounds := []fyne.ThemeColorName{ftheme.ColorNameBackground, theme.ColorSurface, ftheme.ColorNameSelection}
	texts := []fyne.ThemeColorName{
		ftheme.ColorNameForeground, theme.ColorMuted, ftheme.ColorNamePrimary, ftheme.ColorNameSuccess,
		ftheme.ColorNameWarning, ftheme.ColorNameError, theme.ColorQoS1, theme.ColorQoS2, theme.ColorRetained,
	}
	for _, v := range []theme.Variant{theme.Light, theme.Dark} {
		th := theme.New(v, 1)
		for _, g := range grounds {
			for _, x := range texts {
				a, b := luminance(th.Color(g, 0)), luminance(th.Color(x, 0))
				if ratio := (max(a, b) + 0.05) / (min(a, b) + 0.05); ratio < 3.4 {
					t.Errorf("variant %d: %s on %s has a contrast of %.1f", v, x, g, ratio)
				}
			}
		}
	}
}

// What explains is small and muted, and has to be read all the same: WCAG AA.
func TestExplanationsCanBeRead(t *testing.T) {
	grounds := []fyne.ThemeColorName{ftheme.ColorNameBackground, theme.ColorSurface, ftheme.ColorNameMenuBackground, ftheme.ColorNameOverlayBackground}
	for _, v := range []theme.Variant{theme.Light, theme.Dark} {
		th := theme.New(v, 1)
		for _, g := range grounds {
			a, b := luminance(th.Color(g, 0)), luminance(th.Color(theme.ColorMuted, 0))
			if ratio := (max(a, b) + 0.05) / (min(a, b) + 0.05); ratio < 4.5 {
				t.Errorf("variant %d: muted text on %s has a contrast of %.1f", v, g, ratio)
			}
		}
	}
}

func TestControlsAreAsHighAsTheDesignSays(t *testing.T) {
	app := test.NewTempApp(t)
	for _, zoom := range []float32{1, 1.5} {
		app.Settings().SetTheme(theme.New(theme.Dark, zoom))
		for name, o := range map[string]fyne.CanvasObject{
			"button": widget.NewButton("Start", nil),
			"entry":  widget.NewEntry(),
		} {
			h := o.MinSize().Height
			if want := 27 * zoom; h < want-1.5 || h > want+1.5 {
				t.Errorf("%s at zoom %v is %v high, want about %v", name, zoom, h, want)
			}
		}
	}
}

func TestForeignThemeStillHasOurSizes(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(ftheme.DefaultTheme())
	if got := theme.Size(theme.SizeRow); got != 25 {
		t.Errorf("row height under a foreign theme: %v", got)
	}
	if theme.Zoom() != 1 {
		t.Errorf("zoom under a foreign theme: %v", theme.Zoom())
	}
}
