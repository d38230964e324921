package profileform

import (
	"math"
	"reflect"
	"strings"
	"unicode/utf8"

	"fyne.io/fyne/v2"

	"tidings/app"
	"tidings/app/profilecheck"
	"tidings/ui/kit"
	"tidings/ui/kit/parts"
)

// willProperties are the MQTT 5 properties of the will's message (MQTT 5.0
// §3.1.3.2), behind a fold.
type willProperties struct {
	f                         *fields
	fold                      *fold
	content, response, expiry *parts.Field
	isText                    *parts.Check
	correlation               *parts.Field
	isHex                     *kit.Segmented // text or hexadecimal
	user                      *parts.Pairs
	expiryRow, userRow        *kit.FormRow

	given   []byte // the correlation data that the text was made of
	asThat  string
	literal bool // the digits of given stand as text, and would be sent as such
}

const fieldWillUser = "Will.Properties.User"

func newWillProperties(f *fields) *willProperties {
	s := &willProperties{f: f}
	s.fold = f.newFold("will.more", "form.will.more", s.build)
	return s
}

func (s *willProperties) build() []fyne.CanvasObject {
	f := s.f
	s.content = f.text("will.content_type", profilecheck.FieldWillContentType)
	s.content.SetPlaceHolder("application/json")
	content := f.row("form.will.content_type", s.content, "", profilecheck.FieldWillContentType)
	s.isText = f.check("will.is_text", f.S("form.will.is_text"), func(bool) { f.touched[profilecheck.FieldWillPayload] = true })
	s.expiry = f.number("will.expiry", fieldWillExpiry)
	s.expiry.SetPlaceHolder(f.S("form.expires.never"))
	s.expiryRow = f.row("form.will.expiry", parts.Row(8, parts.Sized(s.expiry, 92, 0), muted(f.S("form.seconds"))), "form.will.expiry.hint", fieldWillExpiry)
	s.response = f.mono("will.response", profilecheck.FieldWillResponse)
	response := f.row("form.will.response", s.response, "", profilecheck.FieldWillResponse)
	s.correlation = f.mono("will.correlation", profilecheck.FieldWillCorrelation)
	s.isHex = f.choice("will.correlation.format", []string{f.S("form.as.text"), f.S("form.as.hex")}, s.turn)
	correlation := f.row("form.will.correlation", parts.Stretch(1, 8, s.isHex, s.correlation), "", profilecheck.FieldWillCorrelation)
	s.user = f.pairs("will.properties", fieldWillUser, propertyWords(f))
	s.userRow = f.row("form.properties", s.user, "", fieldWillUser)
	return []fyne.CanvasObject{
		content, f.row("", s.isText, ""), s.expiryRow, response, correlation,
		s.userRow,
	}
}

func (s *willProperties) fill(p *app.Properties) {
	s.fold.open(p != nil)
	if p == nil {
		p = &app.Properties{}
	}
	s.f.put(s.content, p.ContentType)
	s.f.put(s.response, p.ResponseTopic)
	s.isText.Put(p.PayloadIsUTF8)
	s.expiry.Put(secondsOf(p.MessageExpiry))
	s.user.Fill(pairsOf(p.User))
	s.isHex.Select(0)
	if !readable(p.CorrelationData) {
		s.isHex.Select(1)
	}
	s.write(p.CorrelationData)
}

// write shows the correlation data as text or hexadecimal.
func (s *willProperties) write(b []byte) {
	text := wayOf(s.isHex.Selected()).Write(b)
	s.given, s.asThat = b, text
	s.f.put(s.correlation, text)
}

// turn shows the correlation data the other way. The digits of bytes that are
// no text stay as they are, and are text then, until hexadecimal is chosen again.
func (s *willProperties) turn(to int) {
	b, err := s.bytes(1 - to)
	if s.literal && s.f.get(s.correlation) == s.asThat {
		b, err = s.given, nil
	}
	s.literal = err == nil && to == 0 && !readable(b)
	if s.literal {
		s.given, s.asThat = b, s.f.get(s.correlation)
	} else if err == nil {
		before := s.f.filling
		s.f.filling = true
		s.write(b)
		s.f.filling = before
	}
	s.f.touched[profilecheck.FieldWillCorrelation] = true
}

func (s *willProperties) bytes(format int) ([]byte, *app.Error) {
	text := s.f.get(s.correlation)
	switch {
	case text == "":
		return nil, nil
	case text == s.asThat && !s.literal:
		return s.given, nil
	}
	return wayOf(format).Read(text)
}

// wayOf is what segment i of a choice between text and hexadecimal means.
func wayOf(i int) parts.Way {
	if i == 1 {
		return parts.AsHex
	}
	return parts.AsText
}

// read returns the properties; nil when there are none.
func (s *willProperties) read(r *reading, before *app.Properties) *app.Properties {
	p := app.Properties{}
	if before != nil {
		p = *before
	}
	p.ContentType, p.ResponseTopic = s.f.get(s.content), s.f.get(s.response)
	p.PayloadIsUTF8 = s.isText.Checked
	p.User = propertiesOf(s.user.Read())
	if text := strings.TrimSpace(s.expiry.Text); text == "" {
		p.MessageExpiry = nil
	} else if n, ok := r.number(fieldWillExpiry, text, 0, math.MaxUint32); ok {
		expiry := uint32(n)
		p.MessageExpiry = &expiry
	}
	if b, err := s.bytes(s.isHex.Selected()); err != nil {
		r.fail(profilecheck.FieldWillCorrelation, err)
	} else {
		p.CorrelationData = b
	}
	if reflect.DeepEqual(p, app.Properties{}) {
		return nil
	}
	return &p
}

func (s *willProperties) show(p app.Profile) {
	if p.Will != nil && p.Will.Properties != nil {
		s.f.warnOfClear(s.userRow, p.Will.Properties.User)
	}
}

// readable reports whether bytes can stand in a line of text and be read back.
func readable(b []byte) bool {
	return utf8.Valid(b) && !strings.ContainsFunc(string(b), func(r rune) bool { return r < ' ' || r == 0x7F })
}
