package connections

import (
	"fyne.io/fyne/v2"
	ftheme "fyne.io/fyne/v2/theme"

	"tidings/app/desk"
	"tidings/app/outline"
	"tidings/app/session"
	"tidings/ui/theme"
)

// live is what the open connections are doing: all that changes while nobody
// touches the list. It is made for each look at the model, from the open
// connections alone.
type live struct {
	looks   map[string]look // by ID
	folders map[string]sum  // by path
}

// sum is what the connections of a folder are doing.
type sum struct {
	connected int
	worst     byte // see weigh
}

// newLive looks at the open connections.
func (l *List) newLive(open []desk.Connection) live {
	v := live{looks: make(map[string]look, len(open)), folders: map[string]sum{}}
	for _, c := range open {
		v.looks[c.Profile.ID] = newLook(l.d.Tr, c, l.now())
		state := c.Workspace.Session.State
		path := outline.Path(c.Profile.Folder)
		for n := range path {
			folder := outline.Join(path[:n+1]...)
			s := v.folders[folder]
			if state == session.Connected {
				s.connected++
			}
			s.worst = max(s.worst, weigh(state))
			v.folders[folder] = s
		}
	}
	return v
}

// weigh orders states by how much a person should know of them.
func weigh(s session.State) byte {
	switch s {
	case session.Connected:
		return 1
	case session.Connecting, session.Waiting:
		return 2
	case session.Failed:
		return 3
	case session.Idle, session.Disconnected:
	}
	return 0
}

// color returns the colour of a folder's mark, false for none.
func (s sum) color() (fyne.ThemeColorName, bool) {
	switch s.worst {
	case 1:
		return ftheme.ColorNameSuccess, true
	case 2:
		return ftheme.ColorNameWarning, true
	case 3:
		return ftheme.ColorNameError, true
	}
	return theme.ColorMuted, false
}
