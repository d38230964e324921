package publish

import (
	ftheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tidings/app"
	"tidings/app/mqtt/topic"
	"tidings/app/session"
)

// message is what the editor holds.
func (s *Screen) message() app.Publish {
	return app.Publish{
		Topic: s.topic.Text, Payload: []byte(s.payload.Text),
		QoS: app.QoS(s.qos.Selected()), Retain: s.retain.Checked,
	}
}

// Submit publishes what the editor holds, unless something stands against it;
// that is then said in the result line.
func (s *Screen) Submit() {
	if why := s.obstacle(); why != "" {
		s.say(why, true)
		return
	}
	n, err := s.ws.Publish(s.message())
	if err != nil {
		what, do, _ := s.d.Tr.Error(err)
		s.say(sentence(what, do), true)
		return
	}
	s.last, s.notice = n, ""
	s.Sync()
}

// obstacle returns why the message cannot be sent now, or "".
func (s *Screen) obstacle() string {
	tr, m, snap := s.d.Tr, s.message(), s.snap.Session
	switch {
	case snap.State != session.Connected:
		return tr.S("publish.why.not_connected")
	case m.Topic == "":
		return tr.S("publish.why.no_topic")
	}
	if err := topic.ValidateName(m.Topic); err != nil {
		what, do, _ := tr.Error(err)
		return sentence(what, do)
	}
	if snap.Options.Version != app.V5 { // 3.x brokers announce nothing
		return ""
	}
	switch ack := snap.ConnAck; {
	case m.QoS > ack.MaximumQoS: // [MQTT-3.2.2-11]
		return tr.S("publish.why.maximum_qos", "QoS", int(ack.MaximumQoS))
	case m.Retain && !ack.RetainAvailable: // [MQTT-3.2.2-14]
		return tr.S("publish.why.no_retain")
	}
	return ""
}

// update shows what follows from the fields and the state.
func (s *Screen) update() {
	wrong := ""
	if s.topic.Text != "" {
		if err := topic.ValidateName(s.topic.Text); err != nil {
			what, do, _ := s.d.Tr.Error(err)
			wrong = sentence(what, do)
		}
	}
	if wrong != s.wrong {
		s.wrong = wrong
		s.topicErr.Segments = []widget.RichTextSegment{&widget.TextSegment{Text: wrong, Style: widget.RichTextStyle{
			ColorName: ftheme.ColorNameError, SizeName: ftheme.SizeNameCaptionText,
		}}}
		s.topicErr.Refresh()
		s.errRow.Hidden = wrong == ""
		s.left.Refresh() // the payload takes the room that is left
	}
	s.size.SetText(s.d.Tr.Bytes(int64(len(s.payload.Text))))
	why := s.obstacle()
	if s.send.Disabled() == (why == "") || why != s.why {
		s.why = why
		s.send.SetEnabled(why == "", why)
	}
}

// sentence joins what happened and what to do.
func sentence(what, do string) string {
	if do == "" {
		return what
	}
	return what + " " + do
}
