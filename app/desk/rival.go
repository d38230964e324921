package desk

import (
	"strings"

	"tidings/app"
	"tidings/app/session"
	"tidings/app/workspace"
)

// rivalOf returns the name of another connection of this program that uses
// the client identifier of a connection at the same broker, when the latter
// lost its link to such a client; otherwise "".
func (d *Desk) rivalOf(id string, s session.Snapshot) string {
	if !session.Contested(s.LastError) {
		return ""
	}
	d.mu.Lock()
	names, others := []string{}, []*workspace.Workspace{}
	for _, p := range d.profiles {
		if w := d.workspaces[p.ID]; w != nil && p.ID != id {
			names, others = append(names, p.Name), append(others, w)
		}
	}
	d.mu.Unlock()
	for i, w := range others {
		if other := w.Snapshot().Session; other.State.Active() && sameClient(s.Options, other.Options) {
			return names[i]
		}
	}
	return ""
}

// sameClient reports whether a broker takes the two for one client.
func sameClient(a, b app.ConnectOptions) bool {
	return a.ClientID != "" && a.ClientID == b.ClientID && a.Port == b.Port &&
		strings.EqualFold(a.Host, b.Host) && a.Link.Transport == b.Link.Transport && a.Link.Path == b.Link.Path
}
