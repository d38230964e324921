package topics

import (
	"time"

	"tidings/app/payload"
	"tidings/ui/kit"
	"tidings/ui/theme"
)

// source gives the list its rows.
type source struct{ s *Screen }

// Len implements kit.RowSource.
func (r source) Len() int { return r.s.count }

// Row implements kit.RowSource.
func (r source) Row(i int, row *kit.Row) {
	n, ok := r.s.window.At(i)
	if !ok {
		return
	}
	row.Indent, row.Expandable, row.Expanded = n.Depth, n.Expandable, n.Expanded
	c := row.Cells
	c[0].Text = n.Name
	if n.Name == "" { // an empty level is legal: "/a", "a//b"
		c[0] = kit.Cell{Text: r.s.Tr.S("topics.empty_level"), Color: theme.ColorMuted}
	}
	if n.HasValue {
		c[1].Text = payload.Preview(n.Preview, 160)
	}
	if n.Retained {
		c[2] = kit.Cell{Text: "R", Color: theme.ColorRetained}
	}
	c[3].Text = r.s.Tr.Int(int64(n.Messages))
	if n.Expandable {
		c[4].Text = r.s.Tr.Int(int64(n.Topics))
	}
	c[5].Text = time.Unix(0, n.LastSeen).Format("15:04:05.000")
}
