package profileform

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"tidings/app"
	"tidings/app/outline"
	"tidings/app/profilecheck"
	"tidings/ui/kit"
	"tidings/ui/kit/parts"
)

// identity is what a connection is called and where it lies in the list.
type identity struct {
	f       *fields
	folders []string
	name    *parts.Field
	folder  *parts.Field
	offer   *kit.Text       // the folder that Down completes to
	hint    *fyne.Container // an arrow and the offer
	color   *swatches
	auto    *parts.Check
	nameRow *kit.FormRow
	root    []fyne.CanvasObject // what stands below address and login
}

func newIdentity(f *fields, folders []string) *identity {
	s := &identity{f: f, folders: withParents(folders)}
	s.name = f.text("name", profilecheck.FieldName)
	s.folder = f.text("folder", profilecheck.FieldFolder)
	s.folder.SetPlaceHolder(f.S("form.folder.placeholder"))
	s.folder.Complete = func() {
		if best := complete(s.f.get(s.folder), s.folders); best != "" {
			s.f.put(s.folder, best)
			s.folder.CursorColumn = len([]rune(best))
			s.folder.Refresh()
		}
	}
	s.offer = kit.NewText("", kit.TextLook{Color: "placeholder"})
	// Two texts: the toolkit takes a space from the font of the sign before
	// it, and that of the arrows has none.
	s.hint = parts.Row(4, kit.NewText("↓", kit.TextLook{Color: "placeholder"}), s.offer)
	pick := kit.NewMenuButton("", widget.MediumImportance, s.menu)
	f.name("folder.pick", pick)
	pick.SetTip(f.S("form.folder.pick"))
	f.show(pick, len(s.folders) > 0)
	s.color = newSwatches(f.S("form.color.none"), f.change)
	f.name("color", s.color)
	f.at(profilecheck.FieldColor, f.give(s.color))
	s.auto = f.check("auto", f.S("form.auto"), nil)
	s.nameRow = f.row("form.name", s.name, "", profilecheck.FieldName)
	s.root = []fyne.CanvasObject{
		f.row("form.folder", parts.Stretch(0, 6, s.folder, s.hint, pick), "", profilecheck.FieldFolder),
		f.row("form.color", parts.Row(0, s.color), "", profilecheck.FieldColor),
		f.row("form.launch", s.auto, ""),
	}
	return s
}

func (s *identity) menu() []*fyne.MenuItem {
	items := []*fyne.MenuItem{fyne.NewMenuItem(s.f.S("form.folder.none"), func() { s.folder.SetText("") })}
	for _, name := range s.folders {
		items = append(items, fyne.NewMenuItem(name, func() { s.folder.SetText(name) }))
	}
	return items
}

func (s *identity) fill(p app.Profile) {
	s.f.put(s.name, p.Name)
	if p.Name == p.DefaultName() {
		s.f.put(s.name, "")
	}
	s.f.put(s.folder, p.Folder)
	s.color.Put(p.Color)
	s.auto.Put(p.AutoConnect)
}

func (s *identity) read(r *reading) {
	r.Name = strings.TrimSpace(s.f.get(s.name))
	r.Folder = outline.Clean(s.f.get(s.folder))
	r.Color = s.color.Color()
	r.AutoConnect = s.auto.Checked
}

// show offers a folder, and shows the name that an empty one stands for.
func (s *identity) show(p app.Profile) {
	name := p.DefaultName()
	if name == "" || unfinished(p) {
		name = s.f.S("form.name.placeholder")
	}
	if s.name.PlaceHolder != name {
		s.name.SetPlaceHolder(name)
	}
	offer := complete(s.f.get(s.folder), s.folders)
	if offer != s.offer.Text() {
		s.offer.SetText(offer)
		s.f.moved = true
	}
	s.f.show(s.hint, offer != "")
}

// withParents returns the folders and those that they lie in, once each and
// in the order given.
func withParents(folders []string) []string {
	var all []string
	seen := map[string]bool{"": true}
	for _, folder := range folders {
		names := strings.Split(outline.Clean(folder), "/")
		for i := range names {
			if path := strings.Join(names[:i+1], "/"); !seen[path] {
				seen[path] = true
				all = append(all, path)
			}
		}
	}
	return all
}

// complete returns the first folder that begins with text, whatever the case
// of its letters, or "" when there is nothing to add.
func complete(text string, folders []string) string {
	text = strings.TrimLeft(text, " ")
	if text == "" {
		return ""
	}
	for _, folder := range folders {
		if len(folder) > len(text) && strings.EqualFold(folder[:len(text)], text) {
			return folder
		}
	}
	return ""
}
