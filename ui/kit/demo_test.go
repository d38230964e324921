package kit_test

import (
	"fmt"
	"image/color"
	"os"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	ftheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

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

// rows is a source of ready rows.
type rows []kit.Row

func (s rows) Len() int { return len(s) }

func (s rows) Row(i int, r *kit.Row) {
	cells := r.Cells
	*r = s[i]
	copy(cells, s[i].Cells)
	r.Cells = cells
}

// document is a source of lines with every key coloured.
type document []string

func (d document) Len() int { return len(d) }

func (d document) Line(i int) (string, []kit.Span) {
	var spans []kit.Span
	for start, at := -1, 0; at < len(d[i]); at++ {
		if d[i][at] != '"' {
			continue
		}
		if start < 0 {
			start = at
			continue
		}
		c := theme.ColorRetained
		if at+1 < len(d[i]) && d[i][at+1] == ':' {
			c = ftheme.ColorNamePrimary
		}
		spans = append(spans, kit.Span{Start: start, End: at + 1, Color: c})
		start = -1
	}
	return d[i], spans
}

func jsonDocument() document {
	return document{"{", `  "file": "part-17.gcode",`, `  "copies": 2,`, `  "owner": "ana 😀🚀 漢 é ✓ ⚠ ↔ العربية",`, `  "note": "Печать №3 — ação, mañana, ёлка",`, `  "long": "[{Time 88 0 false 0 true true} {Topic 2 0 true 0 true false} {Payload 3 0 true 0 true false} {QoS 25 0 false 2 false false} { 24 0 false 0 false true} {Size 60 0 false 2 false true}]"`, "}"}
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
			win := uitest.Show(t, func() fyne.CanvasObject { return o() }, v, w, h)
			win.Save(dir + "/" + name + "-" + look + ".png")
		})
	}
}

func TestDemoRowList(t *testing.T) {
	demo(t, "rowlist", func() fyne.CanvasObject {
		l := kit.NewRowList(messageColumns(), messages{1_000_000})
		l.SetGutter(14)
		l.Select(5)
		return l
	}, 808, 460)
}

func TestDemoTreeAndSidebar(t *testing.T) {
	green, amber := color.NRGBA{R: 0x45, G: 0xB8, B: 0x6B, A: 255}, color.NRGBA{R: 0xDF, G: 0xA4, B: 0x3A, A: 255}
	grey := color.NRGBA{R: 0x94, G: 0x9D, B: 0xAC, A: 255}
	demo(t, "tree", func() fyne.CanvasObject {
		tree := kit.NewRowList([]kit.Column{{Title: "Topic", Flex: true, Width: 1, Mono: true}, {Title: "Rate", Width: 60, Align: kit.AlignEnd, Muted: true}}, rows{
			{Expandable: true, Expanded: true, Cells: []kit.Cell{{Text: "lab"}, {Text: "812/s"}}},
			{Indent: 1, Expandable: true, Expanded: true, Cells: []kit.Cell{{Text: "3"}, {Text: "10/s"}}},
			{Indent: 2, Cells: []kit.Cell{{Text: "temp"}, {Text: "9/s"}}},
			{Indent: 2, Cells: []kit.Cell{{Text: "влажность"}, {Text: "1/s"}}},
			{Indent: 1, Expandable: true, Cells: []kit.Cell{{Text: "7"}, {Text: "2/s"}}},
			{Expandable: true, Cells: []kit.Cell{{Text: "$SYS"}, {Text: "1/s"}}},
		})
		tree.OnToggle = func(int) {}
		tree.Select(2)
		side := kit.NewRowList([]kit.Column{{Flex: true, Width: 1}, {Width: 40, Align: kit.AlignEnd, Muted: true}}, rows{
			{Stripe: green, Mark: kit.MarkDot, Cells: []kit.Cell{{Text: "Greenhouse", Bold: true, Sub: "mqtts://broker.example:8883"}, {Text: "1.2k/s"}}},
			{Stripe: green, Mark: kit.MarkDot, Cells: []kit.Cell{{Text: "Local broker", Bold: true, Sub: "mqtt://127.0.0.1:1883"}, {Text: "40/s"}}},
			{Stripe: amber, Mark: kit.MarkDot, Cells: []kit.Cell{{Text: "Home Assistant", Bold: true, Sub: "retry in 4 s · wss://ha.example"}, {}}},
			{Stripe: grey, Mark: kit.MarkRing, Cells: []kit.Cell{{Text: "Zigbee2MQTT", Bold: true, Sub: "mqtt://192.0.2.20:1883"}, {}}},
			{Stripe: amber, Mark: kit.MarkSquare, Cells: []kit.Cell{{Text: "plant/+/temp", Mono: true, Sub: "310/s"}, {Text: "q0", Chip: true, Color: theme.ColorQoS0}}},
		})
		side.SetHeader(false)
		side.SetRowHeight(40)
		side.SetGutter(18)
		side.SetAccentBar(true)
		side.Select(0)
		empty := kit.NewRowList(messageColumns(), rows{})
		empty.SetEmpty("No messages yet", "Messages that match your filters appear here as they arrive. Add a filter on the left, for example lab/#.")
		return kit.NewHSplit(side, kit.NewHSplit(tree, empty, 300), 236)
	}, 1100, 240)
}

