package certsheet

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"
	ftheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tidings/app/certs"
	"tidings/ui/kit"
	"tidings/ui/kit/parts"
)

// width is that of a sheet, in units at 100 %: a label and half a fingerprint.
const width = 620

// block describes one certificate below a heading.
func block(d kit.Deps, heading string, c certs.Info) []fyne.CanvasObject {
	tr := d.Tr
	rows := []fyne.CanvasObject{
		kit.NewLine(), parts.Inset(kit.NewHeading(heading), 0, 6, 0, 4),
		fact(tr.S("certsheet.subject"), c.Subject, ""),
	}
	if len(c.Names) > 0 {
		rows = append(rows, fact(tr.S("certsheet.names"), c.NameList(), ""))
	}
	issuer := c.Issuer
	if c.SelfSigned {
		issuer = tr.S("certsheet.itself")
	}
	now := time.Now()
	ink := fyne.ThemeColorName("")
	switch {
	case c.Validity(now) != nil:
		ink = ftheme.ColorNameError
	case c.EndsSoon(now):
		ink = ftheme.ColorNameWarning
	}
	return append(rows,
		fact(tr.S("certsheet.issuer"), issuer, ""),
		fact(tr.S("certsheet.valid"), tr.S("certsheet.dates", "From", day(c.NotBefore), "To", day(c.NotAfter)), ink),
		fact(tr.S("certsheet.key"), c.Key, ""),
		fingerprint("SHA-256", c.Fingerprint),
	)
}

func day(t time.Time) string { return t.UTC().Format(time.DateOnly) }

// fact is a label and a text beside it, to be copied.
func fact(label, text string, ink fyne.ThemeColorName) fyne.CanvasObject {
	value := widget.NewLabel(text)
	value.Wrapping = fyne.TextWrapWord
	switch ink {
	case ftheme.ColorNameError:
		value.Importance = widget.DangerImportance
	case ftheme.ColorNameWarning:
		value.Importance = widget.WarningImportance
	case ftheme.ColorNameSuccess:
		value.Importance = widget.SuccessImportance
	}
	return kit.NewFormRow(label, kit.NewCopyText(value), "")
}

// fingerprint is a fact in two lines of sixteen bytes.
func fingerprint(label, sum string) fyne.CanvasObject {
	if half := len(sum) / 2; len(sum) == 95 {
		sum = sum[:half] + "\n" + sum[half+1:]
	}
	value := widget.NewLabel(strings.ToUpper(sum))
	value.TextStyle.Monospace = true
	value.SizeName = ftheme.SizeNameCaptionText
	return kit.NewFormRow(label, kit.NewCopyText(value), "")
}
