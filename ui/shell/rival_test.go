package shell_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"tidings/app"
	"tidings/app/session"
	"tidings/ui/kit"
)

// A new identifier is named before it is taken, and only a person takes it.
func TestNewClientIDIsAgreedTo(t *testing.T) {
	for _, c := range []struct {
		name string
		do   func(t *testing.T, w *window)
		want []string
	}{
		{"one new id", func(t *testing.T, w *window) { w.tap(t, "newid.ok") }, []string{"connect green with id greenhouse-…, mode 0"}},
		{"a random ending", func(t *testing.T, w *window) {
			kind, _ := w.object("newid.kind").(*kit.Segmented)
			kind.TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight})
			w.tap(t, "newid.ok")
		}, []string{"connect green with id gree…, mode 2"}},
		{"nothing", func(_ *testing.T, w *window) { w.win.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyEscape}) }, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := rivalDesk(t)
			d.conns[0].Profile.Clean = true
			w := open(t, d)
			w.tap(t, "header.newid")
			if len(w.desk.calls) > 0 {
				t.Fatalf("did %v unasked", w.desk.calls)
			}
			if !slices.ContainsFunc(w.texts(), func(s string) bool { return strings.HasPrefix(s, "greenhouse-") }) {
				t.Errorf("nothing names the new id: %q", w.texts())
			}
			c.do(t, w)
			if !slices.Equal(w.desk.calls, c.want) {
				t.Errorf("did %q, want %q", w.desk.calls, c.want)
			}
		})
	}
}

// With an identifier that changes, every connect would leave another session
// with the broker, and the form would refuse what was saved.
func TestAKeptSessionGetsOneNewID(t *testing.T) {
	for name, keep := range map[string]func(*app.Profile){
		"until the broker forgets it": func(p *app.Profile) { p.Clean = false },
		"for a time":                  func(p *app.Profile) { p.Clean, p.Version, p.SessionExpiry = true, app.V5, 3600 },
	} {
		t.Run(name, func(t *testing.T) {
			d := rivalDesk(t)
			keep(&d.conns[0].Profile)
			w := open(t, d)
			w.tap(t, "header.newid")
			if _, offered := w.Positions()["newid.kind"]; offered {
				t.Error("an ending that changes is offered")
			}
			w.tap(t, "newid.ok")
			if want := []string{"connect green with id greenhouse-…, mode 0"}; !slices.Equal(w.desk.calls, want) {
				t.Errorf("did %q, want %q", w.desk.calls, want)
			}
		})
	}
}

// The log of a connection is two clicks away, goes on while it is open, and is
// copied whole.
func TestLogFollowsAndIsCopied(t *testing.T) {
	w := open(t, rivalDesk(t))
	w.tap(t, "header.problem")
	w.tap(t, "header.log")
	list, _ := w.object("log.list").(*kit.RowList)
	_, before := list.VisibleRange()
	s := &w.desk.conns[0].Workspace.Session
	s.History = append(s.History, session.Entry{Time: time.Now(), Text: app.Say("session.log.network_back")})
	w.Sync()
	if _, now := list.VisibleRange(); now != before+1 {
		t.Error("the log stands still")
	}
	w.tap(t, "log.copy")
	text := fyne.CurrentApp().Clipboard().Content()
	for _, want := range []string{
		"2026-05-04 10:02:11.700  Connecting to broker.example:1883 with MQTT 3.1.1, attempt 1\n",
		"      TCP [2001:db8::7]:1883: failed after 1 ms: connect: network is unreachable\n",
		"  The broker closed the connection without giving a reason.\n",
		"  " + w.tr.S("session.log.network_back") + "\n",
	} {
		if !strings.Contains(strings.ReplaceAll(text, "\u00a0", " "), want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}
