package connections

import (
	"tidings/app"
	"tidings/app/outline"
)

// maxUndo bounds how many changes can be taken back.
const maxUndo = 50

// arrange moves connections so that it can be undone.
func (l *List) arrange(places []outline.Place) {
	if len(places) == 0 {
		return
	}
	l.follow = true
	if before := l.do.Arrange(places); len(before) > 0 {
		l.Undoable(func() bool { return len(l.do.Arrange(before)) > 0 })
	}
}

// set changes a name or a colour from was to now so that it can be undone,
// unless it was changed once more elsewhere.
func (l *List) set(id, was, now string, of func(app.Profile) string, set func(id, value string)) {
	if was == now {
		return
	}
	set(id, now)
	l.Undoable(func() bool {
		i, there := l.m.at[id]
		if !there || of(l.m.profiles[i]) != now {
			return false
		}
		set(id, was)
		return true
	})
}

func (l *List) setName(id, to string) {
	name := func(p app.Profile) string { return p.Name }
	l.set(id, name(l.m.profiles[l.m.at[id]]), to, name, l.do.Rename)
}

func (l *List) setColor(id, to string) {
	color := func(p app.Profile) string { return p.Color }
	l.set(id, color(l.m.profiles[l.m.at[id]]), to, color, l.do.Color)
}

// Undoable notes something that Undo takes back by calling f, which reports
// false when there is nothing to take back any more.
func (l *List) Undoable(f func() bool) {
	l.undo = append(l.undo, f)
	if len(l.undo) > maxUndo {
		l.undo = l.undo[1:]
	}
}

// CanUndo reports whether Undo may have something to do.
func (l *List) CanUndo() bool { return len(l.undo) > 0 }

// Undo takes back what was changed last. What has been taken back by
// other means meanwhile is passed over.
func (l *List) Undo() {
	for len(l.undo) > 0 {
		last := len(l.undo) - 1
		f := l.undo[last]
		l.undo = l.undo[:last]
		if f() {
			return
		}
	}
}

// step moves the connection of row i up or down among those of its folder.
// A filter hides some of these, so nothing is moved then.
func (l *List) step(i, by int) {
	id, ok := l.m.connection(i)
	if !ok || l.m.query != "" {
		return
	}
	at := l.m.at[id]
	folder := l.m.entries[at].folder
	in := func(n int) bool { return n >= 0 && n < len(l.m.entries) && l.m.entries[n].folder == folder }
	if !in(at + by) {
		return
	}
	before := ""
	if by < 0 {
		before = l.m.entries[at-1].id
	} else if in(at + 2) {
		before = l.m.entries[at+2].id
	}
	l.arrange(outline.Move(l.m.profiles, id, folder, before))
}

// outwards moves what row i shows out of its folder.
func (l *List) outwards(i int) {
	if i >= 0 && l.m.home(i) != "" {
		l.moveTo(i, outline.Parent(l.m.home(i)))
	}
}

// inwards moves what row i shows into the folder above it on its level.
func (l *List) inwards(i int) {
	if i < 0 {
		return
	}
	for n := i - 1; n >= 0 && l.m.rows[n].depth >= l.m.rows[i].depth; n-- {
		if f, ok := l.m.folder(n); ok && l.m.rows[n].depth == l.m.rows[i].depth {
			l.moveTo(i, f)
			return
		}
	}
}

// moveTo moves the connection or folder of row i into a folder, "" for none.
func (l *List) moveTo(i int, folder string) {
	if id, ok := l.m.connection(i); ok {
		l.unfold(folder)
		l.arrange(outline.Into(l.m.profiles, id, folder))
	} else if f, ok := l.m.folder(i); ok && !outline.Within(folder, f) {
		l.unfold(folder)
		l.renameFolder(f, outline.Join(append(outline.Path(folder), outline.Base(f))...))
	}
}

// unfold opens a folder and those around it, so that what comes there shows.
func (l *List) unfold(folder string) {
	var all []string
	for ; folder != ""; folder = outline.Parent(folder) {
		all = append(all, folder)
	}
	l.fold(false, all...)
}

// renameFolder lets a folder be called to, which may lie elsewhere.
func (l *List) renameFolder(from, to string) {
	places := outline.MoveFolder(l.m.profiles, from, to)
	if len(places) == 0 {
		return
	}
	l.m.renamed(from, to)
	if l.cursor == "f/"+from {
		l.cursor = "f/" + to
	}
	l.arrange(places)
	l.do.Fold(l.m.foldedFolders())
}

// removeFolder takes a folder away; what it held lies where it lay.
func (l *List) removeFolder(f string) {
	delete(l.m.folded, f)
	l.renameFolder(f, outline.Parent(f))
}
