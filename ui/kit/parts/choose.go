package parts

import (
	"net/url"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"

	"tidings/ui/kit"
)

// ChooseFile asks for a file and hands its path over. While it is open the
// keys of a sheet below it rest, and Escape closes it.
func ChooseFile(d kit.Deps, title string, chosen func(path string)) {
	dlg := dialog.NewFileOpen(func(r fyne.URIReadCloser, err error) {
		if err != nil || r == nil {
			return
		}
		_ = r.Close() // files are read below the screen
		chosen(r.URI().Path())
	}, d.Window)
	choose(d, dlg, title)
}

// ChooseFolder is ChooseFile for a folder.
func ChooseFolder(d kit.Deps, title string, chosen func(path string)) {
	dlg := dialog.NewFolderOpen(func(l fyne.ListableURI, err error) {
		if err == nil && l != nil {
			chosen(l.Path())
		}
	}, d.Window)
	choose(d, dlg, title)
}

func choose(d kit.Deps, dlg *dialog.FileDialog, title string) {
	dlg.SetTitleText(title)
	dlg.SetConfirmText(d.Tr.S("file.open"))
	dlg.SetDismissText(d.Tr.S("file.cancel"))
	dlg.SetView(dialog.ListView)
	c := d.Window.Canvas()
	room := c.Size()
	// The toolkit can size only what was shown, and sets into the middle only
	// what is shown after.
	dlg.Show()
	dlg.Resize(fyne.NewSize(min(room.Width-Unit(60), Unit(760)), min(room.Height-Unit(60), Unit(520))))
	dlg.Hide()
	before := c.OnTypedKey()
	c.SetOnTypedKey(func(e *fyne.KeyEvent) {
		if e.Name == fyne.KeyEscape {
			dlg.Hide()
		}
	})
	dlg.SetOnClosed(func() { c.SetOnTypedKey(before) })
	dlg.Show()
}

// PathOf returns a path as it was typed or copied: file managers copy it as a
// URL or in quotes.
func PathOf(text string) string {
	text = strings.TrimSpace(text)
	if n := len(text); n > 1 && (text[0] == '"' || text[0] == '\'') && text[n-1] == text[0] {
		text = text[1 : n-1]
	}
	if !strings.HasPrefix(text, "file://") {
		return text
	}
	u, err := url.Parse(text)
	if err != nil {
		return strings.TrimPrefix(text, "file://")
	}
	if p := u.Path; len(p) > 2 && p[0] == '/' && p[2] == ':' { // "/C:/keys/…"
		return p[1:]
	}
	return u.Path
}
