package doctor

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	ftheme "fyne.io/fyne/v2/theme"

	"tidings/app/doctor"
	"tidings/ui/kit"
	"tidings/ui/kit/parts"
	"tidings/ui/theme"
)

// verdict is the one sentence about the whole, above the steps.
type verdict struct {
	d       kit.Deps
	root    *fyne.Container
	ground  *parts.Ground
	text    *fyne.Container
	running bool
	what    string
}

func newVerdict(d kit.Deps) *verdict {
	v := &verdict{d: d, ground: parts.NewCard(theme.ColorRaised), text: container.NewStack()}
	v.root = parts.On(v.ground, parts.Pad(v.text, 12, 8))
	return v
}

// show says what is known now, and reports whether that has changed.
func (v *verdict) show(r doctor.Report) (changed bool) {
	what, do := r.Conclusion()
	text, advice := v.d.Tr.Say(what), v.d.Tr.Say(do)
	if text == v.what && r.Running == v.running {
		return false
	}
	v.what, v.running = text, r.Running
	lines := parts.Column(2, wrapped(text, ftheme.ColorNameForeground))
	if advice != "" {
		lines.Add(wrapped(advice, theme.ColorMuted))
	}
	sign := container.NewVBox(icon(r.Verdict()))
	v.text.Objects = []fyne.CanvasObject{container.NewBorder(nil, nil, parts.Inset(sign, 0, 0, 10, 0), nil, lines)}
	v.ground.Paint(ground(r.Verdict()))
	v.root.Refresh()
	return true
}

func ground(v doctor.Verdict) fyne.ThemeColorName {
	switch v {
	case doctor.Failed:
		return theme.ColorDangerSoft
	case doctor.Warning:
		return theme.ColorWarningSoft
	case doctor.OK:
		return theme.ColorAccentSoft
	}
	return theme.ColorRaised
}
