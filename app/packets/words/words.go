package words

import (
	"fmt"
	"strings"

	"tidings/app"
	"tidings/app/i18n"
	"tidings/app/mqtt/wire"
	"tidings/app/packets"
	"tidings/app/payload"
)

// What a summary shows at most: the list cuts what does not fit, the rest is
// in the fields.
const (
	maxPreview = 120 // characters
	maxFilters = 4
)

// MainFields says the main fields of a packet in one line, in the language of
// tr. Safe for concurrent use.
func MainFields(tr *i18n.Printer, p packets.Row) string {
	if p.Broken != "" {
		return tr.S("packets.malformed", "Why", p.Broken)
	}
	w := line{tr: tr}
	if p.ID != 0 {
		w.key("packets.id", "ID", int(p.ID))
	}
	switch p.Type {
	case wire.CONNECT:
		w.connect(p)
	case wire.PUBLISH:
		w.publish(p)
	case wire.SUBSCRIBE, wire.UNSUBSCRIBE:
		w.filters(p)
	default:
		w.answer(p)
	}
	return strings.Join(w.parts, " · ")
}

// line collects the parts of a summary.
type line struct {
	tr    *i18n.Printer
	parts []string
}

func (w *line) add(s string)                 { w.parts = append(w.parts, s) }
func (w *line) key(key string, pairs ...any) { w.add(w.tr.S(key, pairs...)) }
func (w *line) when(yes bool, key string)    { w.either(yes, key, "") }
func (w *line) either(yes bool, a, b string) {
	switch {
	case yes:
		w.key(a)
	case b != "":
		w.key(b)
	}
}

func (w *line) connect(p packets.Row) {
	if p.ClientID == "" {
		w.key("packets.no_client_id")
	} else {
		w.key("packets.client_id", "ID", p.ClientID)
	}
	w.either(p.Clean, cleanKey(p.Version), "")
	if p.HasExpiry {
		w.key("packets.expiry", "Seconds", int64(p.SessionExpiry))
	}
	w.key("packets.keep_alive", "Seconds", int(p.KeepAlive))
	if p.User != "" {
		w.key("packets.user", "Name", p.User)
	}
	w.when(p.HasPassword, "packets.password")
	if p.HasWill {
		w.key("packets.will", "Topic", p.WillTopic)
	}
}

// cleanKey is what the version calls a session begun anew.
func cleanKey(v app.Version) string {
	if v >= app.V5 {
		return "packets.clean_start"
	}
	return "packets.clean_session"
}

func (w *line) publish(p packets.Row) {
	w.add(fmt.Sprintf("QoS %d", p.QoS))
	if p.Dup {
		w.add("DUP")
	}
	w.when(p.Retain, "packets.retain")
	text := p.Topic
	switch {
	case p.Alias != 0 && text == "":
		text = w.tr.S("packets.alias", "N", int(p.Alias))
	case p.Alias != 0:
		text = w.tr.S("packets.topic_alias", "Topic", text, "N", int(p.Alias))
	}
	if p.Payload > 0 {
		text += " = " + payload.Preview(p.Preview, maxPreview)
	}
	if text != "" {
		w.add(text)
	}
}

func (w *line) filters(p packets.Row) {
	if p.Dup {
		w.add("DUP")
	}
	for i, f := range p.Filters {
		if i == maxFilters {
			w.key("packets.more_filters", "N", len(p.Filters)-maxFilters)
			return
		}
		if p.Type == wire.SUBSCRIBE {
			w.add(fmt.Sprintf("%s QoS %d", f.Filter, f.QoS))
		} else {
			w.add(f.Filter)
		}
	}
}

// answer says the verdicts of everything that has them.
func (w *line) answer(p packets.Row) {
	for i, r := range p.Reasons {
		if i == maxFilters {
			w.key("packets.more_filters", "N", len(p.Reasons)-maxFilters)
			break
		}
		w.reason(p, r)
	}
	if p.Type == wire.CONNACK && len(p.Reasons) == 1 && !p.Reasons[0].IsError() && p.Version != app.V31 {
		w.either(p.SessionPresent, "packets.session_present", "packets.session_absent")
	}
	if p.AssignedID != "" {
		w.key("packets.assigned_id", "ID", p.AssignedID)
	}
	if p.ReasonString != "" {
		w.add("“" + p.ReasonString + "”")
	}
}

func (w *line) reason(p packets.Row, r app.ReasonCode) {
	switch {
	case p.Type == wire.SUBACK && r <= 2:
		w.key("packets.granted", "QoS", int(r))
	case p.Version < app.V5 && p.Type != wire.CONNACK && p.Type != wire.SUBACK:
		// 3.x has no reason here
	case p.Version < app.V5 && r.IsError():
		w.add(w.tr.Say(returned(p.Type, r)))
	default:
		w.add(w.tr.Say(r.Text()))
	}
}

// returned says a refusal with the number that 3.x has for it (MQTT 3.1.1
// §3.2.2.3, §3.9.3).
func returned(t wire.Type, r app.ReasonCode) app.Text {
	code := wire.ReturnCode3(r)
	if t == wire.SUBACK {
		code = 0x80
	}
	text := r.Text()
	return app.Say(text.Key, "Code", int(code))
}
