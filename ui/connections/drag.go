package connections

import (
	"tidings/app/outline"
	"tidings/ui/kit"
)

// target is where a row that is dragged would go.
type target struct {
	folder string
	before string // ID of the connection it goes in front of; "": the end
	exact  bool   // to that very place; false: into the folder, no matter where
}

// dragged says where row from would go when it is let go at a point.
func (l *List) dragged(from int, at kit.DragPoint) (kit.Drop, bool) {
	if from >= len(l.m.rows) {
		return kit.Drop{}, false
	}
	if f, ok := l.m.folder(from); ok {
		return l.folderDragged(f, at)
	}
	if at.Row < len(l.m.rows) && l.m.rows[at.Row].entry < 0 { // folders take what is let go on them
		f := l.m.rows[at.Row].folder
		l.target = target{folder: f}
		return kit.Drop{Row: at.Row, Into: true}, f != l.m.home(from)
	}
	if l.m.query != "" { // what is between the rows does not show
		return kit.Drop{}, false
	}
	if at.Row < len(l.m.rows) && at.Part < 0.5 {
		l.target = target{folder: l.m.home(at.Row), before: l.m.entries[l.m.rows[at.Row].entry].id, exact: true}
		return kit.Drop{Row: at.Row, Indent: l.m.rows[at.Row].depth}, true
	}
	return l.behind(min(at.Row, len(l.m.rows)-1), at.Depth)
}

// behind is the place behind row i. Where folders end there, the depth of the
// pointer says behind which of them.
func (l *List) behind(i, depth int) (kit.Drop, bool) {
	deepest, least, before := l.m.rows[i].depth, 0, ""
	if i+1 < len(l.m.rows) {
		next := l.m.rows[i+1]
		least = next.depth
		if next.entry < 0 {
			least++ // connections come behind the folders beside them
		} else if deepest == least || depth <= least {
			before = l.m.entries[next.entry].id
		}
	}
	depth = min(max(depth, least), deepest)
	path := outline.Path(l.m.home(i))
	l.target = target{folder: outline.Join(path[:min(depth, len(path))]...), before: before, exact: true}
	return kit.Drop{Row: i + 1, Indent: depth}, true
}

// folderDragged says where a folder would go. Folders go by name, so only
// what they lie in can be chosen: that folder is framed, and the top of the
// list stands for none.
func (l *List) folderDragged(f string, at kit.DragPoint) (kit.Drop, bool) {
	into := ""
	if at.Row < len(l.m.rows) {
		if into = l.m.home(at.Row); l.m.rows[at.Row].entry < 0 {
			into = l.m.rows[at.Row].folder
		}
	}
	l.target = target{folder: into}
	ok := !outline.Within(into, f) && into != outline.Parent(f)
	if into == "" {
		return kit.Drop{Row: 0}, outline.Parent(f) != ""
	}
	return kit.Drop{Row: l.m.find("f/" + into), Into: true}, ok
}

// dropped lets row from go where it was last held.
func (l *List) dropped(from int, _ kit.Drop) {
	id, ok := l.m.connection(from)
	if !ok || !l.target.exact {
		l.moveTo(from, l.target.folder)
		return
	}
	l.arrange(outline.Move(l.m.profiles, id, l.target.folder, l.target.before))
}
