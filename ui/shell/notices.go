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
// the offers to undo a deletion or a close.
type notices struct {
	d        kit.Deps
	desk     Desk
	moving   moving.Desk
	undelete func() bool
	reopen   func()
	root     *fyne.Container
	ids      []int
	deleted  string
	undo     bool
	closed   closed
	came     desk.Imported
	launch   desk.Launched
}

// closed is what the desk can reopen, as it returns it.
type closed struct {
	name     string
	messages int
	ok       bool
}

func newNotices(d kit.Deps, dk Desk, mv moving.Desk, undelete func() bool, reopen func()) *notices {
	return &notices{d: d, desk: dk, moving: mv, undelete: undelete, reopen: reopen, root: parts.Column(1)}
}

// sync shows what there is to say now.
func (n *notices) sync() {
	list := n.desk.Notices()
	ids := make([]int, len(list))
	for i, x := range list {
		ids[i] = x.ID
	}
	name, undo := n.desk.Deleted()
	var shut closed
	shut.name, shut.messages, shut.ok = n.desk.Closed()
	came, launch := n.moving.Imported(), n.desk.Launched()
	if launch == n.launch && slices.Equal(ids, n.ids) && name == n.deleted && undo == n.undo && shut == n.closed && came == n.came {
		return
	}
	n.ids, n.deleted, n.undo, n.closed, n.came, n.launch = ids, name, undo, shut, came, launch
	n.root.Objects = nil
	if undo {
		n.root.Add(n.undoBanner(n.d.Tr.S("shell.deleted", "Name", name), "shell.undo", func() { n.undelete() }, n.desk.ForgetDeleted))
	}
	if shut.ok {
		n.root.Add(n.undoBanner(n.d.Tr.S("shell.closed", "Name", shut.name, "N", shut.messages), "shell.reopen", n.reopen, n.desk.ForgetClosed))
	}
	if launch.Restored > 0 { // what connects by its own wish is no news
		n.root.Add(n.launchBanner(launch))
	}
	if came.N > 0 {
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
	notice := kit.Notice{Kind: kit.Error, Line: true, OnClose: func() {
		n.desk.Dismiss(x.ID)
		n.sync()
	}}
	if x.Calm {
		notice.Kind = kit.Info
	}
	notice.Text, notice.Advice, notice.Detail = n.d.Tr.Error(x.Err)
	if x.Vault != 0 {
		key := "shell.vault.create"
		if x.Vault == desk.VaultUnlock {
			key = "shell.vault.unlock"
		}
		ask := kit.NewButton(n.d.Tr.S(key), widget.MediumImportance, func() { n.desk.AskVault(x.Vault) })
		n.d.Names.Set("shell.vault", ask)
		notice.Actions = []fyne.CanvasObject{ask}
	}
	b.Say(notice)
	return b
}

// undoBanner says what was done, and offers to undo it by a button with a name.
func (n *notices) undoBanner(text, name string, undo, forget func()) fyne.CanvasObject {
	b := kit.NewBanner(n.labels())
	back := kit.NewButton(n.d.Tr.S("shell.undo"), widget.MediumImportance, func() {
		undo()
		n.sync()
	})
	n.d.Names.Set(name, back)
	b.Say(kit.Notice{Kind: kit.Info, Text: text, Actions: []fyne.CanvasObject{back}, OnClose: func() {
		forget()
		n.sync()
	}})
	return b
}
