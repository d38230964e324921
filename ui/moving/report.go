package moving

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"tidings/ui/kit"
	"tidings/ui/kit/parts"
	"tidings/ui/theme"
)

// showReport shows exactly what came and what did not.
func (im *Importer) showReport() {
	tr, r := im.d.Tr, im.state.Report
	rows := []fyne.CanvasObject{wrapped(tr.S("import.came", "N", len(r.Came)), "")}
	if len(r.Came) > 0 {
		rows = append(rows, wrapped(strings.Join(r.Came[:min(len(r.Came), maxFindings)], ", "), theme.ColorMuted))
	}
	if r.Stopped {
		rows = append(rows, wrapped(tr.S("import.stopped"), ""))
	}
	for _, f := range r.Failed[:min(len(r.Failed), maxFindings)] {
		key := "import.failed"
		if f.Saved {
			key = "import.incomplete"
		}
		what, do, technical := tr.Error(f.Err)
		b := kit.NewBanner(kit.BannerLabels{Details: tr.S("banner.details"), Close: tr.S("banner.close")})
		kind := kit.Error
		if f.Saved {
			kind = kit.Warning
		}
		b.Say(kit.Notice{Kind: kind, Text: tr.S(key, "Name", f.Name, "Why", what), Advice: do, Detail: technical})
		rows = append(rows, b)
	}
	p := parts.SheetParams{
		Title: tr.S("import.report"), Width: 560, Body: parts.Column(8, rows...), Enter: im.close,
		Right: []fyne.CanvasObject{im.button("import.close", "import.close", widget.HighImportance, im.close)},
	}
	if len(r.Came) > 0 {
		p.Left = []fyne.CanvasObject{im.button("import.undo", "import.undo", widget.MediumImportance, func() {
			im.desk.UndoImport()
			im.Sync()
		})}
	}
	im.show(p, nil)
}
