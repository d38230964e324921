package certsheet

import (
	"fyne.io/fyne/v2"
	ftheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tidings/app/session"
	"tidings/ui/kit"
	"tidings/ui/kit/parts"
)

// RefusedParams are what a sheet about a refused certificate is made of.
type RefusedParams struct {
	Untrusted *session.Untrusted // required
	// Accept pins the certificate with this fingerprint and connects. It is
	// required.
	Accept func(fingerprint string)
	// Trust keeps the authority with this fingerprint, which came along with
	// the certificate, and connects. It is required.
	Trust func(fingerprint string)
}

// Refused opens a sheet about a certificate that was not accepted. The buttons
// that accept it or trust its authority are never the one that Enter presses.
func Refused(d kit.Deps, p RefusedParams) *parts.Sheet {
	tr, u := d.Tr, p.Untrusted
	var s *parts.Sheet
	hide := func() { s.Hide() }
	title, meaning := tr.S("certsheet.title", "Host", u.Host), tr.S("certsheet.meaning")
	if u.Pinned != "" {
		title, meaning = tr.S("certsheet.title.changed", "Host", u.Host), tr.S("certsheet.meaning.changed")
	}
	body := []fyne.CanvasObject{reasons(d, u)}
	if u.Pinned != "" {
		body = append(body,
			fingerprint(tr.S("certsheet.before"), u.Pinned),
			fingerprint(tr.S("certsheet.now"), u.Chain[0].Fingerprint))
	}
	body = append(body, paragraph(meaning, ftheme.ColorNameForeground)) // in sight however low the window is
	var left []fyne.CanvasObject
	if a := u.Authority; a != nil {
		body = append(body, paragraph(tr.S("certsheet.trust.meaning", "Authority", a.Subject, "Chosen", u.Chosen), ftheme.ColorNameForeground),
			fingerprint(tr.S("certsheet.authority"), a.Fingerprint))
		trust := kit.NewButton(tr.S("certsheet.trust"), widget.MediumImportance, func() {
			s.Hide()
			p.Trust(a.Fingerprint)
		})
		d.Names.Set("certsheet.trust", trust)
		left = append(left, trust)
	}
	body = append(body, chain(d, u.Chain)...)
	accept := kit.NewButton(tr.S("certsheet.accept"), widget.DangerImportance, func() {
		s.Hide()
		p.Accept(u.Chain[0].Fingerprint)
	})
	done := kit.NewButton(tr.S("certsheet.leave"), widget.HighImportance, hide)
	d.Names.Set("certsheet.accept", accept)
	d.Names.Set("certsheet.close", done)
	s = parts.NewSheet(parts.SheetParams{
		Canvas: d.Window.Canvas(), Title: title, Width: width, Body: parts.Column(2, body...),
		Left: append(left, accept), Right: []fyne.CanvasObject{done}, Enter: hide, Escape: hide,
	})
	s.Show(done)
	return s
}

// reasons lists what speaks against the certificate.
func reasons(d kit.Deps, u *session.Untrusted) fyne.CanvasObject {
	var lines []fyne.CanvasObject
	for _, why := range u.Why {
		lines = append(lines, paragraph(d.Tr.Say(why), ftheme.ColorNameError))
	}
	return parts.Column(0, lines...)
}

// paragraph is text of ordinary size that is broken into lines.
func paragraph(text string, ink fyne.ThemeColorName) fyne.CanvasObject {
	t := widget.NewRichText(&widget.TextSegment{Text: text, Style: widget.RichTextStyle{ColorName: ink}})
	t.Wrapping = fyne.TextWrapWord
	return parts.Inset(t, -4.5, 0, -4.5, 0)
}
