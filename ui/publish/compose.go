package publish

import (
	"unicode/utf8"

	ftheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tidings/app"
	"tidings/app/mqtt/topic"
	"tidings/app/session"
	"tidings/ui/kit"
)

// message is what the editor holds; without a payload while what is typed is
// none.
func (s *Screen) message() app.Publish {
	payload, _ := s.body.bytes()
	return app.Publish{
		Topic: s.topic.Text, Payload: payload, QoS: app.QoS(s.qos.Selected()), Retain: s.retain.Checked, Properties: s.props,
	}
}

// Submit publishes what the editor holds, unless something stands against it;
// that is then said in the result line, if it does not stand below topic or
// payload already.
func (s *Screen) Submit() {
	if why := s.obstacle(); why != "" {
		if why != s.unfit && why != s.wrong {
			s.say(why, true)
		}
		return
	}
	m := s.message()
	n, err := s.ws.Publish(m)
	if err != nil {
		s.say(s.said(err), true)
		return
	}
	s.last, s.notice, s.settled = n, "", m
	s.Sync()
}

// obstacle returns why the message cannot be sent now, or "".
func (s *Screen) obstacle() string {
	tr, m, snap := s.d.Tr, s.message(), s.snap.Session
	switch {
	case snap.State.Active() && snap.State != session.Connected: // it comes by itself
		return tr.S("publish.why.waiting")
	case snap.State != session.Connected:
		return tr.S("publish.why.not_connected")
	case m.Topic == "":
		return tr.S("publish.why.no_topic")
	}
	if err := topic.ValidateName(m.Topic); err != nil {
		return s.said(err)
	}
	if err := s.body.judge(); err != nil {
		what, _, _ := tr.Error(err)
		return what
	}
	if snap.Options.Version != app.V5 { // 3.x brokers announce nothing
		return ""
	}
	switch ack := snap.ConnAck; {
	case m.QoS > ack.MaximumQoS: // [MQTT-3.2.2-11]
		return tr.S("publish.why.maximum_qos", "QoS", int(ack.MaximumQoS))
	case m.Retain && !ack.RetainAvailable: // [MQTT-3.2.2-14]
		return tr.S("publish.why.no_retain")
	case m.Properties != nil && m.Properties.PayloadIsUTF8 && !utf8.Valid(m.Payload): // MQTT 5.0 §3.3.2.3.2
		return tr.S("publish.why.not_text")
	}
	return ""
}

// update shows what follows from the fields and the state.
func (s *Screen) update() {
	wrong, unfit := "", ""
	if s.topic.Text != "" {
		if err := topic.ValidateName(s.topic.Text); err != nil {
			wrong = s.said(err)
		}
	}
	if err := s.body.judge(); err != nil {
		unfit, _, _ = s.d.Tr.Error(err)
	}
	moved := kit.SetShown(s.bodyRow, unfit != "") || wrong != s.wrong
	if wrong != s.wrong {
		s.wrong = wrong
		s.topicErr.Segments = []widget.RichTextSegment{&widget.TextSegment{Text: wrong, Style: widget.RichTextStyle{
			ColorName: ftheme.ColorNameError, SizeName: ftheme.SizeNameCaptionText,
		}}}
		s.topicErr.Refresh()
		s.errRow.Hidden = wrong == ""
	}
	s.unfit = unfit
	s.bodyErr.SetText(unfit)
	moved = s.showProperties() || moved
	moved = kit.SetShown(s.asideRow, s.aside != nil) || moved
	size := s.d.Tr.Bytes(int64(len(s.message().Payload)))
	if moved = moved || s.body.moved || size != s.size.Text(); moved {
		s.body.moved = false
		s.size.SetText(size)
		s.left.Refresh() // the payload takes the room that is left
	}
	why := s.obstacle()
	if s.send.Disabled() == (why == "") || why != s.why {
		s.why = why
		s.send.SetEnabled(why == "", why)
	}
}

// said is an error in a sentence.
func (s *Screen) said(err error) string {
	what, do, _ := s.d.Tr.Error(err)
	return sentence(what, do)
}

// sentence joins what happened and what to do.
func sentence(what, do string) string {
	if do == "" {
		return what
	}
	return what + " " + do
}
