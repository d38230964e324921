package packets

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"tidings/app"
	"tidings/app/i18n"
	"tidings/app/mqtt/wire"
	"tidings/app/packets"
	"tidings/ui/kit"
	"tidings/ui/theme"
	"tidings/ui/uitest"
)

type fake struct{ ring *packets.Ring }

func (f fake) Packets() *packets.Ring { return f.ring }

// see records a packet of MQTT 3.1.1.
func (f fake) see(t *testing.T, from wire.Direction, p wire.Packet) {
	t.Helper()
	b, err := wire.Append(nil, app.V311, p)
	if err != nil {
		t.Fatal(err)
	}
	f.ring.Observe(from, b, 0)
}

// flow is a connection that publishes once with QoS 2.
func (f fake) flow(t *testing.T) {
	t.Helper()
	c, s, ack := wire.FromClient, wire.FromServer, wire.Ack{ID: 3}
	f.see(t, c, &wire.Connect{Version: app.V311, ClientID: "lab-ana", Clean: true, HasUser: true, User: "ana", HasPassword: true, Password: "hunter2"})
	f.see(t, s, &wire.ConnAck{})
	f.see(t, c, &wire.Publish{Topic: "jobs/17", QoS: 2, ID: 3, Payload: []byte("on")})
	f.see(t, s, &wire.PubRec{Ack: ack})
	f.see(t, c, &wire.PubRel{Ack: ack})
	f.see(t, s, &wire.PubComp{Ack: ack})
}

func newScreen(t *testing.T) (*Screen, fake) {
	t.Helper()
	f := fake{packets.New(1)}
	var s *Screen
	w := uitest.Show(t, func() fyne.CanvasObject {
		s = New(kit.Deps{Tr: i18n.New("en"), Names: &kit.Names{}}, f)
		return s.Object()
	}, theme.Dark, 1044, 690)
	s.Window = w
	s.Sync()
	return s, f
}

// line returns the texts of a row.
func line(s kit.RowSource, columns, i int) string {
	row := kit.Row{Cells: make([]kit.Cell, columns)}
	s.Row(i, &row)
	var texts []string
	for _, c := range row.Cells {
		texts = append(texts, c.Text)
	}
	return strings.Join(texts, " | ")
}

func TestBothDirectionsAreListed(t *testing.T) {
	s, f := newScreen(t)
	f.flow(t)
	s.Sync()
	for i, want := range []string{
		"→ |  | CONNECT | client lab-ana · clean session · keep alive 0 s · user ana · password |  | 35 B",
		"← |  | CONNACK | success · session present: no | 0 s | 4 B",
		"→ |  | PUBLISH | id 3 · QoS 2 · jobs/17 = on |  | 15 B",
		"← |  | PUBREC | id 3 | 0 s | 4 B",
	} {
		got := strings.Split(strings.ReplaceAll(line(s.rows, 6, i), "\u00a0", " "), " | ")
		got[colTime] = ""
		if text := strings.Join(got, " | "); text != want {
			t.Errorf("row %d: %q, want %q", i, text, want)
		}
	}
}

func TestAPacketShowsItsFieldsAndNoPassword(t *testing.T) {
	s, f := newScreen(t)
	f.flow(t)
	s.Sync()
	s.list.Select(0)
	all := s.detail.text() + line(s.detail, 4, 0)
	for _, want := range []string{"CONNECT", "Client identifier", "00 07 6c 61 62 2d 61 6e 61", `"lab-ana"`, "MQTT 3.1.1 §", "00 07 2a 2a 2a 2a 2a 2a 2a"} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is missing in\n%s", want, all)
		}
	}
	if strings.Contains(all, "hunter2") || strings.Contains(all, "68 75 6e 74") {
		t.Errorf("the password shows:\n%s", all)
	}
}

// What is wrong stands in full above the fields, whose columns cut it.
func TestAMalformedPacketSaysWhatIsWrong(t *testing.T) {
	s, f := newScreen(t)
	f.flow(t)
	f.ring.Observe(wire.FromServer, []byte("\x36\x07\x00\x03a/b\x00\x01"), 0)
	s.Sync()
	s.list.Select(6)
	if got := s.detail.wrong.Text(); !s.detail.fault.Visible() || !strings.Contains(got, "QoS 3") || !strings.Contains(got, "malformed") {
		t.Errorf("says %q, in sight %v", got, s.detail.fault.Visible())
	}
	s.list.Select(0)
	if s.detail.fault.Visible() {
		t.Error("a good packet has a fault")
	}
}

