package profileform

import (
	"math"
	"strconv"

	"fyne.io/fyne/v2"

	"tidings/app"
	"tidings/app/profilecheck"
	"tidings/ui/kit"
	"tidings/ui/kit/parts"
)

// will is the message that the broker publishes when the client goes without
// a word.
type will struct {
	f       *fields
	on      *parts.Check
	topic   *parts.Field
	payload *payloadPart
	qos     *kit.Segmented
	retain  *parts.Check
	delay   *parts.Field
	message *willProperties

	inside   *fyne.Container
	delayRow *kit.FormRow
	fires    *explanation
	root     []fyne.CanvasObject
}

func newWill(f *fields, read ReadFile) *will {
	s := &will{f: f}
	s.on = f.check("will", f.S("form.will.on"), nil)
	s.topic = f.mono("will.topic", profilecheck.FieldWillTopic)
	s.topic.SetPlaceHolder(f.S("form.will.topic.placeholder"))
	topic := f.row("form.will.topic", s.topic, "", profilecheck.FieldWillTopic)
	s.payload = newPayload(f, read)
	s.qos = f.choice("will.qos", []string{"QoS 0", "QoS 1", "QoS 2"}, nil)
	s.retain = f.check("will.retain", f.S("form.will.retain"), nil)
	s.delay = f.number("will.delay", fieldWillDelay)
	s.delay.SetPlaceHolder("0")
	s.delayRow = f.row("form.will.delay", parts.Row(8, parts.Sized(s.delay, 92, 0), muted(f.S("form.seconds"))), "form.will.delay.hint", fieldWillDelay)
	s.message = newWillProperties(f)
	s.inside = parts.Column(8, topic, s.payload.row,
		f.row("form.will.options", parts.Row(14, s.qos, s.retain), ""), s.delayRow, s.message.fold.root)
	s.fires = newExplanation(f)
	s.root = []fyne.CanvasObject{s.on, s.fires.root, s.inside}
	return s
}

func (s *will) fill(p app.Profile) {
	w := app.Will{}
	s.on.Put(p.Will != nil)
	if p.Will != nil {
		w = *p.Will
	}
	s.f.put(s.topic, w.Topic)
	s.payload.fill(w.Payload)
	s.qos.Select(int(w.QoS))
	s.retain.Put(w.Retain)
	s.delay.Put(unlessZero(uint64(w.Delay)))
	s.message.fill(w.Properties)
}

// read writes over the will that there was: what the form has no field for, or
// this version does not send, stays.
func (s *will) read(r *reading) {
	if !s.on.Checked {
		r.Will = nil
		return
	}
	w := app.Will{}
	if r.Will != nil {
		w = *r.Will
	}
	w.Topic, w.QoS, w.Retain = s.f.get(s.topic), app.QoS(s.qos.Selected()), s.retain.Checked
	if b, err := s.payload.bytes(); err == nil {
		w.Payload = b
	} else {
		r.fail(profilecheck.FieldWillPayload, err)
	}
	if r.Version == app.V5 {
		if n, ok := r.optional(fieldWillDelay, s.delay.Text, math.MaxUint32); ok {
			w.Delay = uint32(n)
		}
		w.Properties = s.message.read(r, w.Properties)
	}
	r.Will = &w
}

func (s *will) show(p app.Profile) {
	five := p.Version == app.V5
	s.f.show(s.inside, s.on.Checked)
	s.f.show(s.delayRow, five)
	s.f.show(s.message.fold.root, five)
	s.payload.show()
	s.message.show(p)
	s.fires.show(p)
}

// explanation says when a will fires and when it does not: the misunderstanding
// that costs people most time.
type explanation struct {
	f          *fields
	fires, not *paragraph
	root       *fyne.Container
}

func newExplanation(f *fields) *explanation {
	e := &explanation{f: f, fires: newParagraph(), not: newParagraph()}
	e.root = parts.Column(2, f.row("form.will.fires.label", e.fires.root, ""), f.row("form.will.not.label", e.not.root, ""))
	return e
}

func (e *explanation) show(p app.Profile) {
	fires, not := "form.will.fires", "form.will.not"
	if p.Version == app.V5 {
		fires, not = "form.will.fires5", "form.will.not5"
	}
	if e.fires.set(e.f.S(fires)) || e.not.set(e.f.S(not)) {
		e.not.set(e.f.S(not))
		e.f.moved = true
	}
}

// secondsOf returns what stands in a field of seconds that may be missing.
func secondsOf(n *uint32) string {
	if n == nil {
		return ""
	}
	return strconv.FormatUint(uint64(*n), 10)
}
