package moving

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	ftheme "fyne.io/fyne/v2/theme"

	"tidings/app"
	"tidings/ui/kit"
	"tidings/ui/theme"
)

// tree is the connections in their folders, each to be ticked.
type tree struct {
	list    *kit.RowList
	changed func()
	all     []app.Profile
	ticked  map[string]bool // by ID
	closed  map[string]bool // folders
	rows    []treeRow
}

// treeRow is a folder, or a profile when it has one.
type treeRow struct {
	folder  string // the whole path, of the folder or of the profile's
	depth   int
	profile *app.Profile
}

func newTree(all []app.Profile, ticked func(app.Profile) bool, changed func()) *tree {
	t := &tree{all: slices.Clone(all), changed: changed, ticked: map[string]bool{}, closed: map[string]bool{}}
	slices.SortStableFunc(t.all, func(a, b app.Profile) int { // folders first, as in a file manager
		if a.Folder == b.Folder {
			return 0
		}
		return strings.Compare(sortKey(a.Folder), sortKey(b.Folder))
	})
	for _, p := range t.all {
		t.ticked[p.ID] = ticked(p)
	}
	t.list = kit.NewRowList([]kit.Column{{Flex: true, Width: 1}, {Flex: true, Width: 1, Muted: true, Mono: true}}, t)
	t.list.SetHeader(false)
	t.list.SetGutter(22)
	t.list.OnMark = func(i int) { t.tick(i); t.list.Select(i) }
	t.list.OnToggle = t.toggle
	t.list.OnTypedKey = func(k *fyne.KeyEvent) {
		if k.Name == fyne.KeySpace {
			t.tick(t.list.Selected())
		}
	}
	t.flatten()
	return t
}

// sortKey puts what lies in folders before what lies beside them.
func sortKey(folder string) string {
	if folder == "" {
		return "\uffff"
	}
	return strings.ToLower(folder) + "/\uffff"
}

// flatten makes the rows that show.
func (t *tree) flatten() {
	t.rows = t.rows[:0]
	seen := map[string]bool{}
	for i := range t.all {
		p := &t.all[i]
		var path []string
		if p.Folder != "" {
			path = strings.Split(p.Folder, "/")
		}
		hidden := false
		for d := range path {
			folder := strings.Join(path[:d+1], "/")
			if !seen[folder] && !hidden {
				t.rows = append(t.rows, treeRow{folder: folder, depth: d})
			}
			seen[folder] = true
			hidden = hidden || t.closed[folder]
		}
		if !hidden {
			t.rows = append(t.rows, treeRow{folder: p.Folder, depth: len(path), profile: p})
		}
	}
}

// within calls f for each profile in a folder and its folders.
func (t *tree) within(folder string, f func(p *app.Profile)) {
	for i := range t.all {
		if p := &t.all[i]; p.Folder == folder || strings.HasPrefix(p.Folder, folder+"/") {
			f(p)
		}
	}
}

// share counts the ticked profiles of a row, and all of them.
func (t *tree) share(r treeRow) (ticked, all int) {
	count := func(p *app.Profile) {
		all++
		if t.ticked[p.ID] {
			ticked++
		}
	}
	if r.profile != nil {
		count(r.profile)
	} else {
		t.within(r.folder, count)
	}
	return ticked, all
}

func (t *tree) tick(i int) {
	if i < 0 || i >= len(t.rows) {
		return
	}
	r := t.rows[i]
	ticked, all := t.share(r)
	if r.profile != nil {
		t.ticked[r.profile.ID] = ticked == 0
	} else {
		t.within(r.folder, func(p *app.Profile) { t.ticked[p.ID] = ticked < all })
	}
	t.list.Refresh()
	t.changed()
}

func (t *tree) tickAll() {
	all := len(t.chosen()) == len(t.all)
	for id := range t.ticked {
		t.ticked[id] = !all
	}
	t.list.Refresh()
	t.changed()
}

func (t *tree) toggle(i int) {
	if t.rows[i].profile == nil {
		t.closed[t.rows[i].folder] = !t.closed[t.rows[i].folder]
		t.flatten()
		t.list.Refresh()
	}
}

// chosen returns the IDs of the ticked profiles, in the order of the tree.
func (t *tree) chosen() (ids []string) {
	for _, p := range t.all {
		if t.ticked[p.ID] {
			ids = append(ids, p.ID)
		}
	}
	return ids
}

// namesFiles reports whether a ticked profile names files of this machine.
func (t *tree) namesFiles() bool {
	return slices.ContainsFunc(t.all, func(p app.Profile) bool {
		s := p.Security
		return t.ticked[p.ID] && p.TLS && (s.CA.File != "" || s.Certificate.File != "" || s.Key.File != "")
	})
}

// Len implements kit.RowSource.
func (t *tree) Len() int { return len(t.rows) }

// Row implements kit.RowSource.
func (t *tree) Row(i int, row *kit.Row) {
	r := t.rows[i]
	row.Indent = r.depth
	row.Mark, row.Stripe = kit.MarkBox, ink(theme.ColorMuted)
	switch ticked, all := t.share(r); {
	case ticked == all:
		row.Mark, row.Stripe = kit.MarkTicked, ink(ftheme.ColorNamePrimary)
	case ticked > 0:
		row.Mark, row.Stripe = kit.MarkPart, ink(ftheme.ColorNamePrimary)
	}
	if r.profile != nil {
		row.Cells[0], row.Cells[1] = kit.Cell{Text: r.profile.Name}, kit.Cell{Text: r.profile.URL()}
		return
	}
	row.Expandable, row.Expanded = true, !t.closed[r.folder]
	row.Cells[0] = kit.Cell{Text: r.folder[strings.LastIndex(r.folder, "/")+1:], Bold: true}
}
