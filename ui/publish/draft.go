package publish

import (
	"reflect"
	"slices"

	"tidings/app"
	"tidings/ui/kit/parts"
)

// draft is what the editor holds, as it was typed.
type draft struct {
	topic  string
	text   string // the payload, as way writes it
	way    parts.Way
	large  []byte // the payload when it is too large for an entry
	given  []byte // the payload that the text was made of
	asThat string // that text
	qos    app.QoS
	retain bool
	props  *app.Properties
	// template is the name of the template that was chosen, "" for none.
	template string
}

// draftOf returns how a message is edited; format is that of app.Template.
func draftOf(m app.Publish, format string) draft {
	d := draft{topic: m.Topic, qos: m.QoS, retain: m.Retain, props: m.Properties, given: m.Payload}
	way, fits := parts.WayOf(m.Payload)
	if asked := slices.Index(formats(), format); asked >= 0 && parts.Way(asked).Fits(m.Payload) {
		way, fits = parts.Way(asked), true
	}
	if !fits {
		d.large = m.Payload
		return d
	}
	d.way, d.asThat = way, way.Write(m.Payload)
	d.text = d.asThat
	return d
}

// formats are the names of the ways to write a payload, as templates have
// them.
func formats() []string { return []string{"text", "json", "hex"} }

// draft returns what the editor holds.
func (s *Screen) draft() draft {
	return draft{
		topic: s.topic.Text, text: s.body.field.Text, way: s.body.way, large: s.body.large, given: s.body.given, asThat: s.body.asThat,
		qos: app.QoS(s.qos.Selected()), retain: s.retain.Checked, props: s.props, template: s.shelf.chosen,
	}
}

// put shows a draft in the editor.
func (s *Screen) put(d draft) {
	s.loading = true
	s.topic.Put(d.topic)
	s.body.put(d)
	s.qos.Select(int(d.qos))
	s.retain.Put(d.retain)
	s.props = d.props
	s.loading = false
	s.shelf.gone = ""
	s.shelf.choose(d.template)
	s.taken()
}

// load shows a message that is kept elsewhere: one that was sent, or the
// template of that name. What was typed before and is kept nowhere is put
// aside.
func (s *Screen) load(m app.Publish, format, template string) {
	if s.unsaved() {
		d := s.draft()
		s.aside = &d
	}
	d := draftOf(m, format)
	d.template = template
	s.settled = m
	s.put(d)
}

// unsaved reports whether the editor holds what is kept nowhere else.
func (s *Screen) unsaved() bool {
	if _, err := s.body.bytes(); err != nil {
		return true
	}
	m := s.message()
	blank := m.Topic == "" && len(m.Payload) == 0 && m.Properties == nil
	return !blank && !same(m, s.settled)
}

// restore brings back what was put aside.
func (s *Screen) restore() {
	if s.aside == nil {
		return
	}
	d, settled := *s.aside, s.settled
	s.aside = nil
	if s.unsaved() {
		now := s.draft()
		s.aside = &now
	}
	s.put(d)
	s.settled = settled
	s.Focus()
}

// forgetAside gives up what was put aside.
func (s *Screen) forgetAside() {
	s.aside = nil
	s.update()
}

// same reports whether two messages are one to a subscriber.
func same(a, b app.Publish) bool {
	bare := func(m app.Publish) app.Publish {
		if len(m.Payload) == 0 {
			m.Payload = nil
		}
		if m.Properties != nil && reflect.DeepEqual(*m.Properties, app.Properties{}) {
			m.Properties = nil
		}
		return m
	}
	return reflect.DeepEqual(bare(a), bare(b))
}
