package profileform

import (
	"fyne.io/fyne/v2"
	ftheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tidings/app"
	"tidings/app/profilecheck"
	"tidings/ui/kit"
	"tidings/ui/kit/parts"
)

// ReadFile starts to read a file of at most limit bytes. The answer is asked
// for until it is there: done says so.
type ReadFile func(path string, limit int64) (answer func() (data []byte, err *app.Error, done bool))

// The ways to write a payload, in the order of their segments.
const (
	asText = int(parts.AsText)
	asJSON = int(parts.AsJSON)
	asHex  = int(parts.AsHex)
	asFile = asHex + 1
)

// maxWillPayload is the largest payload of a will, in bytes: its length has
// two bytes (MQTT 5.0 §3.1.3.4).
const maxWillPayload = 65535

// payloadPart is the payload of the will as text, JSON, hexadecimal, or what a
// file held when it was chosen.
type payloadPart struct {
	f      *fields
	read   ReadFile
	format *kit.Segmented
	now    int // the format that the controls show
	text   *parts.Field

	path   *parts.Field
	last   string // the path that was read
	load   *kit.Button
	answer func() ([]byte, *app.Error, bool) // of the file being read
	failed *app.Error                        // why it could not be
	raw    []byte                            // what asFile sends

	given  []byte // the payload that the text was made of
	asThat string // that text
	held   bool   // given has no form in the present format, and stays what it is

	fileLine fyne.CanvasObject
	row      *kit.FormRow
}

func newPayload(f *fields, read ReadFile) *payloadPart {
	s := &payloadPart{f: f, read: read}
	s.format = f.choice("will.format", []string{f.S("form.as.text"), "JSON", f.S("form.as.hex"), f.S("form.as.file")}, s.turn)
	s.text = f.editor("will.payload", profilecheck.FieldWillPayload, 3)
	s.text.SetPlaceHolder(f.S("form.will.payload.placeholder"))
	s.path = f.mono("will.file", "")
	s.path.TooLarge = nil
	s.path.SetPlaceHolder(f.S("form.file.placeholder"))
	s.load = kit.NewButton(f.S("form.file.read"), widget.MediumImportance, s.start)
	f.name("will.file.read", s.load)
	choose := kit.NewIconButton(ftheme.FolderOpenIcon(), f.S("form.file.choose"), s.choose)
	f.name("will.file.choose", choose)
	s.path.Pasted, s.path.OnSubmitted = s.start, func(string) { s.start() }
	s.path.Left = func() {
		if s.path.Text != s.last {
			s.start()
		}
	}
	s.fileLine = parts.Stretch(0, 4, s.path, choose, s.load)
	s.row = f.row("form.will.payload", parts.Column(6, parts.Row(0, s.format), s.text, s.fileLine), "", profilecheck.FieldWillPayload)
	return s
}

func (s *payloadPart) fill(b []byte) {
	s.raw, s.failed, s.answer = b, nil, nil
	s.now = formatOf(b)
	s.format.Select(s.now)
	s.write(b)
}

// formatOf returns how a payload is best written.
func formatOf(b []byte) int {
	if way, fits := parts.WayOf(b); fits {
		return int(way)
	}
	return asFile
}

// write shows a payload in the present format.
func (s *payloadPart) write(b []byte) {
	text := ""
	if s.held = s.now != asFile && !parts.Way(s.now).Fits(b); s.now != asFile && !s.held {
		text = parts.Way(s.now).Write(b)
	}
	s.given, s.asThat = b, text
	s.text.Put(text)
}

// turn shows the payload in another format. Where it cannot be written so, it
// is held as it is: what the controls show is never another payload than the
// one that is sent.
func (s *payloadPart) turn(to int) {
	b, err := s.written()
	s.now = to
	s.f.touched[profilecheck.FieldWillPayload] = true
	switch {
	case to == asFile:
		if s.failed = nil; err == nil {
			s.raw = b
		}
		s.held = false
	case err == nil:
		before := s.f.filling
		s.f.filling = true
		s.write(b)
		s.f.filling = before
	}
}

// bytes returns what will be sent, or why what was typed is nothing to send.
func (s *payloadPart) bytes() ([]byte, *app.Error) {
	if s.now == asJSON && !s.held {
		if err := parts.AsJSON.Judge(s.text.Text); err != nil {
			return nil, err
		}
	}
	return s.written()
}

// written is bytes for JSON that is none, too.
func (s *payloadPart) written() ([]byte, *app.Error) {
	text := s.text.Text
	switch {
	case s.now == asFile && s.failed != nil:
		return nil, s.failed
	case s.now == asFile && s.answer != nil:
		return nil, &app.Error{What: app.Say("form.file.reading")}
	case s.now == asFile:
		return s.raw, nil
	case s.held:
		return s.given, nil
	case s.now != asHex && text == s.asThat: // as it came, should the entry have changed it
		return s.given, nil
	}
	return parts.Way(s.now).Read(text)
}

// choose asks for a file.
func (s *payloadPart) choose() {
	parts.ChooseFile(s.f.d, s.f.S("tlsform.choose"), func(path string) {
		s.path.SetText(path)
		s.start()
	})
}

// start reads the file whose path was given.
func (s *payloadPart) start() {
	path := parts.PathOf(s.path.Text)
	if path == "" || s.read == nil {
		return
	}
	s.failed, s.last = nil, s.path.Text
	s.answer = s.read(path, maxWillPayload)
	s.f.touched[profilecheck.FieldWillPayload] = true
	s.sync()
	s.f.change()
}

// sync takes over what was read since the last time, and reports whether
// there was something.
func (s *payloadPart) sync() bool {
	if s.answer == nil {
		return false
	}
	data, err, done := s.answer()
	if !done {
		return false
	}
	s.answer, s.failed = nil, err
	if err == nil {
		s.raw = data
	}
	return true
}

func (s *payloadPart) show() {
	s.f.show(s.text, s.now != asFile && !s.held)
	s.f.show(s.fileLine, s.now == asFile)
	hint := ""
	switch {
	case s.held:
		hint = s.f.S("form.payload.held", "Size", app.ByteCount(len(s.given)))
	case s.now != asFile:
	case s.answer != nil:
		hint = s.f.S("form.file.reading")
	case s.failed == nil:
		hint = s.f.S("form.file.bytes", "Size", app.ByteCount(len(s.raw)))
	}
	s.row.SetHint(hint)
}

// dropped takes a file that was dropped on the window while a path is wanted.
func (s *payloadPart) dropped(path string) bool {
	if s.now != asFile {
		return false
	}
	s.path.SetText(path)
	s.start()
	return true
}
