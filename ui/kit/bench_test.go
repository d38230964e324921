package kit

import (
	"fmt"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"tidings/ui/theme"
)

type benchRows struct {
	n    int
	text []string
}

func newBenchRows(n int) *benchRows {
	s := &benchRows{n: n}
	for i := range 997 {
		s.text = append(s.text, fmt.Sprintf(`{"t":%d.4,"unit":"C","seq":%d,"file":"part-17.gcode","copies":2,"owner":"ana"}`, i%40, 1000+i))
	}
	return s
}

func (s *benchRows) Len() int { return s.n }

func (s *benchRows) Row(i int, r *Row) {
	r.Stripe.G, r.Stripe.A = 200, 255
	r.Cells[0].Text = "10:02:11.204"
	r.Cells[1].Text = "plant/a/sensors/temperature"
	r.Cells[2].Text = s.text[i%len(s.text)]
	r.Cells[3] = Cell{Text: "q1", Color: theme.ColorQoS1, Chip: true}
	r.Cells[4] = Cell{Text: "R", Color: theme.ColorRetained}
	r.Cells[5].Text = "48,213 B"
}

// newBenchList is a list of 1000 x 600 units in front of n rows.
func newBenchList(b *testing.B, n int) *RowList {
	b.Helper()
	test.NewTempApp(b).Settings().SetTheme(theme.New(theme.Dark, 1))
	l := NewRowList([]Column{
		{Title: "Time", Width: 88, Mono: true, Muted: true}, {Title: "Topic", Width: 2, Flex: true, Mono: true},
		{Title: "Payload", Width: 3, Flex: true, Mono: true}, {Title: "QoS", Width: 25}, {Width: 24}, {Title: "Size", Width: 60, Align: AlignEnd},
	}, newBenchRows(n))
	l.SetGutter(14)
	l.Resize(fyne.NewSize(1000, 600))
	l.generate(1000, 600)
	return l
}

func BenchmarkRowListScrollStep(b *testing.B) {
	for _, n := range []int{1_000, 1_000_000, 10_000_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			l := newBenchList(b, n)
			l.SetFollow(false)
			b.ReportAllocs()
			for b.Loop() {
				l.ScrollBy(1)
				l.generate(1000, 600)
				if l.AtEnd() {
					l.ScrollTo(0)
				}
			}
		})
	}
}

func BenchmarkRowListRetina(b *testing.B) {
	l := newBenchList(b, 1_000_000)
	b.ReportAllocs()
	for b.Loop() {
		l.ScrollBy(1)
		l.generate(2000, 1200)
	}
}

func BenchmarkLineViewScrollStep(b *testing.B) {
	test.NewTempApp(b).Settings().SetTheme(theme.New(theme.Dark, 1))
	v := NewLineView(benchLines(1_000_000))
	v.Resize(fyne.NewSize(1000, 600))
	b.ReportAllocs()
	for b.Loop() {
		v.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.Delta{DY: -18}})
		v.generate(1000, 600)
	}
}

type benchLines int

func (n benchLines) Len() int { return int(n) }
func (benchLines) Line(i int) (string, []Span) {
	return `  "temperature": [21.4, 21.5, 21.6], "unit": "C", "sequence": 8812, "owner": "ana",`, []Span{{2, 15, "primary"}, {30, 50, theme.ColorRetained}}
}
