package moving

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"tidings/app/desk"
	"tidings/ui/kit"
	"tidings/ui/kit/parts"
)

// Importer is the dialog of the import. It shows the stage at which the desk
// is. UI goroutine only.
type Importer struct {
	d       kit.Deps
	desk    ImportDesk
	state   desk.ImportState
	sheet   *parts.Sheet // of the stage; nil: closed
	source  *source
	preview *preview
	working *working
}

// NewImporter returns a closed dialog.
func NewImporter(d kit.Deps, dk ImportDesk) *Importer {
	return &Importer{d: d, desk: dk}
}

// Visible reports whether the dialog is open.
func (im *Importer) Visible() bool { return im.sheet != nil }

// Show opens the dialog.
func (im *Importer) Show() {
	im.desk.OpenImport()
	im.Sync()
}

// Open opens the dialog with a file that is read at once; on an open dialog
// that waits for a file, it is that file.
func (im *Importer) Open(path string) {
	if im.desk.Import().Stage == desk.ImportClosed {
		im.desk.OpenImport()
	}
	im.desk.ReadFile(path)
	im.Sync()
}

// Sync shows the present state.
func (im *Importer) Sync() {
	before := im.state
	im.state = im.desk.Import()
	if im.state.Stage == before.Stage && im.state.Number == before.Number {
		im.follow(before)
		return
	}
	im.hide()
	switch im.state.Stage {
	case desk.ImportSource:
		im.source = newSource(im, im.source)
		im.show(im.source.params(), im.source.first())
		im.source.found(im.state.Found)
		im.source.problem(im.state.Problem)
	case desk.ImportReading, desk.ImportSaving:
		im.working = newWorking(im)
		im.show(im.working.params(), im.working.cancel)
	case desk.ImportPreview:
		im.preview = newPreview(im, im.state.Preview, im.state.Number)
		im.show(im.preview.params(), im.preview.first())
	case desk.ImportDone:
		im.showReport()
	case desk.ImportClosed:
		im.source = nil
	}
}

// follow shows what has changed within a stage.
func (im *Importer) follow(before desk.ImportState) {
	switch {
	case im.sheet == nil:
	case im.state.Stage == desk.ImportSource:
		im.source.found(im.state.Found)
		if im.state.Problem != before.Problem {
			im.source.problem(im.state.Problem)
		}
	case im.state.Stage == desk.ImportPreview:
		im.preview.detail.sync()
	case im.state.Stage == desk.ImportSaving:
		im.working.sync(im.state)
	}
}

func (im *Importer) show(p parts.SheetParams, first fyne.Focusable) {
	p.Canvas = im.d.Window.Canvas()
	if p.Escape == nil {
		p.Escape = im.close
	}
	im.sheet = parts.NewSheet(p)
	im.sheet.Show(first)
}

// hide takes the sheet of the stage away.
func (im *Importer) hide() {
	if im.working != nil {
		im.working.bar.Stop()
	}
	if im.preview != nil {
		im.preview.forget()
	}
	if im.sheet != nil {
		im.sheet.Hide()
	}
	im.sheet, im.preview, im.working = nil, nil, nil
	for _, name := range []string{
		"import.mode", "import.path", "import.choose", "import.text", "import.go", "import.cancel", "import.list", "import.folder",
		"import.take", "import.take.why", "import.back", "import.passphrase", "import.unlock", "import.undo", "import.close", "import.choice", "import.unlock_vault",
	} {
		im.d.Names.Set(name, nil)
	}
}

// Submit reads what was chosen or pasted, when that is what the dialog waits
// for.
func (im *Importer) Submit() {
	if im.state.Stage == desk.ImportSource && im.sheet != nil {
		im.source.read()
	}
}

// close ends the import.
func (im *Importer) close() {
	im.desk.CloseImport()
	im.Sync()
}

// button makes a named button at the foot of a sheet.
func (im *Importer) button(name, key string, importance widget.Importance, do func()) *kit.Button {
	b := kit.NewButton(im.d.Tr.S(key), importance, do)
	im.d.Names.Set(name, b)
	return b
}
