package desk

import (
	"fmt"
	"slices"
	"strings"

	"tidings/app"
	"tidings/app/outline"
)

// listed follows a change of the profiles: they are in order again, and
// whoever shows them sees that something changed. The caller holds mu.
func (d *Desk) listed() {
	outline.Sort(d.profiles)
	d.byID = make(map[string]int, len(d.profiles))
	for i, p := range d.profiles {
		d.byID[p.ID] = i
	}
	d.revision++
}

// Revision returns a number that changes whenever Profiles would return
// something else: a window that is drawn thirty times a second need not look
// at every profile.
func (d *Desk) Revision() uint64 {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.revision
}

// Profiles returns every profile in the order of the sidebar.
func (d *Desk) Profiles() []app.Profile {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.profiles)
}

// Connection returns one profile with the state of its connection.
func (d *Desk) Connection(id string) (c Connection, ok bool) {
	c.Profile, ok = d.Profile(id)
	c.BrokerStopped = c.Profile.LocalBroker && !d.p.Broker.State().Running
	d.mu.Lock()
	c.Waiting = d.waitsFor(id)
	d.mu.Unlock()
	if w := d.Workspace(id); ok && w != nil {
		c.Open, c.Workspace = true, w.Snapshot()
		c.Rival = d.rivalOf(id, c.Workspace.Session)
	}
	return c, ok
}

// OpenConnections returns the profiles that have a workspace, in the order of
// the sidebar.
func (d *Desk) OpenConnections() []Connection {
	d.mu.Lock()
	ids := make([]string, 0, len(d.workspaces))
	for id := range d.workspaces {
		if d.index(id) >= 0 {
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids, func(a, b string) int { return d.byID[a] - d.byID[b] })
	d.mu.Unlock()
	out := make([]Connection, 0, len(ids))
	for _, id := range ids {
		if c, ok := d.Connection(id); ok && c.Open {
			out = append(out, c)
		}
	}
	return out
}

// settle gives a profile that is new, or new to its folder, its place there.
// The caller holds mu.
func (d *Desk) settle(p *app.Profile) {
	p.Folder = outline.Clean(p.Folder)
	i := d.index(p.ID)
	switch {
	case i < 0 && p.Position == 0, i >= 0 && outline.Clean(d.profiles[i].Folder) != p.Folder:
		p.Position = outline.Next(d.profiles, p.Folder)
	case i >= 0: // it may have been moved since the form was opened
		p.Position = d.profiles[i].Position
	}
}

// Arrange moves profiles to other places of the sidebar, as package outline
// works them out, and returns where those that moved lay before: Arrange with
// that undoes it. Only what moved is written.
func (d *Desk) Arrange(places []outline.Place) (before []outline.Place) {
	d.mu.Lock()
	before = d.arrange(places)
	d.mu.Unlock()
	for _, p := range before {
		d.save(p.ID)
		d.tell(p.ID)
	}
	d.p.Touch()
	return before
}

// arrange is Arrange without writing. The caller holds mu.
func (d *Desk) arrange(places []outline.Place) (before []outline.Place) {
	for _, to := range places {
		i := d.index(to.ID)
		if i < 0 || outline.PlaceOf(d.profiles[i]) == to {
			continue
		}
		before = append(before, outline.PlaceOf(d.profiles[i]))
		d.profiles[i].Folder, d.profiles[i].Position = to.Folder, to.Position
	}
	if len(before) > 0 {
		d.listed()
	}
	return before
}

// tell tells an open workspace that its profile has changed.
func (d *Desk) tell(id string) {
	if w := d.Workspace(id); w != nil {
		if p, ok := d.Profile(id); ok {
			w.SetProfile(p)
		}
	}
}

// Rename gives a profile another name; blanks around it go, and an empty one
// changes nothing.
func (d *Desk) Rename(id, name string) {
	name = strings.TrimSpace(name)
	d.change(id, func(p *app.Profile) bool {
		if name == "" || name == p.Name {
			return false
		}
		p.Name = name
		return true
	})
}

// SetColor marks a profile with a colour, "#rrggbb", or with none.
func (d *Desk) SetColor(id, color string) {
	d.change(id, func(p *app.Profile) bool {
		changed := p.Color != color
		p.Color = color
		return changed
	})
}

// change changes a profile, saves it and tells its workspace.
func (d *Desk) change(id string, f func(*app.Profile) bool) {
	d.update(id, f)
	d.tell(id)
}

// Duplicate saves a copy of a profile right below it, as "X (2)", and returns
// its ID, "" when there is no such profile. The secrets are copied too, and
// until that is done the copy asks for its password; it does not connect by
// itself, and a client identifier that does not change gets an ending: two
// clients of one identifier put each other out [MQTT-3.1.4-3].
func (d *Desk) Duplicate(id string) string {
	d.mu.Lock()
	p, below, ok := d.copyOf(id)
	var moved []outline.Place
	if ok {
		d.profiles = append(d.profiles, p)
		d.listed()
		moved = d.arrange(outline.Move(d.profiles, p.ID, p.Folder, below))
	}
	d.mu.Unlock()
	if !ok {
		return ""
	}
	d.save(p.ID)
	for _, m := range moved {
		if m.ID != p.ID {
			d.save(m.ID)
		}
	}
	d.copySecrets(id, p.ID, d.heldKinds(id))
	d.p.Touch()
	return p.ID
}

// copyOf makes the copy of a profile, and returns the ID of what lies below
// the original, "" for nothing. The caller holds mu.
func (d *Desk) copyOf(id string) (p app.Profile, below string, ok bool) {
	i := d.index(id)
	if i < 0 {
		return p, "", false
	}
	p = d.profiles[i]
	p.ID = app.NewID()
	p.Name = outline.CopyName(p.Name, func(name string) bool {
		return slices.ContainsFunc(d.profiles, func(o app.Profile) bool { return o.Name == name })
	})
	p.AutoConnect, p.LocalBroker = false, false
	p.AskPassword = p.AskPassword || p.User != ""
	p.Subscriptions, p.Templates = slices.Clone(p.Subscriptions), slices.Clone(p.Templates)
	if p.ClientID != "" && p.IDMode == app.ClientIDFixed {
		p.ClientID = d.freeClientID(p.ClientID)
	}
	if next := i + 1; next < len(d.profiles) && outline.Clean(d.profiles[next].Folder) == outline.Clean(p.Folder) {
		below = d.profiles[next].ID
	}
	return p, below, true
}

// freeClientID returns a client identifier that no profile has. The caller
// holds mu.
func (d *Desk) freeClientID(id string) string {
	for n := 2; ; n++ {
		next := fmt.Sprintf("%s-%d", id, n)
		if !slices.ContainsFunc(d.profiles, func(p app.Profile) bool { return p.ClientID == next }) {
			return next
		}
	}
}
