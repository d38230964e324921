package desk_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"tidings/app"
	"tidings/app/desk"
	"tidings/app/outline"
)

// named saves profiles in folders: "Lab/a" is a in Lab. It returns their IDs.
func (h *house) named(paths ...string) []string {
	ids := make([]string, len(paths))
	for i, path := range paths {
		ids[i] = h.add(func(p *app.Profile) { p.Folder, p.Name = outline.Parent(path), outline.Base(path) })
	}
	return ids
}

// listed returns the sidebar: "Lab/a b".
func (h *house) listed() string {
	var out []string
	for _, p := range h.Profiles() {
		out = append(out, strings.TrimPrefix(p.Folder+"/"+p.Name, "/"))
	}
	return strings.Join(out, " ")
}

func (h *house) want(list string) {
	h.Helper()
	synctest.Wait()
	if got := h.listed(); got != list {
		h.Errorf("the sidebar is %q, want %q", got, list)
	}
	for _, p := range h.Profiles() {
		if on, ok := h.files.get(p.ID); !ok || on.Folder != p.Folder || on.Position != p.Position || on.Name != p.Name || on.Color != p.Color {
			h.Errorf("%s is %+v on disk", p.Name, on)
		}
	}
}

// writes counts what f writes.
func (h *house) writes(f func()) int {
	synctest.Wait()
	h.files.mu.Lock()
	before := h.files.calls
	h.files.mu.Unlock()
	f()
	synctest.Wait()
	h.files.mu.Lock()
	defer h.files.mu.Unlock()
	return h.files.calls - before
}

func TestAMoveIsWrittenAndCanBeTakenBack(t *testing.T) {
	inHouse(t, func(h *house) {
		ids := h.named("a", "b", "c", "d", "Lab/x")
		var before []outline.Place
		n := h.writes(func() { before = h.Arrange(outline.Move(h.Profiles(), ids[3], "", ids[1])) })
		h.want("Lab/x a d b c")
		if n > 2 {
			t.Errorf("one move wrote %d files", n)
		}
		var second []outline.Place
		n = h.writes(func() { second = h.Arrange(outline.Move(h.Profiles(), ids[4], "", ids[3])) })
		h.want("a x d b c")
		if n != 1 {
			t.Errorf("a second move wrote %d files", n)
		}
		h.Arrange(outline.MoveFolder(h.Profiles(), "", "Home")) // the top is no folder
		h.want("a x d b c")
		h.Arrange(second)
		h.Arrange(before)
		h.want("Lab/x a b c d")
		if h.writes(func() { h.Arrange(before) }) != 0 {
			t.Error("a move to where everything is was written")
		}
	})
}

func TestANewOneComesLastWhereAPersonHasOrdered(t *testing.T) {
	inHouse(t, func(h *house) {
		ids := h.named("b", "d")
		h.named("c")
		h.want("b c d")
		h.Arrange(outline.Move(h.Profiles(), ids[1], "", ids[0]))
		h.named("a")
		h.want("d b c a")
		moved := must(h.Profile(ids[0]))
		moved.Folder = " Lab / Old "
		h.SaveProfile(moved, nil)
		h.want("Lab/Old/b d c a")
	})
}

func TestSavingAFormUndoesNoMove(t *testing.T) {
	inHouse(t, func(h *house) {
		ids := h.named("a", "b", "c")
		form := must(h.Profile(ids[0]))
		h.Arrange(outline.Move(h.Profiles(), ids[0], "", ""))
		form.Notes = "x"
		h.SaveProfile(form, nil)
		h.want("b c a")
	})
}

func TestUndoBringsEverythingBack(t *testing.T) {
	inHouse(t, func(h *house) {
		h.broker.RequireUser("ana", "lemon")
		ids := h.named("a", "Lab/b", "Lab/c", "Lab/d")
		p := must(h.Profile(ids[2]))
		p.User = "ana"
		h.SaveProfile(p, []desk.SecretChange{{Kind: app.SecretPassword, Value: "lemon", Remember: true}})
		h.SetColor(ids[2], "#2fb9a6")
		h.Arrange(outline.Move(h.Profiles(), ids[2], "Lab", ids[1]))
		h.Connect(ids[2])
		synctest.Wait()
		_ = h.Workspace(ids[2]).Subscribe(app.Subscription{Filter: "x/#"})
		h.want("Lab/c Lab/b Lab/d a")
		was := must(h.Profile(ids[2]))
		for _, id := range []string{ids[2], ids[0], ids[1]} {
			h.DeleteProfile(id)
			synctest.Wait()
		}
		h.want("Lab/d")
		for _, name := range []string{"b", "a", "c"} {
			if got, ok := h.Deleted(); !ok || got != name {
				t.Errorf("offers to bring %q back, want %q", got, name)
			}
			h.UndoDelete()
			synctest.Wait()
		}
		h.want("Lab/c Lab/b Lab/d a")
		now := must(h.Profile(ids[2]))
		if now.Position != was.Position || now.Color != "#2fb9a6" || len(now.Subscriptions) != 1 || h.keys.get(ids[2]) != "lemon" {
			t.Errorf("came back as %+v, was %+v", now, was)
		}
		if _, ok := h.Deleted(); ok {
			t.Error("offers to bring more back")
		}
	})
}

