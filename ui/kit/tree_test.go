package kit_test

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"

	"tidings/ui/kit"
	"tidings/ui/theme"
	"tidings/ui/uitest"
)

// branches is a small tree, flattened: names with their depth.
func branches() rows {
	row := func(name string, depth int, expandable, expanded bool) kit.Row {
		return kit.Row{Indent: depth, Expandable: expandable, Expanded: expanded, Cells: []kit.Cell{{Text: name}}}
	}
	return rows{
		row("lab", 0, true, true), row("3", 1, true, true), row("temp", 2, false, false), row("hum", 2, false, false),
		row("7", 1, true, false), row("$SYS", 0, true, false),
	}
}

func showTree(t *testing.T) (l *kit.RowList, toggled *[]int) {
	t.Helper()
	toggled = new([]int)
	uitest.Show(t, func() fyne.CanvasObject {
		l = kit.NewRowList([]kit.Column{{Title: "Topic", Flex: true, Width: 1}}, branches())
		l.OnToggle = func(i int) { *toggled = append(*toggled, i) }
		return l
	}, theme.Dark, 300, 22+6*25)
	return l, toggled
}

func TestTreeTriangleTogglesAndTheRestSelects(t *testing.T) {
	l, toggled := showTree(t)
	row := func(i int) float32 { return 22 + float32(i)*25 + 12 }
	uitest.Click(l, 14, row(0))    // the triangle of lab
	uitest.Click(l, 14+14, row(1)) // that of 3, one level in
	uitest.Click(l, 14, row(4))    // left of the triangle of 7
	uitest.Click(l, 14+28, row(2)) // where a leaf has none
	if !slices.Equal(*toggled, []int{0, 1}) || l.Selected() != 2 {
		t.Errorf("toggled %v, selected %d; want [0 1], 2", *toggled, l.Selected())
	}
}

func TestTreeKeys(t *testing.T) {
	for _, c := range []struct {
		name     string
		from     int
		key      fyne.KeyName
		selected int
		toggled  []int
	}{
		{"right opens", 4, fyne.KeyRight, 4, []int{4}},
		{"right into an open one", 0, fyne.KeyRight, 1, nil},
		{"right on a leaf", 3, fyne.KeyRight, 3, nil},
		{"left closes", 1, fyne.KeyLeft, 1, []int{1}},
		{"left from a leaf leads to its parent", 3, fyne.KeyLeft, 1, nil},
		{"left from a closed one leads to its parent", 4, fyne.KeyLeft, 0, nil},
		{"left at the root", 5, fyne.KeyLeft, 5, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			l, toggled := showTree(t)
			l.Select(c.from)
			uitest.Keys(l, c.key)
			if l.Selected() != c.selected || !slices.Equal(*toggled, c.toggled) {
				t.Errorf("selected %d, toggled %v; want %d, %v", l.Selected(), *toggled, c.selected, c.toggled)
			}
		})
	}
}
