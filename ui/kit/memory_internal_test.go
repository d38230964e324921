package kit

import (
	"fmt"
	"runtime"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"tidings/ui/theme"
)

// changing is a source whose texts differ at every reading.
type changing struct{ n int }

func (s *changing) Len() int { return s.n }

func (s *changing) Row(i int, r *Row) {
	s.n++
	for c := range r.Cells {
		r.Cells[c].Text = fmt.Sprintf("%d·%d·%c", s.n, c, rune(0x4E00+s.n%20000))
	}
}

func TestRowListMemoryIsFlatWhileEveryTextChanges(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(theme.New(theme.Dark, 1))
	l := NewRowList([]Column{{Width: 100}, {Width: 100, Mono: true}, {Flex: true, Width: 1}}, &changing{n: 100})
	l.Resize(fyne.NewSize(400, 300))
	l.SetFollow(true)
	heap := func() int64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	frames := func(n int) {
		for range n {
			l.Refresh()
			l.generate(400, 300)
		}
	}
	frames(50)
	before := heap()
	frames(1800) // a minute at 30 a second
	if grown := heap() - before; grown > 2<<20 {
		t.Errorf("a minute of new texts left %d KB behind", grown>>10)
	}
}
