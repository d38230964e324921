package shell_test

import (
	"fmt"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"tidings/app"
	"tidings/app/outline"
	"tidings/app/session"
	"tidings/app/workspace"
	"tidings/ui/kit"
)

// sixty is a desk with sixty connections in folders.
func sixty(t *testing.T) *fakeDesk {
	d := newDesk()
	add := func(folder, name, color string, state session.State, rate float64) {
		p := profile(fmt.Sprint("p", len(d.conns)), name)
		p.Folder, p.Color, p.Position = folder, color, len(d.conns)
		if len(d.conns) == 1 {
			p.Notes = "Key is with Ana.\nRestart only after 18:00, the pumps stop with it."
		}
		d.add(t, p, state != session.Idle, workspace.Snapshot{Session: session.Snapshot{State: state, Options: p.Options(app.Secrets{})}, Rates: workspace.Rates{In: rate}})
	}
	add("Lab", "Greenhouse", "#2fb9a6", session.Connected, 1240)
	add("Lab", "localhost", "", session.Connected, 40)
	add("Lab/Room 3", "Bench A", "#e5605a", session.Failed, 0)
	add("Lab/Room 3", "Bench B with quite a long name", "#5aa9f2", session.Idle, 0)
	add("Home", "Home Assistant", "#dfa43a", session.Waiting, 0)
	add("Home", "Zigbee2MQTT", "", session.Idle, 0)
	add("", "test.mosquitto.org", "", session.Idle, 0)
	add("", "HiveMQ public", "#b487f0", session.Idle, 0)
	for i := range 52 {
		state := session.Idle
		if i < 12 {
			state = session.Connected
		}
		add(fmt.Sprintf("Plant/Hall %d", i/13+1), fmt.Sprintf("PLC %02d", i+1), "", state, 3)
	}
	return sorted(d)
}

func sorted(d *fakeDesk) *fakeDesk {
	d.Arrange([]outline.Place{})
	return d
}

// list is the list of the sidebar.
func (w *window) list(t *testing.T) *kit.RowList {
	t.Helper()
	l, ok := w.object("connections.list").(*kit.RowList)
	if !ok {
		t.Fatal("no list of connections")
	}
	return l
}

func sidebarScenes() []scene {
	point := func(x, y float32) fyne.PointEvent { return fyne.PointEvent{Position: fyne.NewPos(x, y)} }
	return []scene{
		{"sidebar", sixty, func(t *testing.T, w *window) { w.row(t, 4) }},
		{"sidebar-filter", sixty, func(t *testing.T, w *window) {
			f, _ := w.object("connections.filter").(interface{ SetText(string) })
			f.SetText("plc 1")
		}},
		{"sidebar-nomatch", sixty, func(t *testing.T, w *window) {
			f, _ := w.object("connections.filter").(interface{ SetText(string) })
			f.SetText("zebra")
		}},
		{"sidebar-folded", sixty, func(t *testing.T, w *window) {
			l := w.list(t)
			for _, i := range []int{8, 3} {
				l.OnToggle(i)
				w.Sync()
			}
		}},
		{"sidebar-drag", sixty, func(t *testing.T, w *window) {
			w.desk.steady = true
			l := w.list(t)
			w.row(t, 2)
			at, _ := l.RowArea(2)
			l.MouseDown(&desktop.MouseEvent{PointEvent: point(60, at.Y+9), Button: desktop.MouseButtonPrimary})
			l.Dragged(&fyne.DragEvent{PointEvent: point(40, at.Y+170)})
		}},
		{"sidebar-into", sixty, func(t *testing.T, w *window) {
			w.desk.steady = true
			l := w.list(t)
			at, _ := l.RowArea(2)
			l.MouseDown(&desktop.MouseEvent{PointEvent: point(60, at.Y+9), Button: desktop.MouseButtonPrimary})
			at, _ = l.RowArea(4)
			l.Dragged(&fyne.DragEvent{PointEvent: point(60, at.Y+9)})
		}},
		{"sidebar-menu", sixty, func(t *testing.T, w *window) {
			l := w.list(t)
			w.row(t, 2)
			l.TypedKey(&fyne.KeyEvent{Name: desktop.KeyMenu})
			if m, ok := w.win.Canvas().Focused().(interface{ TypedKey(*fyne.KeyEvent) }); ok {
				for _, k := range []fyne.KeyName{fyne.KeyDown, fyne.KeyDown, fyne.KeyDown, fyne.KeyDown, fyne.KeyDown, fyne.KeyDown, fyne.KeyRight} {
					m.TypedKey(&fyne.KeyEvent{Name: k})
				}
			}
		}},
		{"sidebar-rename", sixty, func(t *testing.T, w *window) {
			w.row(t, 2)
			w.list(t).TypedKey(&fyne.KeyEvent{Name: fyne.KeyF2})
		}},
		{"sidebar-folder", sixty, func(t *testing.T, w *window) {
			w.row(t, 0)
			w.list(t).TypedKey(&fyne.KeyEvent{Name: desktop.KeyMenu})
		}},
	}
}
