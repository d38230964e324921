package profileform

import (
	"math"
	"slices"
	"strconv"

	"fyne.io/fyne/v2"

	"tidings/app"
	"tidings/app/profilecheck"
	"tidings/ui/kit"
	"tidings/ui/kit/parts"
)

// connectProperties are the properties of an MQTT 5 CONNECT that seldom
// matter (MQTT 5.0 §3.1.2.11), behind a fold.
type connectProperties struct {
	f                               *fields
	fold                            *fold
	receive, packet, alias          *parts.Field
	responseInfo, noProblem, proved *parts.Check
	user                            *parts.Pairs
	foreign                         string            // a method from a file, which is none of ours
	none                            fyne.CanvasObject // instead, for 3.x
	proof, userRow                  *kit.FormRow
	root                            []fyne.CanvasObject
}

const fieldUserProperties = "Session.User"

func newConnectProperties(f *fields) *connectProperties {
	s := &connectProperties{f: f}
	s.fold = f.newFold("more", "form.more5", s.build)
	s.none = explain(f.S("form.more5.none"))
	s.root = []fyne.CanvasObject{s.fold.root, s.none}
	return s
}

func (s *connectProperties) build() []fyne.CanvasObject {
	f := s.f
	number := func(name, field, placeholder string) *parts.Field {
		e := f.number(name, field)
		e.SetPlaceHolder(placeholder)
		return e
	}
	line := func(e *parts.Field, unit string) fyne.CanvasObject {
		if unit == "" {
			return parts.Row(8, parts.Sized(e, 92, 0))
		}
		return parts.Row(8, parts.Sized(e, 92, 0), muted(f.S(unit)))
	}
	s.proved = f.check("scram", f.S("form.auth.scram"), func(bool) {
		s.foreign = ""
		f.touched[profilecheck.FieldUser] = true
	})
	f.at(profilecheck.FieldAuthMethod, f.give(s.proved))
	s.receive = number("receive_max", fieldReceiveMax, "1000")
	s.packet = number("packet_max", fieldMaximumPacket, strconv.Itoa(64<<20))
	s.alias = number("alias_max", fieldAliasMaximum, "0")
	s.responseInfo = f.check("response_info", f.S("form.response_info"), nil)
	s.noProblem = f.check("problem_info", f.S("form.problem_info"), nil)
	s.user = f.pairs("properties", fieldUserProperties, propertyWords(f))
	s.userRow = f.row("form.properties", s.user, "", fieldUserProperties)
	s.proof = f.row("form.auth", s.proved, "form.auth.hint", profilecheck.FieldAuthMethod)
	return []fyne.CanvasObject{
		s.proof,
		f.row("form.receive_max", line(s.receive, "form.messages"), "form.receive_max.hint", fieldReceiveMax),
		f.row("form.packet_max", line(s.packet, "form.bytes"), "form.packet_max.hint", fieldMaximumPacket),
		f.row("form.alias_max", line(s.alias, ""), "form.alias_max.hint", fieldAliasMaximum),
		f.row("form.asks", parts.Column(2, s.responseInfo, s.noProblem), ""),
		s.userRow,
	}
}

// propertyWords are the words of a list of user properties.
func propertyWords(f *fields) parts.PairsParams {
	return parts.PairsParams{Name: f.S("form.pairs.name"), Value: f.S("form.pairs.value"), Add: f.S("form.properties.add")}
}

func (s *connectProperties) fill(p app.Profile) {
	o := p.Session
	s.foreign = o.AuthenticationMethod
	if s.proved.Put(o.AuthenticationMethod == app.MethodSCRAM); s.proved.Checked {
		s.foreign = ""
	}
	s.receive.Put(unlessZero(uint64(o.ReceiveMaximum)))
	s.packet.Put(unlessZero(uint64(o.MaximumPacket)))
	s.alias.Put(unlessZero(uint64(o.TopicAliasMaximum)))
	s.responseInfo.Put(o.RequestResponseInfo)
	s.noProblem.Put(!o.WithoutProblemInfo)
	s.user.Fill(pairsOf(o.User))
	s.fold.open(len(p.Session.User) > 0 || o.ReceiveMaximum|o.TopicAliasMaximum != 0 || o.MaximumPacket != 0 ||
		o.RequestResponseInfo || o.WithoutProblemInfo || o.AuthenticationMethod != "")
}

func (s *connectProperties) read(r *reading) {
	o := &r.Session
	if r.Version != app.V5 {
		o.AuthenticationMethod = "" // 3.x sends the password itself; the form says so
		return
	}
	o.AuthenticationMethod = s.foreign
	if s.proved.Checked {
		o.AuthenticationMethod = app.MethodSCRAM
	}
	if n, ok := r.optional(fieldReceiveMax, s.receive.Text, math.MaxUint16); ok {
		o.ReceiveMaximum = uint16(n)
	}
	if n, ok := r.optional(fieldMaximumPacket, s.packet.Text, math.MaxUint32); ok {
		o.MaximumPacket = uint32(n)
	}
	if n, ok := r.optional(fieldAliasMaximum, s.alias.Text, math.MaxUint16); ok {
		o.TopicAliasMaximum = uint16(n)
	}
	o.RequestResponseInfo, o.WithoutProblemInfo = s.responseInfo.Checked, !s.noProblem.Checked
	o.User = propertiesOf(s.user.Read())
}

func (s *connectProperties) show(p app.Profile) {
	s.f.show(s.fold.root, p.Version == app.V5)
	s.f.show(s.none, p.Version != app.V5)
	s.f.warnOfClear(s.userRow, p.Session.User)
}

// warnOfClear says below a list of user properties when one is named like a
// secret: they have no place but the file.
func (f *fields) warnOfClear(row *kit.FormRow, list []app.UserProperty) {
	hint := ""
	secret := func(u app.UserProperty) bool { return u.Value != "" && app.NamesSecret(u.Name) }
	if i := slices.IndexFunc(list, secret); i >= 0 {
		hint = f.S("form.properties.clear", "Name", list[i].Name)
	}
	if row.SetHint(hint) {
		f.moved = true
	}
}

func pairsOf(list []app.UserProperty) []parts.Pair {
	var out []parts.Pair
	for _, u := range list {
		out = append(out, parts.Pair{Name: u.Name, Value: u.Value})
	}
	return out
}

func propertiesOf(list []parts.Pair) []app.UserProperty {
	var out []app.UserProperty
	for _, p := range list {
		out = append(out, app.UserProperty{Name: p.Name, Value: p.Value})
	}
	return out
}
