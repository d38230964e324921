package publish

import (
	"math"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	ftheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tidings/app"
	"tidings/app/mqtt/topic"
	"tidings/app/session"
	"tidings/ui/kit"
	"tidings/ui/kit/parts"
	"tidings/ui/theme"
)

// showProperties says on the bar which properties the message has, and
// reports whether that takes more room or less.
func (s *Screen) showProperties() (moved bool) {
	tr, said := s.d.Tr, s.propertyWords()
	label := tr.S("publish.properties")
	if n := len(said); n > 0 {
		label = tr.S("publish.properties.n", "N", n)
	}
	old := s.snap.Session.State == session.Connected && s.snap.Session.Options.Version != app.V5
	text, color := strings.Join(said, " · "), theme.ColorMuted
	if old && len(said) > 0 { // MQTT 3.1.1 has none
		text, color = tr.S("publish.properties.not_sent", "Version", s.snap.Session.Options.Version.String()), ftheme.ColorNameWarning
	}
	s.more.SetText(label)
	s.more.SetEnabled(!old || len(said) > 0, tr.S("publish.properties.v5"))
	s.moreText.SetText(text)
	s.moreText.SetColor(color)
	return kit.SetShown(s.moreText, text != "")
}

// propertyWords says what each property is, in a few words.
func (s *Screen) propertyWords() (said []string) {
	tr, p := s.d.Tr, s.props
	if p == nil {
		return nil
	}
	if p.ContentType != "" {
		said = append(said, p.ContentType)
	}
	if p.PayloadIsUTF8 {
		said = append(said, "UTF-8")
	}
	if p.MessageExpiry != nil {
		said = append(said, tr.S("publish.properties.expiry", "N", int(*p.MessageExpiry)))
	}
	if p.ResponseTopic != "" {
		said = append(said, tr.S("publish.properties.response", "Topic", p.ResponseTopic))
	}
	if len(p.CorrelationData) > 0 {
		said = append(said, tr.S("publish.properties.correlation"))
	}
	for _, u := range p.User {
		said = append(said, u.Name+"="+u.Value)
	}
	return said
}

// propertySheet is the dialog for the properties of the message (MQTT 5.0
// §3.3.2.3).
type propertySheet struct {
	s                                      *Screen
	content, expiry, response, correlation *parts.Field
	isText                                 *parts.Check
	isHex                                  *kit.Segmented
	user                                   *parts.Pairs
	expiryRow, responseRow, correlationRow *kit.FormRow
	ok                                     *kit.Button
	sheet                                  *parts.Sheet
	before                                 app.Properties
}

func (s *Screen) editProperties() {
	if s.Asking() {
		return
	}
	p := &propertySheet{s: s}
	if s.props != nil {
		p.before = *s.props
	}
	p.make()
	p.fill()
	s.sheet = p.sheet
	p.judge()
	p.sheet.Show(p.content)
}

func (p *propertySheet) make() {
	tr := p.s.d.Tr
	field := func(name, hint string) *parts.Field {
		f := parts.NewField()
		f.SetPlaceHolder(hint)
		f.OnChanged = func(string) { p.judge() }
		p.s.d.Names.Set("properties."+name, f)
		return f
	}
	p.content, p.expiry = field("content_type", "application/json"), field("expiry", tr.S("form.expires.never"))
	p.response, p.correlation = field("response", ""), field("correlation", "")
	p.response.TextStyle.Monospace, p.correlation.TextStyle.Monospace = true, true
	p.isText = parts.NewCheck(tr.S("form.will.is_text"), func(bool) { p.judge() })
	p.isHex = kit.NewSegmented([]string{tr.S("form.as.text"), tr.S("form.as.hex")}, p.turn)
	p.user = parts.NewPairs(parts.PairsParams{
		Name: tr.S("form.pairs.name"), Value: tr.S("form.pairs.value"), Add: tr.S("form.properties.add"), Remove: tr.S("form.pairs.remove"),
		Changed: func() { p.sheet.Relayout() }, Gained: func(o fyne.CanvasObject) { p.sheet.Reveal(o) },
	})
	p.expiryRow = kit.NewFormRow(tr.S("form.will.expiry"), parts.Row(8, parts.Sized(p.expiry, 92, 0), kit.NewText(tr.S("form.seconds"), kit.TextLook{Color: theme.ColorMuted})), "")
	p.responseRow = kit.NewFormRow(tr.S("form.will.response"), p.response, "")
	p.correlationRow = kit.NewFormRow(tr.S("form.will.correlation"), parts.Stretch(1, 8, p.isHex, p.correlation), "")
	clearAll := kit.NewButton(tr.S("publish.properties.clear"), widget.MediumImportance, func() {
		p.before = app.Properties{}
		p.fill()
		p.judge()
	})
	cancel := kit.NewButton(tr.S("publish.template.cancel"), widget.MediumImportance, p.leave)
	p.ok = kit.NewButton(tr.S("publish.properties.ok"), widget.HighImportance, p.take)
	p.s.d.Names.Set("properties.ok", p.ok)
	p.sheet = parts.NewSheet(parts.SheetParams{
		Canvas: p.s.d.Window.Canvas(), Title: tr.S("publish.properties.title"), Width: 520,
		Body: parts.Column(8,
			kit.NewFormRow(tr.S("form.will.content_type"), p.content, ""), kit.NewFormRow("", p.isText, ""),
			p.expiryRow, p.responseRow, p.correlationRow,
			kit.NewFormRow(tr.S("publish.properties.user"), p.user, ""),
		),
		Left: []fyne.CanvasObject{clearAll}, Right: []fyne.CanvasObject{cancel, p.ok},
		Enter: p.take, Escape: p.leave,
	})
}

