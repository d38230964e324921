package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	ftheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tidings/ui/theme"
)

// Kind says how serious a banner is.
type Kind byte

// The kinds of banner.
const (
	Info Kind = iota
	Warning
	Error
)

// Notice is what a banner says.
type Notice struct {
	Kind   Kind
	Text   string // what happened and why
	Advice string // what to do; "" for nothing
	Detail string // the technical text, shown when asked for; "" for none
	// Actions stand behind the text, for example "Try again".
	Actions []fyne.CanvasObject
	// OnClose is called when a person closes the banner; nil: it cannot be.
	OnClose func()
}

// Banner is a bar across an area that tells something until it is closed or
// replaced.
type Banner struct {
	widget.BaseWidget
	labels BannerLabels
	ground *Surface
	body   *fyne.Container
	open   bool
	notice Notice
}

// BannerLabels are the words of a banner's own controls.
type BannerLabels struct {
	Details string // on the button that shows the technical text
	Close   string // tooltip of the cross
}

// NewBanner returns a hidden banner.
func NewBanner(labels BannerLabels) *Banner {
	b := &Banner{labels: labels, body: container.NewStack()}
	b.ground = NewGround("", 12, 5, b.body)
	b.ExtendBaseWidget(b)
	b.Hide()
	return b
}

// Say shows a notice in place of the one before.
func (b *Banner) Say(n Notice) {
	b.notice, b.open = n, false
	b.build()
	b.Show()
}

// Notice returns what the banner says; its Text is "" when it is hidden.
func (b *Banner) Notice() Notice {
	if b.Hidden {
		return Notice{}
	}
	return b.notice
}

// build lays the notice out: its texts, and the buttons behind them.
func (b *Banner) build() {
	n := b.notice
	text := widget.NewRichText(&widget.TextSegment{Text: n.Text, Style: widget.RichTextStyleInline})
	if n.Advice != "" {
		text.Segments = append(text.Segments, &widget.TextSegment{Text: " " + n.Advice, Style: widget.RichTextStyle{Inline: true, ColorName: theme.ColorMuted}})
	}
	text.Wrapping = fyne.TextWrapWord
	buttons := container.NewHBox(n.Actions...)
	if n.Detail != "" {
		buttons.Add(NewButton(b.labels.Details, widget.LowImportance, b.toggle))
	}
	if n.OnClose != nil {
		buttons.Add(NewIconButton(ftheme.CancelIcon(), b.labels.Close, func() {
			b.Hide()
			n.OnClose()
		}))
	}
	b.body.Objects = []fyne.CanvasObject{b.arrange(text, buttons)}
	b.ground.SetGround(b.ink())
	b.body.Refresh()
}

// arrange puts the buttons beside the text, or below it when they are so many
// that they would leave it no room.
func (b *Banner) arrange(text *widget.RichText, buttons *fyne.Container) fyne.CanvasObject {
	if len(b.notice.Actions) < 2 {
		return container.NewBorder(nil, b.detail(), nil, container.NewVBox(buttons), text)
	}
	below := container.NewVBox(container.NewHBox(buttons))
	if d := b.detail(); d != nil {
		below.Add(d)
	}
	return container.NewBorder(nil, below, nil, nil, text)
}

func (b *Banner) toggle() {
	b.open = !b.open
	b.build()
	b.Refresh()
}

// detail is the technical text, to be copied; nil when closed.
func (b *Banner) detail() fyne.CanvasObject {
	if !b.open {
		return nil
	}
	l := widget.NewLabel(b.notice.Detail)
	l.TextStyle.Monospace, l.SizeName, l.Wrapping = true, ftheme.SizeNameCaptionText, fyne.TextWrapBreak
	return NewCopyText(l)
}

func (b *Banner) ink() fyne.ThemeColorName {
	switch b.notice.Kind {
	case Warning:
		return theme.ColorWarningSoft
	case Error:
		return theme.ColorDangerSoft
	case Info:
	}
	return ftheme.ColorNameSelection
}

// CreateRenderer implements fyne.Widget.
func (b *Banner) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(b.ground) }
