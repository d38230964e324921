package outline

import (
	"cmp"
	"slices"
	"strings"

	"tidings/app"
)

// key is what a profile is sorted by.
type key struct {
	path     []string // of its folder
	folded   []string // the same, without case and accents
	position int
	name     string // without case and accents
	p        app.Profile
}

func keyOf(p app.Profile) key {
	k := key{path: Path(p.Folder), position: p.Position, name: Fold(p.Name), p: p}
	for _, name := range k.path {
		k.folded = append(k.folded, Fold(name))
	}
	return k
}

// Sort brings profiles into the order in which the sidebar lists them: the
// folders of a level by name, each with all it holds, then its profiles by
// position, equal ones by name.
func Sort(list []app.Profile) {
	keys := make([]key, len(list))
	for i, p := range list {
		keys[i] = keyOf(p)
	}
	slices.SortStableFunc(keys, compare)
	for i := range keys {
		list[i] = keys[i].p
	}
}

func compare(a, b key) int {
	for i := range min(len(a.path), len(b.path)) {
		if c := cmp.Or(strings.Compare(a.folded[i], b.folded[i]), strings.Compare(a.path[i], b.path[i])); c != 0 {
			return c
		}
	}
	return cmp.Or(
		cmp.Compare(len(b.path), len(a.path)), // folders first
		cmp.Compare(a.position, b.position),
		strings.Compare(a.name, b.name),
		strings.Compare(a.p.Name, b.p.Name),
		strings.Compare(a.p.ID, b.p.ID),
	)
}