func TestTheAnswerIsOneClickAway(t *testing.T) {
	s, f := newScreen(t)
	f.flow(t)
	s.Sync()
	s.list.Select(2)
	if !s.detail.partner[1].Visible() || s.detail.partner[0].Visible() {
		t.Fatal("a PUBLISH with an answer does not offer it, or offers a question")
	}
	test.Tap(s.detail.partner[1])
	if s.list.Selected() != 3 || s.detail.packet.Type != wire.PUBREC {
		t.Fatalf("row %d, %s", s.list.Selected(), s.detail.packet.Type)
	}
	test.Tap(s.detail.partner[0])
	if s.list.Selected() != 2 {
		t.Errorf("back at row %d", s.list.Selected())
	}
}

func TestAnAnswerThatComesLaterIsOffered(t *testing.T) {
	s, f := newScreen(t)
	f.see(t, wire.FromClient, &wire.Publish{Topic: "a", QoS: 1, ID: 9})
	s.Sync()
	s.list.Select(0)
	if s.detail.partner[1].Visible() {
		t.Fatal("an answer before it came")
	}
	f.see(t, wire.FromServer, &wire.PubAck{Ack: wire.Ack{ID: 9}})
	s.Sync()
	if !s.detail.partner[1].Visible() {
		t.Error("the answer is not offered")
	}
}

func TestTypesAndTopicsAreChosen(t *testing.T) {
	s, f := newScreen(t)
	f.flow(t)
	s.Sync()
	s.typeItems()[2].Action() // messages and acknowledgements
	if s.rows.Len() != 4 || s.types.Text() != "Messages and acknowledgements" {
		t.Errorf("%d rows, %q", s.rows.Len(), s.types.Text())
	}
	test.Type(s.topic, "JOBS")
	if s.rows.Len() != 1 || line(s.rows, 6, 0) == "" {
		t.Errorf("%d rows of a topic", s.rows.Len())
	}
	s.typeItems()[0].Action()
	s.topic.SetText("")
	if s.rows.Len() != 6 {
		t.Errorf("%d rows of everything", s.rows.Len())
	}
}

func TestPauseHoldsTheListStill(t *testing.T) {
	s, f := newScreen(t)
	f.flow(t)
	s.Sync()
	s.typed(&fyne.KeyEvent{Name: fyne.KeySpace})
	f.flow(t)
	s.Sync()
	if s.rows.Len() != 6 || !strings.Contains(s.figure.Text(), "6 new") {
		t.Errorf("paused: %d rows, %q", s.rows.Len(), s.figure.Text())
	}
	s.typed(&fyne.KeyEvent{Name: fyne.KeySpace})
	if s.rows.Len() != 12 || !s.list.Follow() {
		t.Errorf("after the pause: %d rows, follow %v", s.rows.Len(), s.list.Follow())
	}
}

func TestAPausedListLosesOnlyWhatIsGivenUp(t *testing.T) {
	s, f := newScreen(t)
	f.flow(t)
	s.Sync()
	s.list.Select(5)
	s.typed(&fyne.KeyEvent{Name: fyne.KeySpace})
	for range 20 {
		f.see(t, wire.FromServer, &wire.Publish{Topic: "big", Payload: make([]byte, 60<<10)})
		s.Sync()
	}
	if s.rows.Len() != 0 || f.ring.Stats().Evicted == 0 {
		t.Errorf("%d rows of packets that are gone", s.rows.Len())
	}
	if s.detail.packet.Type != wire.PUBCOMP {
		t.Error("what is open went with its row")
	}
	if !strings.Contains(s.figure.Text(), "given up") {
		t.Errorf("%q does not count them", s.figure.Text())
	}
}

func TestClearForgetsThePackets(t *testing.T) {
	s, f := newScreen(t)
	f.flow(t)
	s.Sync()
	s.reset()
	if s.rows.Len() != 0 {
		t.Errorf("%d rows", s.rows.Len())
	}
}
