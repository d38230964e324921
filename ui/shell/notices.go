package shell

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"tidings/app/desk"
	"tidings/ui/kit"
	"tidings/ui/kit/parts"
	"tidings/ui/moving"
)

// maxBanners is how many notices show at once; the newest, and how many more
// there are.
const maxBanners = 3

// notices are the banners above everything: what the desk has to say, and
// the offer to undo a deletion.
type notices struct {
	d       kit.Deps
	desk    Desk
	moving  moving.Desk
	root    *fyne.Container
	ids     []int
	deleted string
	undo    bool
	came    int // connections of the last import
	launch  desk.Launched
}

func newNotices(d kit.Deps, dk Desk, mv moving.Desk) *notices {
	return &notices{d: d, desk: dk, moving: mv, root: parts.Column(1)}
}

// sync shows what there is to say now.
func (n *notices) sync() {
	list := n.desk.Notices()
	ids := make([]int, len(list))
	for i, x := range list {
		ids[i] = x.ID
	}
	name, undo := n.desk.Deleted()
	came, launch := n.moving.Imported(), n.desk.Launched()
	if launch == n.launch && slices.Equal(ids, n.ids) && name == n.deleted && undo == n.undo && came == n.came {
		return
	}
	n.ids, n.deleted, n.undo, n.came, n.launch = ids, name, undo, came, launch
	n.root.Objects = nil
	if undo {
		n.root.Add(n.undoBanner(name))
	}
	if launch.Restored > 0 { // what connects by its own wish is no news
		n.root.Add(n.launchBanner(launch))
	}
	if came > 0 {
		n.root.Add(n.importedBanner(came))
	}
	for i := len(list) - 1; i >= max(0, len(list)-maxBanners); i-- {
		n.root.Add(n.banner(list[i]))
	}
	if more := len(list) - maxBanners; more > 0 {
		n.root.Add(parts.Pad(kit.NewCaption(n.d.Tr.S("shell.more_notices", "N", more)), 12, 2))
	}
	n.root.Refresh()
}

func (n *notices) labels() kit.BannerLabels {
	return kit.BannerLabels{Details: n.d.Tr.S("banner.details"), Close: n.d.Tr.S("banner.close")}
}

// banner shows a notice.
func (n *notices) banner(x desk.Notice) fyne.CanvasObject {
	b := kit.NewBanner(n.labels())
	what, do, technical := n.d.Tr.Error(x.Err)
	b.Say(kit.Notice{Kind: kit.Error, Text: what, Advice: do, Detail: technical, OnClose: func() {
		n.desk.Dismiss(x.ID)
		n.sync()
	}})
	return b
}

func (n *notices) undoBanner(name string) fyne.CanvasObject {
	b := kit.NewBanner(n.labels())
	undo := kit.NewButton(n.d.Tr.S("shell.undo"), widget.MediumImportance, func() {
		n.desk.UndoDelete()
		n.sync()
	})
	n.d.Names.Set("shell.undo", undo)
	b.Say(kit.Notice{
		Kind: kit.Info, Text: n.d.Tr.S("shell.deleted", "Name", name), Actions: []fyne.CanvasObject{undo},
		OnClose: func() {
			n.desk.ForgetDeleted()
			n.sync()
		},
	})
	return b
}
