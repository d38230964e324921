package header

import (
	"slices"
	"strings"
	"testing"
	"time"

	"tidings/app"
	"tidings/app/i18n"
	"tidings/app/session"
)

// What became of the session, what waited and what is in flight stand below
// the head, and each says what it means.
func TestSigns(t *testing.T) {
	long, short := moment().Add(-time.Minute), moment().Add(-time.Millisecond)
	for _, c := range []struct {
		name string
		snap session.Snapshot
		want []string // "!" marks a warning
	}{
		{"nothing to remark", session.Snapshot{State: session.Connected, Fate: session.FateNew}, nil},
		{"the session goes on", session.Snapshot{State: session.Connected, Fate: session.FateContinued}, nil},
		{"the session is lost", session.Snapshot{State: session.Connected, Fate: session.FateLost}, []string{"!the broker lost the session"}},
		{"the session had expired", session.Snapshot{State: session.Connected, Fate: session.FateExpired}, []string{"!the session had expired"}},
		{"it was lost once", session.Snapshot{State: session.Disconnected, Fate: session.FateLost}, nil},
		{"receiving", session.Snapshot{State: session.Connected, Waited: session.Waited{Messages: 1204, Receiving: true}}, []string{"receiving 1,204 messages that waited…"}},
		{"received", session.Snapshot{State: session.Connected, Waited: session.Waited{Messages: 1}}, []string{"1 message had waited"}},
		{"received before the link ended", session.Snapshot{State: session.Waiting, Waited: session.Waited{Messages: 1}}, nil},
		{"just sent", session.Snapshot{State: session.Connected, Outgoing: app.InFlight{PubAck: 1, Oldest: short}}, nil},
		{"not acknowledged", session.Snapshot{State: session.Connected, Outgoing: app.InFlight{PubAck: 1, PubRec: 2, PubComp: 3, Oldest: long}}, []string{"in flight: 6 (PUBACK 1, PUBREC 2, PUBCOMP 3)"}},
		{"in flight without a link", session.Snapshot{State: session.Waiting, Outgoing: app.InFlight{PubRec: 2, Oldest: long}}, []string{"!in flight: 2 (PUBREC 2)"}},
		{
			"all at once",
			session.Snapshot{State: session.Connected, Fate: session.FateLost, Waited: session.Waited{Messages: 2}, Outgoing: app.InFlight{PubAck: 1, Oldest: long}},
			[]string{"!the broker lost the session", "2 messages had waited", "in flight: 1 (PUBACK 1)"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			h, _ := build(t)
			h.Show(conn(c.snap))
			var got []string
			for i, s := range h.shown.signs {
				switch {
				case s.text == "":
					continue
				case s.warn:
					got = append(got, "!"+s.text)
				default:
					got = append(got, s.text)
				}
				if s.tip == "" || h.texts()[i] != s.text {
					t.Errorf("%q: tip %q, shown %q", s.text, s.tip, h.texts()[i])
				}
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("signs %q, want %q", got, c.want)
			}
			if h.signs.root.Visible() != (len(c.want) > 0) {
				t.Error("the row of signs takes room without a sign, or none with one")
			}
		})
	}
}

// texts returns the signs that are shown.
func (h *Header) texts() (out []string) {
	for i, cell := range h.signs.cells {
		if cell.Visible() {
			out = append(out, h.signs.texts[i].Text())
		}
	}
	return out
}

func TestMeaningOfTheSession(t *testing.T) {
	tr := i18n.New("en")
	for _, c := range []struct {
		fate session.Fate
		kept time.Duration
		want string
	}{
		{session.FateNew, 0, "A new session began. The broker forgets it when the connection ends."},
		{session.FateContinued, session.Forever, "what waited is delivered. The broker keeps it until a client with this ID asks for a clean one."},
		{session.FateLost, 10 * time.Minute, "made anew. The broker forgets it 10 min after the connection ends."},
		{session.FateUnknown, 0, "MQTT 3.1 does not tell"},
	} {
		got := strings.ReplaceAll(meaning(tr, session.Snapshot{Fate: c.fate, Kept: c.kept}), "\u00a0", " ")
		if !strings.Contains(got, c.want) {
			t.Errorf("%v: %q does not say %q", c.fate, got, c.want)
		}
	}
}
