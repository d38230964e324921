package workspace

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"tidings/app"
	"tidings/app/outline"
)

// Bounds of what a profile keeps, so that its file stays one that is read and
// written at once: templates, and how many deleted ones can come back.
const (
	maxTemplates        = 1000
	maxDeletedTemplates = 20
)

// Templates are the messages kept with the profile, as they are now.
type Templates struct {
	// List is in the order of the person; names are not empty and differ. It
	// is never changed: do not change it either.
	List []app.Template
	// Deleted is the name of the template that UndoDeleteTemplate brings
	// back; "" when there is none.
	Deleted string
	// Revision grows with every change.
	Revision uint64
}

// templates owns the messages kept with the profile.
type templates struct {
	mu       sync.Mutex
	list     []app.Template // replaced, never changed in place
	deleted  []deletedTemplate
	revision uint64
}

type deletedTemplate struct {
	template app.Template
	place    int
}

// newTemplates takes over what a profile has. Files written by hand or by
// another program may give a name twice, or none.
func newTemplates(list []app.Template) *templates {
	t := &templates{}
	for _, one := range list {
		one.Name = cmp.Or(strings.TrimSpace(one.Name), strings.TrimSpace(one.Message.Topic), "1")
		if t.index(one.Name) >= 0 {
			one.Name = outline.CopyName(one.Name, func(name string) bool { return t.index(name) >= 0 })
		}
		t.list = append(t.list, one)
	}
	return t
}

// index returns the place of a template, or -1. The caller holds mu.
func (t *templates) index(name string) int {
	return slices.IndexFunc(t.list, func(o app.Template) bool { return o.Name == name })
}

// change lets f make another list; nil says that it stays as it is.
func (t *templates) change(f func(list []app.Template) []app.Template) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	next := f(slices.Clone(t.list))
	if next == nil {
		return false
	}
	t.list = next
	t.revision++
	return true
}

// Templates returns the messages kept with the profile.
func (w *Workspace) Templates() Templates {
	t := w.templates
	t.mu.Lock()
	defer t.mu.Unlock()
	out := Templates{List: t.list, Revision: t.revision}
	if n := len(t.deleted); n > 0 {
		out.Deleted = t.deleted[n-1].template.Name
	}
	return out
}

// SaveTemplate keeps a message under a name: in place of the template that has
// the name, else behind all others. The error, an *app.Error, says why not: no
// name, too many, or too large together for the profile's file.
// What one points to is kept: do not change it afterwards.
func (w *Workspace) SaveTemplate(one app.Template) error {
	if one.Name = strings.TrimSpace(one.Name); one.Name == "" {
		return &app.Error{What: app.Say("template.no_name")}
	}
	var refused error // not an *app.Error: nil must stay nil
	w.changeTemplates(func(list []app.Template) []app.Template {
		before := app.TemplateBytes(list...)
		if i := w.templates.index(one.Name); i >= 0 {
			list[i] = one
		} else {
			list = append(list, one)
		}
		size := app.TemplateBytes(list...)
		switch { // what came from elsewhere may be larger, and can shrink
		case len(list) > maxTemplates && len(list) > len(w.templates.list):
			refused = &app.Error{What: app.Say("template.full", "N", maxTemplates), Do: app.Say("template.full.do")}
			return nil
		case size > app.MaxTemplateBytes && size > before:
			refused = &app.Error{
				What: app.Say("template.too_large", "Size", app.ByteCount(size), "Max", app.ByteCount(app.MaxTemplateBytes)),
				Do:   app.Say("template.too_large.do"),
			}
			return nil
		}
		w.templates.makeRoom(size)
		return list
	})
	return refused
}

// makeRoom gives up deleted templates, the oldest first, until all that are
// left could come back beside a list of size bytes. The caller holds mu.
func (t *templates) makeRoom(size int64) {
	for len(t.deleted) > 0 {
		all := size
		for _, d := range t.deleted {
			all += app.TemplateBytes(d.template)
		}
		if all <= app.MaxTemplateBytes {
			return
		}
		t.deleted = slices.Delete(t.deleted, 0, 1)
	}
}

// RenameTemplate gives a template another name. The error, an *app.Error, says
// why not; a template that is gone is none.
func (w *Workspace) RenameTemplate(from, to string) error {
	if to = strings.TrimSpace(to); to == "" {
		return &app.Error{What: app.Say("template.no_name")}
	}
	taken := false
	w.changeTemplates(func(list []app.Template) []app.Template {
		i := w.templates.index(from)
		if taken = from != to && w.templates.index(to) >= 0; taken || i < 0 || from == to {
			return nil
		}
		list[i].Name = to
		return list
	})
	if taken {
		return &app.Error{What: app.Say("template.taken", "Name", to), Do: app.Say("template.taken.do")}
	}
	return nil
}

// MoveTemplate moves a template by places: -1 is up.
func (w *Workspace) MoveTemplate(name string, by int) {
	w.changeTemplates(func(list []app.Template) []app.Template {
		i := w.templates.index(name)
		to := i + by
		if i < 0 || to < 0 || to >= len(list) || by == 0 {
			return nil
		}
		one := list[i]
		return slices.Insert(slices.Delete(list, i, i+1), to, one)
	})
}

// DeleteTemplate takes a template away; UndoDeleteTemplate brings it back.
func (w *Workspace) DeleteTemplate(name string) {
	t := w.templates
	w.changeTemplates(func(list []app.Template) []app.Template {
		i := t.index(name)
		if i < 0 {
			return nil
		}
		t.deleted = append(t.deleted, deletedTemplate{list[i], i})
		if len(t.deleted) > maxDeletedTemplates {
			t.deleted = slices.Delete(t.deleted, 0, 1)
		}
		return slices.Delete(list, i, i+1)
	})
}

// UndoDeleteTemplate brings the template deleted last back to its place, and
// once more the one deleted before. It returns the name that it has now: its
// own may be taken.
func (w *Workspace) UndoDeleteTemplate() (name string, ok bool) {
	t := w.templates
	w.changeTemplates(func(list []app.Template) []app.Template {
		last := len(t.deleted) - 1
		if last < 0 {
			return nil
		}
		d := t.deleted[last]
		t.deleted = t.deleted[:last]
		if t.index(d.template.Name) >= 0 {
			d.template.Name = outline.CopyName(d.template.Name, func(name string) bool { return t.index(name) >= 0 })
		}
		name, ok = d.template.Name, true
		return slices.Insert(list, min(d.place, len(list)), d.template)
	})
	return name, ok
}

// changeTemplates changes the list and hands it over. The lock makes the
// newest list the last one handed over.
func (w *Workspace) changeTemplates(f func([]app.Template) []app.Template) {
	w.changing.Lock()
	changed := w.templates.change(f)
	if changed && w.p.TemplatesChanged != nil {
		w.p.TemplatesChanged(w.Templates().List)
	}
	w.changing.Unlock()
	if changed {
		w.p.Touch()
	}
}
