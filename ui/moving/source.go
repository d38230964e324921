package moving

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	ftheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tidings/app"
	"tidings/app/moving"
	"tidings/ui/kit"
	"tidings/ui/kit/parts"
	"tidings/ui/theme"
)

// The modes of a source.
const (
	modeFile = iota
	modeText
)

// maxText is the longest text that can be pasted, in bytes: more is a file.
const maxText = 16 << 10

// source is the first page of the import: where the connections come from.
type source struct {
	im     *Importer
	mode   *kit.Segmented
	path   *parts.Field
	text   *parts.Field
	fileIn *fyne.Container
	others *fyne.Container // what other clients left
	there  []moving.Source
	fault  *kit.Banner
	body   *fyne.Container
}

// newSource returns the page; what stood on the one before stays.
func newSource(im *Importer, before *source) *source {
	tr := im.d.Tr
	s := &source{im: im, others: parts.Column(4), path: parts.NewField(), text: parts.NewEditor()}
	s.mode = kit.NewSegmented([]string{tr.S("import.mode.file"), tr.S("import.mode.text")}, func(int) { s.shown(); s.focus() })
	s.path.SetPlaceHolder(tr.S("import.path"))
	s.path.Pasted = s.sortOut
	s.text.SetMinRowsVisible(7)
	s.text.Wrapping = fyne.TextWrapWord // a command is one long line
	s.text.SetPlaceHolder("mosquitto_sub -h broker.example -t 'lab/#' -u ana")
	s.text.Limit = maxText
	s.text.TooLarge = func(int, int) {
		s.problem(&app.Error{What: app.Say("import.text_long"), Do: app.Say("import.text_long.do")})
	}
	choose := kit.NewButton(tr.S("import.choose"), widget.MediumImportance, func() { parts.ChooseFile(im.d, tr.S("import.title"), s.chosen) })
	choose.SetIcon(ftheme.FolderOpenIcon())
	s.fileIn = parts.Column(4, parts.Stretch(0, 6, s.path, choose), parts.Inset(kit.NewHint(tr.S("import.formats")), -4, 0, -4, 0))
	s.fault = kit.NewBanner(kit.BannerLabels{Details: tr.S("banner.details"), Close: tr.S("banner.close")})
	s.body = parts.Column(10, s.others, parts.Row(0, s.mode), s.fileIn, s.text, s.fault)
	s.others.Hide()
	if before != nil {
		s.mode.Select(before.mode.Selected())
		s.path.SetText(before.path.Text)
		s.text.SetText(before.text.Text)
	}
	names := im.d.Names
	names.Set("import.mode", s.mode)
	names.Set("import.path", s.path)
	names.Set("import.choose", choose)
	names.Set("import.text", s.text)
	s.shown()
	return s
}

func (s *source) params() parts.SheetParams {
	return parts.SheetParams{
		Title: s.im.d.Tr.S("import.title"), Width: 600, Body: s.body, Enter: s.read,
		Right: []fyne.CanvasObject{
			s.im.button("import.cancel", "import.cancel", widget.MediumImportance, s.im.close),
			s.im.button("import.go", "import.go", widget.HighImportance, s.read),
		},
	}
}

// shown shows the control of the mode.
func (s *source) shown() {
	file := s.mode.Selected() == modeFile
	kit.SetShown(s.fileIn, file)
	kit.SetShown(s.text, !file)
	s.relayout()
}

func (s *source) relayout() {
	if s.im.sheet != nil {
		s.im.sheet.Relayout()
	}
}

// first returns the control that has the keyboard at first.
func (s *source) first() fyne.Focusable {
	if s.mode.Selected() == modeText {
		return s.text
	}
	return s.path
}

func (s *source) focus() { s.im.d.Window.Canvas().Focus(s.first()) }

// sortOut takes a pasted text that is no path to where texts go.
func (s *source) sortOut() {
	text := strings.TrimSpace(s.path.Text)
	if isPath := !strings.Contains(text, "mosquitto_sub ") && !strings.Contains(text, "mosquitto_pub ") &&
		!strings.HasPrefix(text, "{") && !strings.HasPrefix(text, "[") &&
		(!strings.Contains(text, "://") || strings.HasPrefix(text, "file://")); isPath {
		return
	}
	s.path.SetText("")
	s.text.SetText(text)
	s.mode.Select(modeText)
	s.shown()
	s.focus()
}

// chosen takes the path from the dialog for files and reads it.
func (s *source) chosen(path string) {
	s.path.SetText(path)
	s.read()
}

// read hands file or text to the desk.
func (s *source) read() {
	path, text := parts.PathOf(s.path.Text), strings.TrimSpace(s.text.Text)
	switch {
	case s.mode.Selected() == modeFile && path != "":
		s.im.desk.ReadFile(path)
	case s.mode.Selected() == modeText && text != "":
		s.im.desk.ReadText(text)
	default:
		s.focus()
		return
	}
	s.im.Sync()
}

// problem shows why the source could not be read; nil takes it away.
func (s *source) problem(err *app.Error) {
	if err == nil {
		if s.fault.Visible() {
			s.fault.Hide()
			s.relayout()
		}
		return
	}
	what, do, technical := s.im.d.Tr.Error(err)
	s.fault.Say(kit.Notice{Kind: kit.Error, Text: what, Advice: do, Detail: technical})
	s.relayout()
}

// found shows the files that other clients left.
func (s *source) found(list []moving.Source) {
	if slices.Equal(list, s.there) {
		return
	}
	s.there = list
	tr := s.im.d.Tr
	s.others.Objects = []fyne.CanvasObject{kit.NewCaption(tr.S("import.found"))}
	for _, f := range list {
		read := kit.NewButton(tr.S("import.read"), widget.MediumImportance, func() {
			s.mode.Select(modeFile)
			s.path.SetText(f.Path)
			s.read()
		})
		what := kit.NewText(capital(tr.Say(f.Format.Text())), kit.TextLook{Cut: true})
		where := kit.NewText(f.Path, kit.TextLook{Mono: true, Size: ftheme.SizeNameCaptionText, Color: theme.ColorMuted, Cut: true})
		s.others.Add(parts.On(parts.NewCard(theme.ColorRaised), parts.Pad(parts.Stretch(0, 10, parts.Column(1, what, where), read), 10, 6)))
	}
	s.others.Show()
	s.relayout()
}