func TestDemoLineView(t *testing.T) {
	demo(t, "lineview", func() fyne.CanvasObject {
		v := kit.NewLineView(jsonDocument())
		v.SelectRange(3, 4, 11)
		return v
	}, 508, 180)
}

func TestDemoControls(t *testing.T) {
	demo(t, "controls", func() fyne.CanvasObject {
		disabled := kit.NewButton("Publish again", widget.MediumImportance, nil)
		disabled.SetEnabled(false, "Not connected")
		entry := widget.NewEntry()
		entry.SetPlaceHolder("Search topic and payload, or an expression: json.t > 30")
		items := func() []*fyne.MenuItem { return nil }
		toolbar := kit.NewBar(container.NewBorder(nil, nil, nil, container.NewHBox(
			kit.NewSegmented([]string{"Follow", "Pause"}, nil), kit.NewButton("Record", widget.MediumImportance, nil),
			kit.NewMenuButton("Export", widget.MediumImportance, items), kit.NewButton("Clear", widget.MediumImportance, nil),
		), entry))
		dot := kit.NewDot(ftheme.ColorNameSuccess)
		hollow := kit.NewDot(theme.ColorMuted)
		hollow.Set(theme.ColorMuted, true)
		head := kit.NewGround(theme.ColorSurface, 14, 9, container.NewHBox(dot, kit.NewText("Greenhouse", kit.TextLook{Size: theme.SizeTitle, Bold: true}), hollow,
			kit.NewText("mqtts://broker.example:8883 · MQTT 5", kit.TextLook{Color: theme.ColorMuted}), layout.NewSpacer(),
			kit.NewIconButton(ftheme.SettingsIcon(), "Settings", nil), kit.NewMenuButton("Disconnect", widget.MediumImportance, items)))
		say := kit.NewBanner(kit.BannerLabels{Details: "Details", Close: "Close"})
		say.Say(kit.Notice{Kind: kit.Error, Text: "Cannot reach broker.example:8883: nobody answers there.", Advice: "Is the broker running? Is the port right?", Detail: "dial tcp: connection refused", OnClose: func() {},
			Actions: []fyne.CanvasObject{kit.NewButton("Try again", widget.MediumImportance, nil)}})
		row := kit.NewFormRow("Port", widget.NewEntry(), "1883 for plain, 8883 for TLS")
		bad := kit.NewFormRow("Client id", widget.NewEntry(), "")
		bad.SetError("This broker takes at most 23 characters.")
		chips := container.NewHBox(kit.NewText("jobs/print/17", kit.TextLook{Mono: true, Bold: true}), kit.NewChip("q1", theme.ColorQoS1), kit.NewChip("q2", theme.ColorQoS2), kit.NewChip("refused", ftheme.ColorNameError), kit.NewCaption("MQTT 5 PROPERTIES"),
			kit.NewButton("Connect", widget.HighImportance, nil), kit.NewButton("Delete", widget.DangerImportance, nil), disabled, kit.NewPicker([]string{"q1"}, nil))
		return container.NewVBox(head, kit.NewTabBar([]string{"Publish", "Subscribe", "Topics", "Retained", "$SYS", "Packets"}, nil), toolbar, say,
			kit.NewGround("", 12, 8, chips),
			container.NewGridWithColumns(4, kit.NewCard("Clients", "12", "most today 31"), kit.NewCard("Messages in", "40/s", "184,210 in all"), kit.NewCard("Messages out", "480/s", "0 dropped"), kit.NewCard("Retained", "26", "2.1 KB")),
			row, bad, container.NewGridWrap(fyne.NewSize(900, 130), kit.NewEmptyState("No broker is running", "Start the broker inside Tidings and connect to it with one click, or connect to one that you know.",
				kit.NewButton("Start a local broker and connect", widget.HighImportance, nil), kit.NewButton("Connect to a broker", widget.MediumImportance, nil))))
	}, 1044, 620)
}
