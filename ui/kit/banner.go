package kit

import (
	"strings"

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
	// More stand below the technical text, and show with it.
	More []fyne.CanvasObject
	// Line keeps the banner to what happened, in one line if that has room,
	// until more is asked for: it comes unasked, and moves what stands below it
	// while somebody points there.
	Line bool
	// OnClose is called when a person closes the banner; nil: it cannot be.
	OnClose func()
}

// folds reports whether there is more to show than the banner does at first.
func (n Notice) folds() bool {
	return n.Detail != "" || len(n.More) > 0 || n.Line && n.Advice != ""
}

// Banner is a bar across an area that tells something until it is closed or
// replaced.
type Banner struct {
	widget.BaseWidget
	labels BannerLabels
	ground *Surface
	body   *fyne.Container
	fold   *Button
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
	b.fold = NewButton(labels.Details, widget.LowImportance, b.toggle)
	b.ground = NewGround("", 12, 3, b.body)
	b.ExtendBaseWidget(b)
	b.Hide()
	return b
}

// Say shows a notice in place of the one before. Details that are open stay
// open while it says the same.
func (b *Banner) Say(n Notice) {
	b.open = b.open && !b.Hidden && n.folds() && n.Text == b.notice.Text
	b.notice = n
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

// Fold returns the button that shows the technical text.
func (b *Banner) Fold() *Button { return b.fold }

// build lays the notice out: its text, the buttons behind it, and below them
// what was asked for.
func (b *Banner) build() {
	n := b.notice
	buttons := container.NewHBox(n.Actions...)
	if n.folds() {
		buttons.Add(b.fold)
	}
	if n.OnClose != nil {
		buttons.Add(NewIconButton(ftheme.CancelIcon(), b.labels.Close, func() {
			b.Hide()
			n.OnClose()
		}))
	}
	top := b.lines(buttons)
	if n.Line && n.folds() && !b.open {
		top = b.line(buttons)
	}
	b.body.Objects = []fyne.CanvasObject{container.NewBorder(nil, b.below(), nil, nil, top)}
	b.ground.SetGround(b.ink())
	b.body.Refresh()
}

// gap parts what happened from the advice: of a line without room for both,
// the advice goes.
const gap = "  "

// line says what happened beside the buttons, and what to do as far as that has
// room.
func (b *Banner) line(buttons fyne.CanvasObject) fyne.CanvasObject {
	n := b.notice
	all := strings.TrimSpace(n.Text + gap + n.Advice)
	one := NewTipped(NewText(all, TextLook{Cut: true, Between: gap}), n.Text+"\n"+n.Advice)
	return container.New(&bannerLine{text: n.Text}, one, b.text(""), buttons)
}

// lines says what happened and what to do beside the buttons, or above them.
func (b *Banner) lines(buttons fyne.CanvasObject) fyne.CanvasObject {
	all := strings.TrimSpace(b.notice.Text + " " + b.notice.Advice)
	return container.New(&bannerLine{text: all, all: true}, NewText("", TextLook{}), b.text(b.notice.Advice), buttons)
}

// text says what happened and what to do, in lines.
func (b *Banner) text(advice string) fyne.CanvasObject {
	text := widget.NewRichText(NewSegments(b.notice.Text, widget.RichTextStyleInline)...)
	if advice != "" {
		text.Segments = append(text.Segments, NewSegments(" "+advice, widget.RichTextStyle{Inline: true, ColorName: theme.ColorMuted})...)
	}
	text.Wrapping = fyne.TextWrapWord
	return text
}

func (b *Banner) toggle() {
	b.open = !b.open
	b.build()
	b.Refresh()
}

// below is the technical text, to be copied, and what goes with it; nil when
// closed.
func (b *Banner) below() fyne.CanvasObject {
	if !b.open {
		return nil
	}
	box := container.NewVBox()
	if b.notice.Detail != "" {
		l := widget.NewLabel(b.notice.Detail)
		l.TextStyle.Monospace, l.SizeName, l.Wrapping = true, ftheme.SizeNameCaptionText, fyne.TextWrapBreak
		box.Add(NewCopyText(l))
	}
	if len(b.notice.More) > 0 {
		box.Add(container.NewHBox(b.notice.More...))
	}
	return box
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
