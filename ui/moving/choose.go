package moving

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"

	"tidings/ui/kit/parts"
)

// chooser asks for files and folders, above a sheet whose keys then rest.
type chooser struct {
	window fyne.Window
	open   bool
}

// file asks for a file and hands its path over.
func (c *chooser) file(chosen func(path string)) {
	d := dialog.NewFileOpen(func(r fyne.URIReadCloser, err error) {
		if err != nil || r == nil {
			return
		}
		path := r.URI().Path()
		_ = r.Close() // the desk opens it
		chosen(path)
	}, c.window)
	c.show(d)
}

// folder asks for a folder and hands its path over.
func (c *chooser) folder(chosen func(path string)) {
	d := dialog.NewFolderOpen(func(l fyne.ListableURI, err error) {
		if err == nil && l != nil {
			chosen(l.Path())
		}
	}, c.window)
	c.show(d)
}

func (c *chooser) show(d *dialog.FileDialog) {
	c.open = true
	d.SetOnClosed(func() { c.open = false })
	size := c.window.Canvas().Size()
	d.Show() // the toolkit cannot size what does not show yet
	d.Resize(fyne.NewSize(min(size.Width-parts.Unit(60), parts.Unit(760)), min(size.Height-parts.Unit(60), parts.Unit(520))))
}

// pathOf returns a path as it was typed or copied: file managers copy it as a
// URL or in quotes.
func pathOf(text string) string {
	text = strings.TrimSpace(text)
	if n := len(text); n > 1 && (text[0] == '"' || text[0] == '\'') && text[n-1] == text[0] {
		text = text[1 : n-1]
	}
	return strings.TrimPrefix(text, "file://")
}
