package sys

import (
	"strings"
	"time"

	"tidings/app/sysstats"
)

// mainFigures are the figures that have a card; the rest is in the list.
func mainFigures() []string {
	return []string{
		"sys.card.version", "sys.card.uptime", "sys.card.clients_connected", "sys.card.subscriptions",
		"sys.card.publish_in", "sys.card.publish_out", "sys.card.retained", "sys.card.dropped",
	}
}

// dash stands for what the broker does not publish: never a zero.
const dash = "–"

// value writes a figure as people read it.
func (s *Screen) value(c sysstats.Card) string {
	if !c.Published {
		return dash
	}
	switch c.Kind {
	case sysstats.Count:
		return s.Tr.Int(int64(c.Value))
	case sysstats.Duration:
		return s.Tr.Duration(time.Duration(c.Value * float64(time.Second)))
	case sysstats.Bytes:
		return s.Tr.Bytes(int64(c.Value))
	case sysstats.Rate:
		return s.Tr.S("unit.per_second", "Rate", s.Tr.Int(int64(c.Value+0.5)))
	case sysstats.Text:
		return strings.Replace(c.Text, "mosquitto version ", "mosquitto ", 1) // as Stats.Version says it
	}
	return c.Text
}

// caption is the remark below a figure: its rate, or that it is missing.
func (s *Screen) caption(c sysstats.Card) string {
	switch {
	case !c.Published && s.count > 0:
		return s.Tr.S("sys.not_published")
	case !c.HasRate:
		return ""
	case c.Kind == sysstats.Bytes:
		return s.Tr.S("unit.per_second", "Rate", s.Tr.Bytes(int64(c.Rate+0.5)))
	}
	return s.Tr.S("unit.per_second", "Rate", s.Tr.Int(int64(c.Rate+0.5)))
}
