package connections

import (
	"image/color"
	"maps"
	"slices"
	"sort"

	"tidings/app"
	"tidings/app/outline"
	"tidings/ui/theme"
)

// entry is a profile as the list knows it; it is made when profiles change.
type entry struct {
	id, name, url, notes, folder string

	path []string // of the folder
	find string   // what the filter looks at
	tag  color.NRGBA
}

// row is what the list shows in one place: a folder, or a connection.
type row struct {
	folder string // its path, for a folder
	entry  int    // for a connection, else -1
	depth  int
}

// How high rows are, in lines of lineHeight units.
const (
	lineHeight  = 8
	folderLines = 3
	entryLines  = 5
)

// model is what the list shows and in which order, without pixels. Its rows
// are made anew when the profiles, the filter or the folding change, and at
// no other time.
type model struct {
	profiles []app.Profile // in the order of the sidebar
	entries  []entry       // in the same order
	at       map[string]int
	counts   map[string]int // connections in a folder and all below it
	folders  []string       // all there are, in order
	folded   map[string]bool
	query    string

	rows   []row
	starts []int // the first line of each row, and the end
	built  int   // how often rows were made, for the tests
}

// set takes other profiles, in the order of the sidebar.
func (m *model) set(profiles []app.Profile) {
	m.profiles = profiles
	m.entries = make([]entry, len(profiles))
	m.at = make(map[string]int, len(profiles))
	m.counts, m.folders = map[string]int{}, nil
	for i, p := range profiles {
		e := entry{id: p.ID, name: p.Name, url: p.URL(), notes: p.Notes, path: outline.Path(p.Folder), tag: theme.TagColor(p.Color)}
		e.folder = outline.Join(e.path...)
		e.find = outline.Fold(e.name + "\n" + e.url + "\n" + e.folder + "\n" + e.notes)
		m.entries[i], m.at[p.ID] = e, i
		for n := range e.path {
			folder := outline.Join(e.path[:n+1]...)
			if m.counts[folder]++; m.counts[folder] == 1 {
				m.folders = append(m.folders, folder)
			}
		}
	}
	m.build()
}

// build makes the rows.
func (m *model) build() {
	m.built++
	m.rows = m.rows[:0]
	var open []string // the folders whose rows lead to the present place
	for i := range m.entries {
		e := &m.entries[i]
		if m.query != "" && !outline.Matches(e.find, m.query) {
			continue
		}
		shared := 0
		for shared < min(len(open), len(e.path)) && open[shared] == e.path[shared] {
			shared++
		}
		open = open[:shared]
		hidden := m.hides(open)
		for n := shared; n < len(e.path); n++ {
			folder := outline.Join(e.path[:n+1]...)
			if !hidden {
				m.rows = append(m.rows, row{folder: folder, entry: -1, depth: n})
			}
			hidden = hidden || m.isFolded(folder)
		}
		open = append(open, e.path[shared:]...)
		if !hidden {
			m.rows = append(m.rows, row{entry: i, depth: len(e.path)})
		}
	}
	m.starts = m.starts[:0]
	line := 0
	for _, r := range m.rows {
		m.starts = append(m.starts, line)
		if line += entryLines; r.entry < 0 {
			line += folderLines - entryLines
		}
	}
	m.starts = append(m.starts, line)
}

// matching returns the numbers of the entries that the filter has found,
// folded away or not.
func (m *model) matching() []int {
	return slices.DeleteFunc(m.everything(), func(i int) bool { return m.query != "" && !outline.Matches(m.entries[i].find, m.query) })
}

// everything returns the numbers of all entries.
func (m *model) everything() []int {
	all := make([]int, len(m.entries))
	for i := range all {
		all[i] = i
	}
	return all
}

// hides reports whether one of the folders of a path is folded.
func (m *model) hides(path []string) bool {
	for n := range path {
		if m.isFolded(outline.Join(path[:n+1]...)) {
			return true
		}
	}
	return false
}

// isFolded reports whether what lies in a folder is hidden. What a filter has
// found is never hidden.
func (m *model) isFolded(folder string) bool { return m.query == "" && m.folded[folder] }

// fold folds or unfolds folders and reports whether that changed anything.
func (m *model) fold(on bool, folders ...string) bool {
	before := len(m.folded)
	for _, f := range folders {
		if on {
			m.folded[f] = true
		} else {
			delete(m.folded, f)
		}
	}
	if len(m.folded) == before {
		return false
	}
	m.build()
	return true
}

// renamed lets folded folders be folded under their new name.
func (m *model) renamed(from, to string) {
	for f := range maps.Clone(m.folded) {
		if outline.Within(f, from) {
			delete(m.folded, f)
			m.folded[outline.Clean(to+"/"+f[len(from):])] = true
		}
	}
	delete(m.folded, "")
}

// foldedFolders returns the folded folders that there are, in order.
func (m *model) foldedFolders() []string {
	return slices.DeleteFunc(slices.Clone(m.folders), func(f string) bool { return !m.folded[f] })
}

// within returns the IDs of the connections in a folder and all below it.
func (m *model) within(folder string) []string {
	var ids []string
	for i := range m.entries {
		if outline.Within(m.entries[i].folder, folder) {
			ids = append(ids, m.entries[i].id)
		}
	}
	return ids
}

// place names what stands in a row, however far it moves: "c/id", "f/path".
func (m *model) place(i int) string {
	switch {
	case i < 0 || i >= len(m.rows):
		return ""
	case m.rows[i].entry < 0:
		return "f/" + m.rows[i].folder
	}
	return "c/" + m.entries[m.rows[i].entry].id
}

// find returns the row of a place, -1 when it does not show.
func (m *model) find(place string) int {
	for i := range m.rows {
		if m.place(i) == place {
			return i
		}
	}
	return -1
}

// connection returns the ID of the connection in row i.
func (m *model) connection(i int) (id string, ok bool) {
	if i < 0 || i >= len(m.rows) || m.rows[i].entry < 0 {
		return "", false
	}
	return m.entries[m.rows[i].entry].id, true
}

// folder returns the folder in row i.
func (m *model) folder(i int) (path string, ok bool) {
	if i < 0 || i >= len(m.rows) || m.rows[i].entry >= 0 {
		return "", false
	}
	return m.rows[i].folder, true
}

// home returns the folder that what stands in row i lies in.
func (m *model) home(i int) string {
	if f, ok := m.folder(i); ok {
		return outline.Parent(f)
	}
	return m.entries[m.rows[i].entry].folder
}

// Len implements kit.RowSource.
func (m *model) Len() int { return len(m.rows) }

// Lines implements kit.RowSpans.
func (m *model) Lines() int {
	if len(m.starts) == 0 {
		return 0
	}
	return m.starts[len(m.starts)-1]
}

// LineOf implements kit.RowSpans.
func (m *model) LineOf(i int) int { return m.starts[min(i, len(m.starts)-1)] }

// RowAt implements kit.RowSpans.
func (m *model) RowAt(line int) int {
	return min(sort.SearchInts(m.starts, line+1)-1, len(m.rows)-1)
}
