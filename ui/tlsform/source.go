package tlsform

import (
	"strings"

	"fyne.io/fyne/v2"
	ftheme "fyne.io/fyne/v2/theme"

	"tidings/app"
	"tidings/ui/kit"
	"tidings/ui/kit/parts"
)

// The modes of a source.
const (
	modeFile = iota
	modeText
)

// source takes a certificate or a key: the path of a file, chosen or typed, or
// its content, pasted.
type source struct {
	d       kit.Deps
	changed func()
	mode    *kit.Segmented
	path    *parts.Field
	choose  *kit.Button
	file    *fyne.Container
	text    *parts.Field
	root    *fyne.Container
}

func newSource(d kit.Deps, name string, changed func()) *source {
	tr := d.Tr
	s := &source{d: d, changed: changed}
	s.mode = kit.NewSegmented([]string{tr.S("tlsform.file"), tr.S("tlsform.text")}, func(int) {
		s.show()
		changed()
	})
	s.path = parts.NewField()
	s.path.SetPlaceHolder(tr.S("tlsform.path"))
	s.path.OnChanged = func(string) { changed() }
	s.path.Takes = func(text string) bool {
		if !strings.Contains(text, "-----BEGIN ") {
			return false
		}
		s.paste(text)
		return true
	}
	s.choose = kit.NewIconButton(ftheme.FolderOpenIcon(), tr.S("tlsform.choose"), s.open)
	s.text = parts.NewEditor()
	s.text.SetMinRowsVisible(3)
	s.text.SetPlaceHolder("-----BEGIN …")
	s.text.OnChanged = func(string) { changed() }
	s.file = parts.Stretch(0, 4, s.path, s.choose)
	s.root = parts.Column(4, parts.Stretch(1, 6, s.mode, s.file), s.text)
	d.Names.Set(name+".mode", s.mode)
	d.Names.Set(name+".path", s.path)
	d.Names.Set(name+".choose", s.choose)
	d.Names.Set(name+".text", s.text)
	s.show()
	return s
}

// show shows the control of the mode.
func (s *source) show() {
	kit.SetShown(s.file, s.mode.Selected() == modeFile)
	kit.SetShown(s.text, s.mode.Selected() == modeText)
}

// paste takes content in.
func (s *source) paste(text string) {
	s.mode.Select(modeText)
	s.show()
	s.text.SetText(text)
	s.changed()
}

// first returns the control of the mode.
func (s *source) first() fyne.Focusable {
	if s.mode.Selected() == modeText {
		return s.text
	}
	return s.path
}

func (s *source) fill(c app.CertSource) {
	s.path.Put(c.File)
	s.text.Put(c.PEM)
	s.mode.Select(modeFile)
	if c.PEM != "" {
		s.mode.Select(modeText)
	}
	s.show()
}

func (s *source) value() app.CertSource {
	if s.mode.Selected() == modeText {
		if strings.TrimSpace(s.text.Text) == "" {
			return app.CertSource{}
		}
		return app.CertSource{PEM: s.text.Text}
	}
	return app.CertSource{File: parts.PathOf(s.path.Text)}
}

// open asks for a file.
func (s *source) open() {
	parts.ChooseFile(s.d, s.d.Tr.S("tlsform.choose"), s.path.SetText)
}

// take chooses a file that was dropped.
func (s *source) take(path string) {
	s.mode.Select(modeFile)
	s.show()
	s.path.Put(path)
	s.changed()
}
