package draft

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"tidings/app"
	"tidings/app/moving"
	"tidings/app/mqtt/topic"
)

// Draft is an item that is being filled. Every setter takes the name the
// source has for the field; what it cannot take becomes a finding under that
// name.
type Draft struct {
	moving.Item
	filters map[string]int // index of each subscription by its filter
}

// New returns a draft over a profile with a new ID and our defaults, with
// MQTT 3.1.1, which every other program takes for granted.
func New() *Draft {
	d := &Draft{}
	d.Profile = app.DefaultProfile()
	d.Profile.ID = app.NewID()
	d.Profile.Version = app.V311
	return d
}

// P returns the profile.
func (d *Draft) P() *app.Profile { return &d.Profile }

// Note adds a finding. The arguments hold no secret.
func (d *Draft) Note(field, key string, pairs ...any) {
	field, _ = clean(field, maxName)
	d.Found(moving.Finding{Field: field, Why: app.Say(key, pairs...)})
}

// Found is Note for a finding that is there already.
func (d *Draft) Found(f moving.Finding) {
	same := func(o moving.Finding) bool {
		return o.Field == f.Field && o.Why.Key == f.Why.Key && len(f.Why.Args) == 0
	}
	switch n := len(d.Unmapped); {
	case n == maxNotes:
		d.Unmapped = append(d.Unmapped, moving.Finding{Field: "…", Why: app.Say("moving.why.more")})
	case n < maxNotes && !slices.ContainsFunc(d.Unmapped, same):
		d.Unmapped = append(d.Unmapped, f)
	}
}

// NoPlace says that Tidings has no such setting.
func (d *Draft) NoPlace(field string) { d.Note(field, "moving.why.no_place") }

// Bad says that a value is not valid and the default stays.
func (d *Draft) Bad(field string) { d.Note(field, "moving.why.bad_value") }

// LeftOut says that a value is not valid, and that nothing stands in its
// place.
func (d *Draft) LeftOut(field string) { d.Note(field, "moving.why.left_out") }

// Name sets the name of the connection.
func (d *Draft) Name(name string) {
	d.Profile.Name, _ = clean(strings.TrimSpace(name), maxName)
}

// Text returns s as MQTT can carry it, and notes it when that is not s.
func (d *Draft) Text(field, s string) string {
	out, same := clean(s, maxText)
	if !same {
		d.Note(field, "moving.why.cleaned")
	}
	return out
}

// Secret keeps a secret beside the profile; an empty one is none.
func (d *Draft) Secret(field string, kind app.SecretKind, value string) {
	if value == "" {
		return
	}
	if len(value) > maxPEM {
		d.LeftOut(field)
		return
	}
	d.Secrets = slices.DeleteFunc(d.Secrets, func(s moving.Secret) bool { return s.Kind == kind })
	d.Secrets = append(d.Secrets, moving.Secret{Kind: kind, Value: app.Secret(value)})
}

// HasSecret reports whether a secret of that kind came.
func (d *Draft) HasSecret(kind app.SecretKind) bool {
	return slices.ContainsFunc(d.Secrets, func(s moving.Secret) bool { return s.Kind == kind })
}

// Port sets the port.
func (d *Draft) Port(field string, n int64) {
	if n < 1 || n > 65_535 {
		d.Bad(field)
		return
	}
	d.Profile.Port = int(n)
}

// KeepAlive sets the keep alive in seconds (MQTT 5.0 §3.1.2.10).
func (d *Draft) KeepAlive(field string, n int64) {
	if n < 0 || n > 65_535 {
		d.Bad(field)
		return
	}
	d.Profile.KeepAlive = time.Duration(n) * time.Second
}

// Timeout sets the time to connect in seconds; 0 keeps the default.
func (d *Draft) Timeout(field string, n int64) {
	if n < 0 || n > 3600 {
		d.Bad(field)
		return
	}
	d.Profile.Link.Timeout = time.Duration(n) * time.Second
}