// fill shows the properties that the message has.
func (p *propertySheet) fill() {
	b := p.before
	p.content.Put(b.ContentType)
	p.isText.Put(b.PayloadIsUTF8)
	expiry := ""
	if b.MessageExpiry != nil {
		expiry = strconv.FormatUint(uint64(*b.MessageExpiry), 10)
	}
	p.expiry.Put(expiry)
	p.response.Put(b.ResponseTopic)
	p.isHex.Select(0)
	if !readable(b.CorrelationData) {
		p.isHex.Select(1)
	}
	p.correlation.Put(p.way().Write(b.CorrelationData))
	var rows []parts.Pair
	for _, u := range b.User {
		rows = append(rows, parts.Pair{Name: u.Name, Value: u.Value})
	}
	p.user.Fill(rows)
}

// way is how the correlation data is written.
func (p *propertySheet) way() parts.Way {
	if p.isHex.Selected() == 1 {
		return parts.AsHex
	}
	return parts.AsText
}

// turn shows the correlation data the other way, where it can be written so.
func (p *propertySheet) turn(to int) {
	from := parts.AsText
	if to == 0 {
		from = parts.AsHex
	}
	switch b, err := from.Read(p.correlation.Text); {
	case err != nil: // half typed: it means what is seen
	case to == 1 || readable(b):
		p.correlation.Put(p.way().Write(b))
	default: // the same text would mean something else
		p.isHex.Select(1)
	}
	p.judge()
}

// judge shows what is wrong beside the fields, and reports whether nothing is.
func (p *propertySheet) judge() bool {
	if p.ok == nil || p.sheet == nil {
		return false
	}
	wrong := map[*kit.FormRow]string{}
	if _, fine := seconds(p.expiry.Text); !fine {
		wrong[p.expiryRow] = p.s.d.Tr.S("form.number", "Min", 0, "Max", uint64(math.MaxUint32))
	}
	if p.response.Text != "" { // no wildcards [MQTT-3.3.2-14]
		if err := topic.ValidateName(p.response.Text); err != nil {
			wrong[p.responseRow] = p.s.said(err)
		}
	}
	if _, err := p.way().Read(p.correlation.Text); err != nil {
		wrong[p.correlationRow] = p.s.said(err)
	}
	for _, row := range []*kit.FormRow{p.expiryRow, p.responseRow, p.correlationRow} {
		row.SetError(wrong[row])
	}
	p.ok.SetEnabled(len(wrong) == 0, p.s.d.Tr.S("publish.properties.wrong"))
	p.sheet.Relayout()
	return len(wrong) == 0
}

// take gives the message the properties that were typed.
func (p *propertySheet) take() {
	if !p.judge() {
		return
	}
	now := p.before // what has no field stays
	now.ContentType, now.ResponseTopic, now.PayloadIsUTF8 = p.content.Text, p.response.Text, p.isText.Checked
	now.MessageExpiry, _ = seconds(p.expiry.Text)
	now.CorrelationData = nil
	if p.correlation.Text != "" {
		now.CorrelationData, _ = p.way().Read(p.correlation.Text)
	}
	now.User = nil
	for _, row := range p.user.Read() {
		now.User = append(now.User, app.UserProperty{Name: row.Name, Value: row.Value})
	}
	if p.s.props = &now; reflect.DeepEqual(now, app.Properties{}) {
		p.s.props = nil
	}
	p.leave()
	p.s.edited()
}

func (p *propertySheet) leave() {
	p.sheet.Hide()
	p.s.d.Window.Canvas().Focus(p.s.more)
}

// seconds reads a number of seconds; nil for none.
func seconds(text string) (*uint32, bool) {
	text = strings.TrimSpace(text)
	if text == "" {
		return nil, true
	}
	n, err := strconv.ParseUint(text, 10, 32)
	if err != nil {
		return nil, false
	}
	expiry := uint32(n)
	return &expiry, true
}

// readable reports whether bytes can stand in a line of text and be read back.
func readable(b []byte) bool {
	return utf8.Valid(b) && !strings.ContainsFunc(string(b), func(r rune) bool { return r < ' ' || r == 0x7F })
}
