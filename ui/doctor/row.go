package doctor

import (
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	ftheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tidings/app/doctor"
	"tidings/ui/kit"
	"tidings/ui/kit/parts"
	"tidings/ui/theme"
)

// row is one step.
type row struct {
	d        kit.Deps
	root     *fyne.Container
	relayout func()
	more     *kit.Button // shows and hides the details
	name     string      // of that button
	step     doctor.Step
	shown    bool // step has been shown
	open     bool // so are its details
}

// newRow returns the row of step n.
func newRow(d kit.Deps, n int, relayout func()) *row {
	r := &row{d: d, root: container.NewStack(), relayout: relayout, name: "diagnosis.details." + strconv.Itoa(n)}
	r.more = kit.NewButton(d.Tr.S("diagnosis.details"), widget.LowImportance, r.toggle)
	d.Names.Set(r.name, r.more)
	return r
}

// show shows the step as it is now, and reports whether it has changed: a step
// does when it ends, and when a later one takes its advice back.
func (r *row) show(s doctor.Step) (changed bool) {
	if r.shown && s.Verdict == r.step.Verdict && s.What.Key == r.step.What.Key && s.Do.Key == r.step.Do.Key {
		return false
	}
	r.step, r.shown = s, true
	r.build()
	return true
}

// build lays the step out: icon, name, what it is about and time in one line,
// then sentence, advice and, when asked for, the details.
func (r *row) build() {
	s, tr := r.step, r.d.Tr
	line := parts.Stretch(1, 8,
		kit.NewText(tr.Say(s.Kind.Text()), kit.TextLook{Bold: true}),
		kit.NewText(s.About, kit.TextLook{Mono: true, Color: theme.ColorMuted, Cut: true}),
	)
	if s.HasDetails() {
		line.Objects = append(line.Objects, r.more)
	}
	took := ""
	if s.Took >= 100*time.Microsecond { // less says nothing
		took = tr.Duration(s.Took)
	}
	line.Objects = append(line.Objects, parts.Sized(kit.NewText(took, kit.TextLook{Color: theme.ColorMuted, Align: fyne.TextAlignTrailing}), 56, 0))
	texts := parts.Column(0, parts.Sized(line, 0, 24))
	text := tr.Say(s.What)
	if s.Verdict == doctor.Skipped && s.About == "" { // one line says it all
		line.Objects[1] = kit.NewMuted(text)
		text = ""
	}
	if text != "" {
		texts.Add(wrapped(text, sentenceInk(s.Verdict)))
	}
	if text := tr.Say(s.Do); text != "" {
		texts.Add(wrapped(text, theme.ColorMuted))
	}
	if r.open {
		texts.Add(r.details())
	}
	mark := container.NewVBox(parts.Sized(kit.NewTipped(icon(s.Verdict), tr.Say(s.Verdict.Text())), 0, 24))
	body := parts.Inset(container.NewBorder(nil, nil, parts.Inset(mark, 0, 0, 10, 0), nil, texts), 0, 4, 0, 6)
	r.root.Objects = []fyne.CanvasObject{parts.On(parts.NewGround("", parts.Top), body)}
	r.root.Refresh()
}

func (r *row) toggle() {
	r.open = !r.open
	label := "diagnosis.details"
	if r.open {
		label = "diagnosis.details.hide"
	}
	r.more.SetText(r.d.Tr.S(label))
	r.build()
	r.relayout()
}

// details are the facts and the technical text, to be copied.
func (r *row) details() fyne.CanvasObject {
	var lines []string
	for _, f := range r.step.Facts {
		lines = append(lines, r.d.Tr.Say(f.Name)+": "+f.Value)
	}
	if r.step.Technical != "" {
		lines = append(lines, r.step.Technical)
	}
	l := widget.NewLabel(strings.Join(lines, "\n"))
	l.TextStyle.Monospace, l.SizeName, l.Wrapping = true, ftheme.SizeNameCaptionText, fyne.TextWrapBreak
	return parts.Inset(parts.On(parts.NewCard(theme.ColorRaised), kit.NewCopyText(l)), 0, 4, 0, 2)
}

// wrapped is text broken into lines, flush with the line above it.
func wrapped(text string, ink fyne.ThemeColorName) fyne.CanvasObject {
	t := widget.NewRichText(kit.NewSegments(text, widget.RichTextStyle{ColorName: ink, SizeName: ftheme.SizeNameText})...)
	t.Wrapping = fyne.TextWrapWord
	pad := -ftheme.InnerPadding() / theme.Zoom()
	return parts.Inset(t, pad, pad, pad, pad)
}

func sentenceInk(v doctor.Verdict) fyne.ThemeColorName {
	if v == doctor.Skipped {
		return theme.ColorMuted
	}
	return ftheme.ColorNameForeground
}

// icon is the mark of a verdict.
func icon(v doctor.Verdict) fyne.CanvasObject {
	switch v {
	case doctor.OK:
		return mark(ftheme.NewSuccessThemedResource(ftheme.ConfirmIcon()))
	case doctor.Warning:
		return mark(ftheme.NewWarningThemedResource(ftheme.WarningIcon()))
	case doctor.Failed:
		return mark(ftheme.NewErrorThemedResource(ftheme.ErrorIcon()))
	case doctor.Running:
		return parts.Sized(kit.NewDot(ftheme.ColorNamePrimary), 18, 18)
	}
	return parts.Sized(hollow(), 18, 18)
}

func hollow() *kit.Dot {
	d := kit.NewDot(theme.ColorMuted)
	d.Set(theme.ColorMuted, true)
	return d
}

func mark(r fyne.Resource) fyne.CanvasObject {
	return parts.Sized(widget.NewIcon(r), 18, 18)
}
