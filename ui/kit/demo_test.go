package kit_test

import (
	"fmt"
	"image/color"
	"os"
	"testing"

	"fyne.io/fyne/v2"
	ftheme "fyne.io/fyne/v2/theme"

	"tidings/ui/kit"
	"tidings/ui/theme"
	"tidings/ui/uitest"
)

// messages is a source like the Subscribe screen's.
type messages struct{ n int }

func (m messages) Len() int { return m.n }

func (m messages) Row(i int, r *kit.Row) {
	level := byte(i % 3)
	r.Stripe = color.NRGBA{R: 0x2F, G: 0xB9, B: 0xA6, A: 255}
	r.Cells[0].Text = fmt.Sprintf("10:02:%02d.%03d", i/1000%60, i%1000)
	r.Cells[1].Text = fmt.Sprintf("lab/%d/temp", i%97)
	r.Cells[2].Text = fmt.Sprintf(`{"t":%d.4,"unit":"C","seq":%d,"note":"теплица №%d — ‹ok›"}`, i%40, i, i%9)
	r.Cells[3] = kit.Cell{Text: fmt.Sprintf("q%d", level), Color: theme.QoS(level), Chip: true}
	if i%4 == 0 {
		r.Cells[4] = kit.Cell{Text: "R", Color: theme.ColorRetained}
	}
	r.Cells[5].Text = fmt.Sprintf("%d B", 31+i%7)
}

func messageColumns() []kit.Column {
	return []kit.Column{
		{Title: "Time", Width: 88, Mono: true, Muted: true},
		{Title: "Topic", Width: 2, Flex: true, Mono: true},
		{Title: "Payload", Width: 3, Flex: true, Mono: true},
		{Title: "QoS", Width: 25, Align: kit.AlignEnd},
		{Width: 24, Muted: true},
		{Title: "Size", Width: 60, Align: kit.AlignEnd, Muted: true},
	}
}

// demo writes a picture for a look by eye when KIT_DEMO names a folder.
func demo(t *testing.T, name string, o func() fyne.CanvasObject, w, h float32) {
	t.Helper()
	dir := os.Getenv("KIT_DEMO")
	if dir == "" {
		t.Skip("KIT_DEMO names no folder for the pictures")
	}
	for look, v := range map[string]theme.Variant{"dark": theme.Dark, "light": theme.Light} {
		t.Run(look, func(t *testing.T) {
			win := uitest.Show(t, o(), v, w, h)
			win.Save(dir + "/" + name + "-" + look + ".png")
		})
	}
}

func TestDemoRowList(t *testing.T) {
	demo(t, "rowlist", func() fyne.CanvasObject {
		l := kit.NewRowList(messageColumns(), messages{1_000_000})
		l.SetGutter(14)
		l.Select(5)
		_ = ftheme.ColorNameError
		return l
	}, 808, 460)
}