// Numbers is where whole numbers come from by name, such as a JSON object.
type Numbers interface {
	Number(name string) (int64, bool)
	Has(name string) bool
}

// Number hands the number of that name to set, when there is one.
func (d *Draft) Number(from Numbers, name string, set func(field string, n int64)) {
	if n, ok := from.Number(name); ok {
		set(name, n)
	} else if from.Has(name) {
		d.Bad(name)
	}
}

// QoS returns n as a QoS, 0 and a finding when it is none.
func (d *Draft) QoS(field string, n int64) app.QoS {
	if n < 0 || n > 2 {
		d.Bad(field)
		return 0
	}
	return app.QoS(n)
}

// Subscribe adds a subscription; the same filter again replaces the first.
func (d *Draft) Subscribe(field string, s app.Subscription) {
	switch {
	case topic.ValidateFilter(s.Filter) != nil:
		shown, _ := clean(s.Filter, maxName)
		d.Note(field, "moving.why.bad_filter", "Filter", shown)
		return
	case s.RetainHandling > 2:
		d.Bad(field)
		s.RetainHandling = 0
	}
	if d.filters == nil {
		d.filters = make(map[string]int, len(d.Profile.Subscriptions))
		for i, o := range d.Profile.Subscriptions {
			d.filters[o.Filter] = i
		}
	}
	if i, twice := d.filters[s.Filter]; twice {
		d.Profile.Subscriptions[i] = s
		return
	}
	if len(d.Profile.Subscriptions) >= MaxList {
		d.Note(field, "moving.why.too_many", "Max", MaxList)
		return
	}
	d.filters[s.Filter] = len(d.Profile.Subscriptions)
	d.Profile.Subscriptions = append(d.Profile.Subscriptions, s)
}

// Template adds a message to send. An empty name becomes the topic.
func (d *Draft) Template(field, name string, m app.Publish) {
	shown, _ := clean(m.Topic, maxName)
	switch {
	case topic.ValidateName(m.Topic) != nil:
		d.Note(field, "moving.why.bad_topic", "Topic", shown)
		return
	case len(m.Payload) > maxPayload:
		d.Note(field, "moving.why.payload_large", "Topic", shown, "Max", app.ByteCount(maxPayload))
		return
	case len(d.Profile.Templates) >= MaxList:
		d.Note(field, "moving.why.too_many", "Max", MaxList)
		return
	}
	if name, _ = clean(strings.TrimSpace(name), maxName); name == "" {
		name = shown
	}
	d.Profile.Templates = append(d.Profile.Templates, app.Template{Name: name, Message: m})
}

// Will sets the last will; without a topic there is none.
func (d *Draft) Will(field string, w app.Will) {
	if w.Topic == "" {
		return
	}
	if topic.ValidateName(w.Topic) != nil {
		shown, _ := clean(w.Topic, maxName)
		d.Note(field, "moving.why.bad_topic", "Topic", shown)
		return
	}
	if len(w.Payload) > maxText {
		d.Bad(field)
		w.Payload = nil
	}
	d.Profile.Will = &w
}

// Addressless notes that there is no address, when there is none.
func (d *Draft) Addressless() {
	if d.Nowhere() {
		d.Note("address", "moving.why.no_address")
	}
}

// Done returns the item, made so that it can be tried: a kept session needs a
// client identifier (MQTT 3.1.1 [MQTT-3.1.3-7]), and a name is needed to show it.
func (d *Draft) Done() moving.Item {
	p := &d.Profile
	link, query := app.TakeQuery(p.Link)
	p.Link = link
	d.Secret("path", app.SecretQuery, query.Reveal())
	d.Addressless()
	if p.ClientID == "" && !p.Clean {
		p.Clean, p.SessionExpiry = true, 0
		d.Note("client id", "moving.why.clean_without_id")
	}
	p.Name = cmp.Or(p.Name, p.DefaultName(), p.ClientID, "?")
	return d.Item
}
