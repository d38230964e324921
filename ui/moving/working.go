package moving

import (
	"path/filepath"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"tidings/app/desk"
	"tidings/ui/kit"
	"tidings/ui/kit/parts"
)

// working is the page that shows while the desk reads or saves.
type working struct {
	im     *Importer
	say    *kit.Text
	bar    *widget.ProgressBarInfinite
	far    *widget.ProgressBar
	cancel *kit.Button
}

func newWorking(im *Importer) *working {
	w := &working{im: im, say: kit.NewText("", kit.TextLook{Cut: true}), bar: widget.NewProgressBarInfinite(), far: widget.NewProgressBar()}
	w.cancel = im.button("import.cancel", "import.cancel", widget.MediumImportance, func() {
		im.desk.Cancel()
		im.Sync()
	})
	if im.state.Stage == desk.ImportSaving {
		w.bar.Stop()
		w.bar.Hide()
	} else {
		w.far.Hide()
	}
	w.sync(im.state)
	return w
}

func (w *working) params() parts.SheetParams {
	thin := parts.Column(0, parts.Thin(w.bar), parts.Thin(w.far))
	return parts.SheetParams{
		Title: w.im.d.Tr.S("import.title"), Width: 420, Body: parts.Column(10, w.say, thin),
		Right: []fyne.CanvasObject{w.cancel}, Escape: w.cancel.OnTapped,
	}
}

// sync shows how far the desk is.
func (w *working) sync(s desk.ImportState) {
	tr := w.im.d.Tr
	switch {
	case s.Stage == desk.ImportSaving:
		w.say.SetText(tr.S("import.saving", "Done", s.Done, "All", s.Total))
		w.far.Max = float64(max(1, s.Total))
		w.far.SetValue(float64(s.Done))
	case s.File != "":
		w.say.SetText(tr.S("import.reading", "File", filepath.Base(s.File)))
	default:
		w.say.SetText(tr.S("import.reading_text"))
	}
}
