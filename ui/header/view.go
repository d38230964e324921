package header

import (
	"math"
	"path"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	ftheme "fyne.io/fyne/v2/theme"

	"tidings/app"
	"tidings/app/desk"
	"tidings/app/i18n"
	"tidings/app/session"
	"tidings/ui/theme"
)

// view is what the header shows of a connection, ready to be compared with
// what it shows already.
type view struct {
	id, name, facts  string
	short            [2]string // for the first of the facts, where it has no room
	dot              fyne.ThemeColorName
	hollow           bool
	in, out, latency string
	main             button // the first button
	second           button // shown when its text is set
	err              *app.Error
	warn             bool   // err is of a link that is being restored
	rival            string // another connection of this window that ended this one
	offers           offers
	signs            signs
	meaning          string // of the session, for the tooltip of the facts
	lock             lock
	dangers          dangers
}

// button is one button: what it says and what it does.
type button struct {
	text    string
	command command
}

// command is what a person can ask for in the header.
type command byte

const (
	connect command = iota
	disconnect
	cancel
	now
	stop
	giveUp // waiting for the keyring
)

// between parts the facts.
const between = " · "

// look makes the view of a connection at a moment.
func look(tr *i18n.Printer, c desk.Connection, at time.Time) view {
	s := c.Workspace.Session
	v := view{id: c.Profile.ID, name: c.Profile.Name, rival: c.Rival, dot: theme.ColorMuted, hollow: true}
	facts := []string{c.Profile.URL(), "MQTT " + c.Profile.Version.String()}
	v.short = shortAddress(c.Profile)
	state := session.Idle
	if c.Open {
		state = s.State
	}
	v.main = button{tr.S("header.connect"), connect}
	if c.Waiting != nil {
		v.main = button{tr.S("header.cancel"), giveUp}
		v.err, v.warn, v.offers = c.Waiting, true, offers{askMe: true}
		v.facts = strings.Join(facts, between)
		return v
	}
	switch state {
	case session.Idle, session.Disconnected:
		facts = append(facts, tr.S("header.not_connected"))
	case session.Connecting:
		v.dot, v.hollow = ftheme.ColorNameWarning, false
		v.main = button{tr.S("header.cancel"), cancel}
		facts = slices.Insert(facts, 0, attempt(tr, s.Attempt)) // what is cut off is the rest
		v.short = [2]string{tr.S("header.connecting")}
		v.err, v.warn, v.offers = s.LastError, true, fitting(s) // of the attempt before: nothing jumps under the pointer
	case session.Waiting:
		v.dot, v.hollow = ftheme.ColorNameWarning, false
		v.main, v.second = button{tr.S("header.now"), now}, button{tr.S("header.stop"), stop}
		facts = slices.Insert(facts, 0, tr.S("header.next_attempt", "Seconds", Countdown(s.NextTry, at)))
		v.short = [2]string{tr.S("header.next_attempt.short", "Seconds", Countdown(s.NextTry, at))}
		v.err, v.warn, v.offers = s.LastError, true, fitting(s)
	case session.Connected:
		v.dot, v.hollow = ftheme.ColorNameSuccess, false
		v.main = button{tr.S("header.disconnect"), disconnect}
		facts[1] = "MQTT " + s.Options.Version.String()
		if s.Options.Version != app.V31 { // its CONNACK does not tell
			facts = append(facts, resumed(tr, s.ConnAck))
		}
		v.meaning = meaning(tr, s)
		v.in, v.out = perSecond(tr, c.Workspace.Rates.In), perSecond(tr, c.Workspace.Rates.Out)
		if s.ConnAck.Took > 0 {
			v.latency = tr.Duration(s.ConnAck.Took)
		}
	case session.Failed:
		v.dot, v.hollow = ftheme.ColorNameError, false
		facts = append(facts, tr.S("header.failed"))
		v.err, v.offers = s.LastError, fitting(s)
	}
	v.signs, v.lock, v.dangers = signsOf(tr, c, at), lockOf(tr, c), dangersOf(tr, c, at)
	if pinned(security(c)) {
		facts = slices.Insert(facts, 1, tr.S("header.pinned"))
	}
	v.facts = strings.Join(facts, between)
	return v
}

// shortAddress is where a connection leads without what is said of the way: host
// and port, then the host alone.
func shortAddress(p app.Profile) [2]string {
	if p.Link.Transport == app.TransportUnix {
		return [2]string{p.Link.Path, path.Base(p.Link.Path)}
	}
	return [2]string{app.ConnectOptions{Host: p.Host, Port: p.Port, Link: p.Link}.Address(), p.Host}
}

func attempt(tr *i18n.Printer, n int) string {
	if n > 1 {
		return tr.S("header.connecting_again", "Attempt", n)
	}
	return tr.S("header.connecting")
}

// resumed says what CONNACK said about the session (MQTT 5.0 §3.2.2.1.1).
func resumed(tr *i18n.Printer, a app.ConnAck) string {
	if a.SessionPresent {
		return tr.S("header.session_resumed")
	}
	return tr.S("header.session_new")
}

// Countdown returns the whole seconds until a moment, at least 0.
func Countdown(until, at time.Time) int {
	return max(0, int(math.Ceil(until.Sub(at).Seconds())))
}

func perSecond(tr *i18n.Printer, rate float64) string {
	return tr.S("header.rate", "Count", tr.Int(int64(math.Round(rate))))
}