func TestForgettingTheDeletedForgetsAllTheirPasswords(t *testing.T) {
	inHouse(t, func(h *house) {
		var ids []string
		for range 22 {
			id := h.add(withUser)
			h.SaveProfile(must(h.Profile(id)), []desk.SecretChange{{Kind: app.SecretPassword, Value: "lemon", Remember: true}})
			ids = append(ids, id)
		}
		for _, id := range ids {
			synctest.Wait()
			h.DeleteProfile(id)
		}
		synctest.Wait()
		if h.keys.get(ids[1]) != "" || h.keys.get(ids[2]) == "" {
			t.Error("twenty can be brought back, no more and no fewer")
		}
		h.ForgetDeleted()
		synctest.Wait()
		for _, id := range ids {
			if h.keys.get(id) != "" {
				t.Error("a password of a deleted profile is kept")
			}
		}
	})
}

func TestACopyIsAConnectionOfItsOwn(t *testing.T) {
	inHouse(t, func(h *house) {
		id := h.add(func(p *app.Profile) {
			p.Name, p.Folder, p.Color, p.Notes, p.User, p.ClientID = "x", "Lab", "#2fb9a6", "n", "ana", "me"
			p.AutoConnect, p.LocalBroker = true, true
			p.Subscriptions = []app.Subscription{{Filter: "a/#"}}
		})
		h.named("Lab/z")
		copied := must(h.Profile(h.Duplicate(id)))
		h.Duplicate(copied.ID)
		h.want("Lab/x Lab/x (2) Lab/x (3) Lab/z")
		if copied.ID == id || copied.Color != "#2fb9a6" || copied.Notes != "n" || len(copied.Subscriptions) != 1 {
			t.Errorf("the copy is %+v", copied)
		}
		if copied.AutoConnect || copied.LocalBroker || !copied.AskPassword || copied.ClientID != "me-2" || h.Profiles()[2].ClientID == "me-2" {
			t.Errorf("the copy gets in the way of its original: %+v", copied)
		}
		if h.Duplicate("gone") != "" {
			t.Error("a copy of nothing")
		}
	})
}

func TestACopyStandsBelowItsOriginalInAnOrderThatAPersonMade(t *testing.T) {
	inHouse(t, func(h *house) {
		ids := h.named("a", "b", "c")
		h.Arrange(outline.Move(h.Profiles(), ids[2], "", ids[0]))
		h.Duplicate(ids[2])
		h.want("c c (2) a b")
		h.Duplicate(ids[1])
		h.want("c c (2) a b b (2)")
	})
}

func TestRenamingAndMarking(t *testing.T) {
	inHouse(t, func(h *house) {
		ids := h.named("a", "b")
		h.Connect(ids[0])
		h.Rename(ids[0], "  z ")
		h.Rename(ids[1], "  ")
		h.SetColor(ids[0], "#ff0000")
		h.want("b z")
		if p := h.Workspace(ids[0]).Profile(); p.Name != "z" || p.Color != "#ff0000" {
			t.Errorf("the open workspace knows %+v", p)
		}
		if n := h.writes(func() { h.Rename(ids[0], "z"); h.SetColor(ids[0], "#ff0000") }); n != 0 {
			t.Errorf("what changes nothing wrote %d files", n)
		}
	})
}

func TestTheWindowLooksAtOpenConnectionsOnly(t *testing.T) {
	inHouse(t, func(h *house) {
		var ids []string
		for i := range 50 {
			ids = append(ids, h.named(fmt.Sprintf("c%02d", i))...)
		}
		before := h.Revision()
		h.Connect(ids[7])
		h.Connect(ids[3])
		synctest.Wait()
		open := h.OpenConnections()
		if len(open) != 2 || open[0].Profile.ID != ids[3] || open[1].Profile.ID != ids[7] || !open[0].Open {
			t.Errorf("open are %+v", open)
		}
		if h.Revision() != before {
			t.Error("connecting makes the window read every profile again")
		}
		for name, change := range map[string]func(){
			"rename": func() { h.Rename(ids[0], "other") },
			"move":   func() { h.Arrange(outline.Into(h.Profiles(), ids[1], "Lab")) },
			"delete": func() { h.DeleteProfile(ids[2]) },
			"undo":   func() { h.UndoDelete() },
			"copy":   func() { h.Duplicate(ids[4]) },
		} {
			before := h.Revision()
			change()
			synctest.Wait()
			if name != "undo" && h.Revision() == before {
				t.Errorf("nobody sees the %s", name)
			}
		}
		if c, ok := h.Connection(ids[9]); !ok || c.Open || c.Profile.Name != "c09" {
			t.Errorf("%+v %v", c, ok)
		}
		if !slices.IsSortedFunc(h.Profiles(), func(a, b app.Profile) int { return strings.Compare(b.Folder, a.Folder) }) {
			t.Error("folders do not come first")
		}
	})
}
