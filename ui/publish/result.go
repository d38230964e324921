package publish

import (
	"fyne.io/fyne/v2"
	ftheme "fyne.io/fyne/v2/theme"

	"tidings/app"
	"tidings/app/workspace"
	"tidings/ui/kit"
	"tidings/ui/theme"
)

// showResult writes the result line: a notice, else when and how the last
// message of this screen ended, else why nothing can be sent. What is wrong
// with topic or payload stands below them.
func (s *Screen) showResult(sent []workspace.Sent) {
	text, color := s.notice, theme.ColorMuted
	switch {
	case text != "":
		if s.bad {
			color = ftheme.ColorNameError
		}
	case s.last != 0:
		for _, m := range sent {
			if m.Number == s.last {
				text, color = outcome(s.d, m)
				text = when(m) + text
			}
		}
	case s.wrong == "" && s.unfit == "":
		text = s.why
	}
	s.result.SetText(text)
	s.result.SetColor(color)
}

// when is the time of day at which the handshake of a message ended.
func when(m workspace.Sent) string {
	if m.Ended.IsZero() {
		return ""
	}
	return m.Ended.Format("15:04:05.000") + "  "
}

// outcome says how a message ended, in a sentence and a colour.
func outcome(d kit.Deps, m workspace.Sent) (string, fyne.ThemeColorName) {
	tr := d.Tr
	switch {
	case m.Pending && m.Message.QoS == app.QoS0:
		return tr.S("publish.sending"), theme.ColorMuted
	case m.Pending:
		return tr.S("publish.waiting", "Packet", acknowledgement(m.Message.QoS)), theme.ColorMuted
	case m.Flying:
		return tr.S("publish.flying", "Packet", acknowledgement(m.Message.QoS)), ftheme.ColorNameWarning
	case m.Late:
		return tr.S("publish.late", "Packet", acknowledgement(m.Message.QoS)), ftheme.ColorNameSuccess
	case m.Err != nil:
		what, do, _ := tr.Error(m.Err)
		return sentence(what, do), ftheme.ColorNameError
	case m.Result.Reason.IsError():
		return tr.S("publish.refused", "Reason", m.Result.Reason.Text(), "Detail", m.Result.ReasonString), ftheme.ColorNameError
	case m.Message.QoS == app.QoS0:
		return tr.S("publish.sent_qos0"), ftheme.ColorNameSuccess
	case m.Result.Reason != app.ReasonSuccess:
		return tr.S("publish.done_reason", "Packet", acknowledgement(m.Message.QoS), "Took", m.Result.Took, "Reason", m.Result.Reason.Text()), ftheme.ColorNameWarning
	}
	return tr.S("publish.done", "Packet", acknowledgement(m.Message.QoS), "Took", m.Result.Took), ftheme.ColorNameSuccess
}

// acknowledgement is the packet that ends the handshake of a level (MQTT 5.0
// §4.3).
func acknowledgement(q app.QoS) string {
	if q == app.QoS2 {
		return "PUBCOMP"
	}
	return "PUBACK"
}

// brief says how a message ended in a word or two, for the list.
func brief(d kit.Deps, m workspace.Sent) (string, fyne.ThemeColorName) {
	tr := d.Tr
	switch {
	case m.Pending:
		return "…", theme.ColorMuted
	case m.Flying:
		return tr.S("publish.brief.flying"), ftheme.ColorNameWarning
	case m.Late:
		return tr.S("publish.brief.late"), theme.ColorMuted
	case m.OutcomeUnknown():
		return tr.S("publish.brief.unknown"), ftheme.ColorNameError
	case m.Err != nil:
		return tr.S("publish.brief.failed"), ftheme.ColorNameError
	case m.Result.Reason.IsError():
		return tr.S("publish.brief.refused"), ftheme.ColorNameError
	case m.Message.QoS == app.QoS0:
		return tr.S("publish.brief.sent"), theme.ColorMuted
	}
	return tr.Duration(m.Result.Took), theme.ColorMuted
}
