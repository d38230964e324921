package viewer

import (
	"encoding/hex"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"tidings/app"
	"tidings/ui/kit"
)

// properties lists the MQTT 5 properties of a message (MQTT 5.0 §3.3.2.3).
type properties struct {
	kit.Deps
	object fyne.CanvasObject
	list   *kit.RowList
	rows   [][2]string
}

func newProperties(d kit.Deps) *properties {
	p := &properties{Deps: d}
	p.list = kit.NewRowList([]kit.Column{
		{Width: 9, Flex: true, Muted: true},
		{Width: 11, Flex: true, Mono: true},
	}, p)
	p.list.SetHeader(false)
	p.object = container.NewBorder(nil, nil, kit.NewLine(), nil,
		container.NewBorder(kit.NewGround("", 10, 6, kit.NewCaption(d.Tr.S("viewer.properties"))), nil, nil, nil, p.list))
	p.object.Hide()
	return p
}

// Len implements kit.RowSource.
func (p *properties) Len() int { return len(p.rows) }

// Row implements kit.RowSource.
func (p *properties) Row(i int, r *kit.Row) {
	r.Cells[0].Text, r.Cells[1].Text = p.rows[i][0], p.rows[i][1]
}

// show lists what the message has; nil hides the list.
func (p *properties) show(m *app.Properties) {
	p.rows = p.rows[:0]
	if m != nil {
		p.fill(m)
	}
	kit.SetShown(p.object, len(p.rows) > 0)
	p.list.Refresh()
}

func (p *properties) fill(m *app.Properties) {
	add := func(key, value string) { p.rows = append(p.rows, [2]string{p.Tr.S(key), value}) }
	if m.ContentType != "" {
		add("property.content_type", m.ContentType)
	}
	if m.PayloadIsUTF8 {
		add("property.payload_format", "UTF-8")
	}
	if m.ResponseTopic != "" {
		add("property.response_topic", m.ResponseTopic)
	}
	if len(m.CorrelationData) > 0 {
		add("property.correlation_data", hex.EncodeToString(m.CorrelationData))
	}
	if m.MessageExpiry != nil {
		add("property.message_expiry", p.Tr.S("unit.seconds", "N", int64(*m.MessageExpiry)))
	}
	if len(m.SubscriptionIDs) > 0 {
		ids := make([]string, len(m.SubscriptionIDs))
		for i, id := range m.SubscriptionIDs {
			ids[i] = strconv.FormatUint(uint64(id), 10)
		}
		add("property.subscription_id", strings.Join(ids, ", "))
	}
	for _, u := range m.User {
		p.rows = append(p.rows, [2]string{p.Tr.S("property.user", "Name", u.Name), u.Value})
	}
}
