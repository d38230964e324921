package parts

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"tidings/ui/kit"
	"tidings/ui/theme"
)

// Field is an entry that passes Enter and Escape on, guards itself against a
// paste that the toolkit cannot bear, and tells when a text has been given:
// by a paste, or by leaving the field.
type Field struct {
	widget.Entry
	// Limit is the largest text in bytes; 0 is 16 KiB. TooLarge hears of
	// more, before the entry sees it; the text then stays as it is.
	Limit    int
	TooLarge func(bytes, limit int)
	// Takes is asked before a paste: true keeps it out of the entry, because
	// it has gone elsewhere. May be nil.
	Takes func(text string) bool
	// Pasted is called after a paste, Gained when the keyboard comes, Left
	// when it goes elsewhere.
	Pasted, Gained, Left func()
	// Complete is what Down does in a field of one line. May be nil.
	Complete func()
	// Whole marks a short value, such as a number, that is replaced rather than
	// edited: it is selected when the keyboard comes. A click still sets the
	// cursor.
	Whole bool
}

// FieldLimit bounds the text of an entry: the toolkit's cost grows with
// the square of the length (16 KiB take 20 ms, 1 MB minutes).
const FieldLimit = 16 << 10

// NewField returns a field of one line.
func NewField() *Field {
	f := &Field{}
	f.Wrapping = fyne.TextWrap(fyne.TextTruncateClip)
	f.ExtendBaseWidget(f)
	return f
}

// NewEditor returns a field of many lines in monospaced text. Tab leaves it,
// so that everything can be reached with the keyboard.
func NewEditor() *Field {
	f := NewField()
	f.MultiLine, f.TextStyle.Monospace = true, true
	f.Wrapping = fyne.TextWrapOff
	return f
}

// NewPassword returns a field that shows dots.
func NewPassword() *Field {
	f := NewField()
	f.Password = true
	return f
}

// Put replaces the text when it differs.
func (f *Field) Put(text string) {
	if f.Text != text {
		f.SetText(text)
	}
}

// MinSize implements fyne.CanvasObject: a line of monospaced text, which is
// lower, has a field as high as any other.
func (f *Field) MinSize() fyne.Size {
	m := f.Entry.MinSize()
	if !f.MultiLine {
		m.Height = max(m.Height, theme.Size(theme.SizeControl))
	}
	return m
}

// AcceptsTab implements fyne.Tabbable: Tab always leaves.
func (f *Field) AcceptsTab() bool { return false }

// TypedKey implements fyne.Focusable.
func (f *Field) TypedKey(e *fyne.KeyEvent) {
	kit.HideTip(f)
	enter := e.Name == fyne.KeyReturn || e.Name == fyne.KeyEnter
	switch {
	case e.Name == fyne.KeyEscape, e.Name == fyne.KeyF1, enter && !f.MultiLine && f.OnSubmitted == nil:
		kit.Pass(f, e)
	case e.Name == fyne.KeyDown && f.Complete != nil && !f.MultiLine:
		f.Complete()
	case enter && f.MultiLine && !f.room(1):
	default:
		f.Entry.TypedKey(e)
	}
}

// TypedRune implements fyne.Focusable.
func (f *Field) TypedRune(r rune) {
	kit.HideTip(f)
	if f.room(len(string(r))) {
		f.Entry.TypedRune(r)
	}
}

// TypedShortcut implements fyne.Shortcutable.
func (f *Field) TypedShortcut(s fyne.Shortcut) {
	kit.HideTip(f)
	paste, ok := s.(*fyne.ShortcutPaste)
	if !ok {
		f.Entry.TypedShortcut(s)
		return
	}
	text := paste.Clipboard.Content()
	if f.Takes != nil && f.Takes(text) {
		return
	}
	if !f.room(len(text) - len(f.SelectedText())) {
		return
	}
	if !f.MultiLine { // a copied line brings its end along
		text = strings.TrimRight(text, "\r\n")
	}
	f.Entry.TypedShortcut(&fyne.ShortcutPaste{Clipboard: fixedClipboard(text)})
	if f.Pasted != nil {
		f.Pasted()
	}
}

// FocusGained implements fyne.Focusable.
func (f *Field) FocusGained() {
	f.Entry.FocusGained()
	if f.Whole && f.Text != "" {
		f.Entry.TypedShortcut(&fyne.ShortcutSelectAll{})
	}
	if f.Gained != nil {
		f.Gained()
	}
}

// FocusLost implements fyne.Focusable.
func (f *Field) FocusLost() {
	f.Entry.FocusLost()
	if f.Left != nil {
		f.Left()
	}
}

// room reports whether more bytes may come, and says so when not.
func (f *Field) room(more int) bool {
	limit := f.Limit
	if limit == 0 {
		limit = FieldLimit
	}
	if len(f.Text)+more <= limit {
		return true
	}
	if f.TooLarge != nil {
		f.TooLarge(len(f.Text)+more, limit)
	}
	return false
}

// fixedClipboard is a clipboard that holds what was read once: a second
// reading could bring something larger.
type fixedClipboard string

func (c fixedClipboard) Content() string   { return string(c) }
func (c fixedClipboard) SetContent(string) {}
