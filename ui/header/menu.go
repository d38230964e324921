package header

import (
	"fyne.io/fyne/v2"

	"tidings/app"
	"tidings/app/session"
	"tidings/ui/kit"
)

// Menu returns what can be done with the connection now. What cannot says why.
func (h *Header) Menu() []*fyne.MenuItem {
	state := session.Idle
	if h.conn.Open {
		state = h.conn.Workspace.Session.State
	}
	closed := h.unless(h.conn.Open, "header.why.not_open")
	drop := h.item("header.menu.drop", h.unless(state == session.Connected, "header.why.not_connected"), h.do.Drop)
	items := []*fyne.MenuItem{
		h.item("header.menu.disconnect", h.unless(state.Active(), "header.why.not_connected"), h.do.Disconnect),
		drop, kit.NewMenuNote(h.willLine()),
	}
	if h.conn.Profile.Will != nil {
		items = append(items, kit.NewMenuNote(h.d.Tr.S("header.menu.will_cancelled")))
	}
	items = append(items, h.item("header.menu.reconnect", closed, h.do.Connect), fyne.NewMenuItemSeparator())
	if h.do.Diagnose != nil {
		items = append(items, h.item("header.menu.diagnose", "", h.do.Diagnose))
	}
	items = append(items,
		h.item("header.menu.log", closed, h.do.Log),
		h.item("header.menu.details", closed, h.do.Details),
		fyne.NewMenuItemSeparator(),
		h.item("header.menu.edit", "", h.do.Edit),
	)
	if h.do.CopyAs != nil {
		items = append(items, h.item("header.menu.copy_as", "", h.do.CopyAs))
	}
	return append(items, fyne.NewMenuItemSeparator(), h.item("header.menu.close", closed, h.do.Close))
}

// longestTopic is how much of a topic the menu shows, in characters: a menu is
// as wide as its widest line.
const longestTopic = 36

// brief cuts a topic that is too long for the menu.
func brief(topic string) string {
	if r := []rune(topic); len(r) > longestTopic+1 {
		return string(r[:longestTopic]) + "…"
	}
	return topic
}

// item makes one item of the menu; why says what stands against it, "" for
// nothing.
func (h *Header) item(key, why string, f func(string)) *fyne.MenuItem {
	id, text := h.shown.id, h.d.Tr.S(key)
	if why != "" {
		text += " – " + why
	}
	m := fyne.NewMenuItem(text, func() { f(id) })
	m.Disabled = why != ""
	return m
}

// unless returns the reason of a key, or "" when ok.
func (h *Header) unless(ok bool, key string) string {
	if ok {
		return ""
	}
	return h.d.Tr.S(key)
}

// willLine says what a drop without DISCONNECT does (MQTT 5.0 §3.1.2.5).
func (h *Header) willLine() string {
	w := h.conn.Profile.Will
	switch {
	case w == nil:
		return h.d.Tr.S("header.menu.no_will")
	case w.Delay > 0 && h.conn.Profile.Version == app.V5:
		return h.d.Tr.S("header.menu.will_fires_later", "Topic", brief(w.Topic), "Seconds", int(w.Delay))
	}
	return h.d.Tr.S("header.menu.will_fires", "Topic", brief(w.Topic))
}
