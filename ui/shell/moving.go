package shell

import (
	"runtime"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"tidings/app/desk"
	kinds "tidings/app/moving"
	"tidings/ui/kit"
	"tidings/ui/moving"
)

// house is the dialogs of connections that move house.
type house struct {
	importer *moving.Importer
	exporter *moving.Exporter
	copier   *moving.Copier
}

func newHouse(d kit.Deps, dk moving.Desk) house {
	return house{moving.NewImporter(d, dk), moving.NewExporter(d, dk), moving.NewCopier(d, dk)}
}

// visible reports whether one of them is open.
func (h house) visible() bool {
	return h.importer != nil && (h.importer.Visible() || h.exporter.Visible() || h.copier.Visible())
}

func (h house) sync() {
	h.importer.Sync()
	h.exporter.Sync()
	h.copier.Sync()
}

func (s *Shell) openImport() { s.house.importer.Show() }

// openExport opens the export with all connections ticked.
func (s *Shell) openExport() { s.export(nil) }

// export opens the export with some connections ticked; nil: with all.
func (s *Shell) export(ids []string) {
	if !s.busy() {
		s.house.exporter.Show(s.p.Desk.Profiles(), ids)
	}
}

// copyAs opens the dialog that copies a connection, with the command for the
// system's own prompt.
func (s *Shell) copyAs(id string) {
	kind := kinds.SnippetSubscribe
	if runtime.GOOS == "windows" {
		kind = kinds.SnippetSubscribeW
	}
	if p, ok := s.p.Desk.Profile(id); ok && !s.busy() {
		s.house.copier.Show(p, kind)
	}
}

// dropped imports a file that was dropped on the window.
func (s *Shell) dropped(at fyne.Position, uris []fyne.URI) {
	if s.form != nil && s.form.Visible() {
		if len(uris) > 0 && uris[0].Scheme() == "file" {
			s.form.Dropped(at, uris[0].Path())
		}
		return
	}
	if len(uris) > 0 && uris[0].Scheme() == "file" && (s.house.importer.Visible() || !s.busy() && !s.asker.Visible()) {
		s.house.importer.Open(uris[0].Path())
	}
}

// importedBanner offers to undo an import, or says how far the undo is.
func (n *notices) importedBanner(came desk.Imported) fyne.CanvasObject {
	tr := n.d.Tr
	if !came.Undoing {
		return n.undoBanner(tr.S("shell.imported", "N", came.N), "shell.undo_import", n.moving.UndoImport, n.moving.ForgetImport)
	}
	b := kit.NewBanner(n.labels())
	stop := kit.NewButton(tr.S("shell.stop"), widget.MediumImportance, n.moving.StopUndo)
	n.d.Names.Set("shell.undo_import", stop)
	b.Say(kit.Notice{Kind: kit.Info, Text: tr.S("shell.undoing", "Done", came.Done, "All", came.N), Actions: []fyne.CanvasObject{stop}})
	return b
}
