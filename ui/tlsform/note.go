package tlsform

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"
	ftheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tidings/app"
	"tidings/app/certs"
	"tidings/app/i18n"
	"tidings/ui/kit"
	"tidings/ui/kit/parts"
	"tidings/ui/theme"
)

// tone is how a note is meant.
type tone byte

const (
	plain tone = iota
	good
	warn
	bad
)

// note is small text below a control: what a file holds, or what is wrong
// with it. An empty one takes no room.
type note struct {
	root *fyne.Container
	rich *widget.RichText
	text string
	bad  bool // it says that something is wrong with what was chosen
}

func newNote() *note {
	n := &note{rich: kit.NewHint("")}
	n.root = parts.Inset(n.rich, -4.5, 0, -4.5, 0) // the text begins where the control does
	n.root.Hide()
	return n
}

// line is one line of a note.
type line struct {
	tone tone
	text string
}

// say shows one text.
func (n *note) say(t tone, text string) { n.lines([]line{{t, text}}) }

// lines shows several, without the empty ones.
func (n *note) lines(lines []line) {
	n.rich.Segments, n.bad = nil, false
	var all []string
	for _, l := range lines {
		if l.text == "" {
			continue
		}
		all = append(all, l.text)
		n.rich.Segments = append(n.rich.Segments, &widget.TextSegment{Text: l.text, Style: widget.RichTextStyle{ColorName: ink(l.tone), SizeName: ftheme.SizeNameCaptionText}})
	}
	if text := strings.Join(all, "\n"); text != n.text {
		n.text = text
		n.rich.Refresh()
	}
	kit.SetShown(n.root, n.text != "")
}

func ink(t tone) fyne.ThemeColorName {
	switch t {
	case good:
		return ftheme.ColorNameSuccess
	case warn:
		return ftheme.ColorNameWarning
	case bad:
		return ftheme.ColorNameError
	}
	return theme.ColorMuted
}

// fail shows an error in words.
func (n *note) fail(tr *i18n.Printer, err *app.Error) {
	what, do, _ := tr.Error(err)
	n.say(bad, strings.TrimSpace(what+" "+do))
	n.bad = err.What.Key != "certs.passphrase_needed" // that is nobody's mistake
}

// maxShown bounds how many certificates of a file are named.
const maxShown = 3

// certificates names certificates, with what is wrong with their dates.
func (n *note) certificates(tr *i18n.Printer, list []certs.Info, now time.Time) {
	var lines []line
	for _, c := range list[:min(len(list), maxShown)] {
		lines = append(lines, describe(tr, c, now)...)
	}
	if more := len(list) - maxShown; more > 0 {
		lines = append(lines, line{plain, tr.S("tlsform.more_certificates", "N", more)})
	}
	n.lines(lines)
}

// describe says what a certificate is about: whose, for which names, how long.
func describe(tr *i18n.Printer, c certs.Info, now time.Time) []line {
	whose := c.Subject
	if len(c.Names) > 0 {
		whose = tr.S("tlsform.names", "Subject", c.Subject, "Names", c.NameList())
	}
	lines := []line{
		{plain, whose},
		{plain, tr.S("tlsform.dates", "Key", c.Key, "Issuer", c.Issuer, "From", day(c.NotBefore), "To", day(c.NotAfter))},
	}
	if failed := c.Validity(now); failed != nil {
		what, do, _ := tr.Error(failed)
		return append(lines, line{bad, what + " " + do})
	}
	if c.EndsSoon(now) {
		lines = append(lines, line{warn, tr.S("tlsform.ends_soon", "N", c.DaysLeft(now))})
	}
	return lines
}

func day(t time.Time) string { return t.UTC().Format(time.DateOnly) }
