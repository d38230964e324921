package packets

import (
	"math/bits"

	"fyne.io/fyne/v2"

	"tidings/app/mqtt/wire"
	"tidings/app/packets"
)

// groups are the types that are looked at together.
func groups() []struct {
	key   string
	types uint16
} {
	return []struct {
		key   string
		types uint16
	}{
		{"packets.group.connection", packets.Only(wire.CONNECT, wire.CONNACK, wire.DISCONNECT, wire.AUTH)},
		{"packets.group.messages", packets.Only(wire.PUBLISH, wire.PUBACK, wire.PUBREC, wire.PUBREL, wire.PUBCOMP)},
		{"packets.group.subscriptions", packets.Only(wire.SUBSCRIBE, wire.SUBACK, wire.UNSUBSCRIBE, wire.UNSUBACK)},
		{"packets.group.ping", packets.Only(wire.PINGREQ, wire.PINGRESP)},
	}
}

// typeItems is the menu of packet types: all of them, a group, or one more or
// less.
func (s *Screen) typeItems() []*fyne.MenuItem {
	now := s.rows.view.Filter().Types
	item := func(text string, checked bool, types uint16) *fyne.MenuItem {
		m := fyne.NewMenuItem(text, func() { s.setTypes(types) })
		m.Checked = checked
		return m
	}
	items := []*fyne.MenuItem{item(s.Tr.S("packets.types_all"), now == 0, 0)}
	for _, g := range groups() {
		items = append(items, item(s.Tr.S(g.key), now == g.types, g.types))
	}
	items = append(items, fyne.NewMenuItemSeparator())
	for t := wire.CONNECT; t <= wire.AUTH; t++ {
		on := now>>t&1 != 0
		items = append(items, item(t.String(), on, now^1<<t))
	}
	return items
}

func (s *Screen) setTypes(types uint16) {
	f := s.rows.view.Filter()
	f.Types = types
	s.setFilter(f)
}

// labelTypes says on the button what is shown.
func (s *Screen) labelTypes() {
	now := s.rows.view.Filter().Types
	text := s.Tr.S("packets.types_some", "N", bits.OnesCount16(now))
	switch bits.OnesCount16(now) {
	case 0:
		text = s.Tr.S("packets.types_all")
	case 1:
		text = wire.Type(bits.TrailingZeros16(now)).String()
	}
	for _, g := range groups() {
		if g.types == now {
			text = s.Tr.S(g.key)
		}
	}
	s.types.SetText(text)
}
