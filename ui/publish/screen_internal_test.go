package publish

import (
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	ftheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tidings/app"
	"tidings/app/i18n"
	"tidings/app/session"
	"tidings/app/store"
	"tidings/app/workspace"
	"tidings/ui/kit"
	"tidings/ui/theme"
)

// fake is a workspace that a test writes by hand; its templates are those of
// a real one.
type fake struct {
	*workspace.Workspace
	snap session.Snapshot
	sent []workspace.Sent
	err  error
}

func (f *fake) Snapshot() workspace.Snapshot { return workspace.Snapshot{Session: f.snap} }
func (f *fake) Sent() []workspace.Sent       { return f.sent }

func (f *fake) Publish(p app.Publish) (uint64, error) {
	if f.err != nil {
		return 0, f.err
	}
	n := uint64(len(f.sent) + 1)
	f.sent = append(f.sent, workspace.Sent{Number: n, Message: p, Pending: true})
	return n, nil
}

// shelfOf is a workspace without a connection that has templates.
func shelfOf(t *testing.T, templates ...app.Template) *workspace.Workspace {
	t.Helper()
	w := workspace.New(workspace.Params{
		NewClient: func(app.Version) (app.Client, error) { return nil, errors.New("no client in this test") },
		Budget:    store.NewBudget(1 << 20), Log: slog.New(slog.DiscardHandler), Touch: func() {},
	}, app.Profile{Templates: templates})
	t.Cleanup(func() { _ = w.Close() })
	return w
}

// end ends the handshake of the last message.
func (f *fake) end(r app.PubResult, err error) {
	m := &f.sent[len(f.sent)-1]
	m.Pending, m.Result, m.Err = false, r, err
}

func connected(v app.Version) session.Snapshot {
	s := session.Snapshot{State: session.Connected, Options: app.ConnectOptions{Version: v}}
	if v == app.V5 {
		s.ConnAck = app.ConnAck{MaximumQoS: app.QoS2, RetainAvailable: true}
	}
	return s
}

func open(t *testing.T, f *fake) *Screen {
	t.Helper()
	if f.Workspace == nil {
		f.Workspace = shelfOf(t)
	}
	test.NewTempApp(t).Settings().SetTheme(theme.New(theme.Dark, 1))
	w := test.NewTempWindow(t, widget.NewLabel(""))
	s := New(kit.Deps{Tr: i18n.New("en"), Names: &kit.Names{}, Window: w}, f)
	w.SetContent(s.Object())
	w.SetPadded(false)
	w.Resize(fyne.NewSize(900, 500))
	return s
}

func TestSubmitPublishesWhatTheEditorHolds(t *testing.T) {
	f := &fake{snap: connected(app.V5)}
	s := open(t, f)
	test.Type(s.topic, "lab/3/temp")
	test.Type(s.body.field, "21.5")
	s.qos.TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight})
	test.Tap(s.retain)
	s.Submit()
	if len(f.sent) != 1 {
		t.Fatalf("%d messages published; the screen says %q", len(f.sent), s.result.Text())
	}
	if m := f.sent[0].Message; m.Topic != "lab/3/temp" || string(m.Payload) != "21.5" || m.QoS != app.QoS1 || !m.Retain {
		t.Errorf("published %+v", m)
	}
}

func TestButtonSaysWhyItCannotBeUsed(t *testing.T) {
	tr := i18n.New("en")
	for _, c := range []struct {
		name   string
		change func(*fake)
		topic  string
		qos    int
		retain bool
		want   string
	}{
		{"good", nil, "a", 0, false, ""},
		{"never connected", func(f *fake) { f.snap.State = session.Idle }, "a", 0, false, tr.S("publish.why.not_connected")},
		{"given up", func(f *fake) { f.snap.State = session.Failed }, "a", 0, false, tr.S("publish.why.not_connected")},
		{"waits for the next attempt", func(f *fake) { f.snap.State = session.Waiting }, "a", 0, false, tr.S("publish.why.waiting")},
		{"tries", func(f *fake) { f.snap.State = session.Connecting }, "a", 0, false, tr.S("publish.why.waiting")},
		{"no topic", nil, "", 0, false, tr.S("publish.why.no_topic")},
		{"broker takes less QoS", func(f *fake) { f.snap.ConnAck.MaximumQoS = app.QoS1 }, "a", 2, false, tr.S("publish.why.maximum_qos", "QoS", 1)},
		{"broker keeps nothing", func(f *fake) { f.snap.ConnAck.RetainAvailable = false }, "a", 0, true, tr.S("publish.why.no_retain")},
		{"3.1.1 announces no limits", func(f *fake) { f.snap = connected(app.V311) }, "a", 2, true, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := &fake{snap: connected(app.V5)}
			if c.change != nil {
				c.change(f)
			}
			s := open(t, f)
			s.topic.SetText(c.topic)
			for range c.qos {
				s.qos.TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight})
			}
			if c.retain {
				test.Tap(s.retain)
			}
			s.Submit()
			if s.send.Disabled() != (c.want != "") || len(f.sent) != 0 == (c.want != "") {
				t.Errorf("disabled %v, published %d", s.send.Disabled(), len(f.sent))
			}
			if c.want != "" && s.result.Text() != c.want {
				t.Errorf("says %q, want %q", s.result.Text(), c.want)
			}
		})
	}
}

func TestTopicIsJudgedWhileTyping(t *testing.T) {
	s := open(t, &fake{snap: connected(app.V5)})
	high := s.body.field.Size().Height
	test.Type(s.topic, "lab/#")
	if !s.errRow.Visible() || s.topicErr.String() == "" || !s.send.Disabled() {
		t.Errorf("a wildcard: error %q, disabled %v", s.topicErr.String(), s.send.Disabled())
	}
	s.Submit()
	if s.result.Text() != "" {
		t.Errorf("said twice: %q", s.result.Text())
	}
	if got := s.body.field.Size().Height; got >= high {
		t.Errorf("no room for the error: the payload is %v high, before it was %v", got, high)
	}
	s.topic.SetText("lab/3")
	if s.errRow.Visible() || s.send.Disabled() {
		t.Error("the error outlives the fault")
	}
	if got := s.body.field.Size().Height; got != high {
		t.Errorf("the payload is %v high, before the fault it was %v", got, high)
	}
}

func TestResultLineTellsTheHandshake(t *testing.T) {
	tr := i18n.New("en")
	ms := func(n int) time.Duration { return time.Duration(n) * time.Millisecond }
	said := &app.Error{What: app.Say("publish.not_connected"), Do: app.Say("publish.not_connected.do")}
	what, do, _ := tr.Error(said)
	for _, c := range []struct {
		name   string
		qos    int
		result app.PubResult
		err    error
		wait   string
		want   string
		color  fyne.ThemeColorName
	}{
		{"QoS 0", 0, app.PubResult{Took: ms(1)}, nil, tr.S("publish.sending"), tr.S("publish.sent_qos0"), ftheme.ColorNameSuccess},
		{"QoS 1", 1, app.PubResult{Took: ms(3)}, nil, tr.S("publish.waiting", "Packet", "PUBACK"), tr.S("publish.done", "Packet", "PUBACK", "Took", ms(3)), ftheme.ColorNameSuccess},
		{"QoS 2", 2, app.PubResult{Took: ms(5)}, nil, tr.S("publish.waiting", "Packet", "PUBCOMP"), tr.S("publish.done", "Packet", "PUBCOMP", "Took", ms(5)), ftheme.ColorNameSuccess},
		{
			"nobody listens", 1, app.PubResult{Took: ms(3), Reason: app.ReasonNoMatchingSubs}, nil, tr.S("publish.waiting", "Packet", "PUBACK"),
			tr.S("publish.done_reason", "Packet", "PUBACK", "Took", ms(3), "Reason", app.ReasonNoMatchingSubs.Text()), ftheme.ColorNameWarning,
		},
		{
			"refused", 1, app.PubResult{Reason: app.ReasonNotAuthorized, ReasonString: "ACL"}, nil, tr.S("publish.waiting", "Packet", "PUBACK"),
			tr.S("publish.refused", "Reason", app.ReasonNotAuthorized.Text(), "Detail", "ACL"), ftheme.ColorNameError,
		},
		{"not sent", 1, app.PubResult{}, said, tr.S("publish.waiting", "Packet", "PUBACK"), strings.TrimSpace(what + " " + do), ftheme.ColorNameError},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := &fake{snap: connected(app.V5)}
			s := open(t, f)
			s.topic.SetText("a")
			for range c.qos {
				s.qos.TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight})
			}
			s.Submit()
			if s.result.Text() != c.wait {
				t.Errorf("while under way: %q, want %q", s.result.Text(), c.wait)
			}
			f.end(c.result, c.err)
			s.Sync()
			if _, color := outcome(s.d, f.sent[0]); s.result.Text() != c.want || color != c.color {
				t.Errorf("says %q in %s, want %q in %s", s.result.Text(), color, c.want, c.color)
			}
		})
	}
}

// A message whose link was lost is neither failed nor delivered until the
// session has settled it.
func TestResultLineFollowsAMessageInFlight(t *testing.T) {
	f := &fake{snap: connected(app.V5)}
	s := open(t, f)
	s.topic.SetText("a")
	s.qos.TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight})
	s.Submit()
	f.end(app.PubResult{}, &app.Error{What: app.Say("publish.outcome_unknown")})
	for _, c := range []struct {
		flying, late bool
		want, brief  string
		color        fyne.ThemeColorName
	}{
		{true, false, "Still in flight: no PUBACK", "in flight", ftheme.ColorNameWarning},
		{false, false, "Nobody knows whether the message arrived", "unconfirmed", ftheme.ColorNameError},
		{false, true, "PUBACK came late: the message has arrived", "late", ftheme.ColorNameSuccess},
	} {
		m := &f.sent[0]
		if m.Flying, m.Late = c.flying, c.late; c.late {
			m.Err = nil
		}
		s.Sync()
		word, _ := brief(s.d, *m)
		if _, color := outcome(s.d, *m); !strings.Contains(s.result.Text(), c.want) || color != c.color || word != c.brief {
			t.Errorf("says %q in %s, and %q in the list", s.result.Text(), color, word)
		}
	}
}

func TestResultLineSaysWhenTheHandshakeEnded(t *testing.T) {
	f := &fake{snap: connected(app.V5)}
	s := open(t, f)
	s.topic.SetText("a")
	s.Submit()
	f.sent[0].Ended = time.Date(2026, 5, 4, 13, 2, 1, 45e6, time.Local)
	f.end(app.PubResult{}, nil)
	s.Sync()
	if got, want := s.result.Text(), "13:02:01.045  "+s.d.Tr.S("publish.sent_qos0"); got != want {
		t.Errorf("says %q, want %q", got, want)
	}
}

func TestFullQueueIsSaid(t *testing.T) {
	f := &fake{snap: connected(app.V5), err: &app.Error{What: app.Say("publish.queue_full", "N", 1000), Do: app.Say("publish.queue_full_do"), Cause: errors.New("full")}}
	s := open(t, f)
	s.topic.SetText("a")
	s.Submit()
	what, do, _ := s.d.Tr.Error(f.err)
	if s.result.Text() != what+" "+do {
		t.Errorf("says %q", s.result.Text())
	}
	s.Sync() // the reason stays until something is done
	if s.result.Text() != what+" "+do {
		t.Errorf("a moment later it says %q", s.result.Text())
	}
}

type clipboard string

func (c clipboard) Content() string   { return string(c) }
func (c clipboard) SetContent(string) {}

func TestLargePasteIsRefusedWithItsSize(t *testing.T) {
	s := open(t, &fake{snap: connected(app.V5)})
	s.body.field.TypedShortcut(&fyne.ShortcutPaste{Clipboard: clipboard(strings.Repeat("x", 1_200_000))})
	want := s.d.Tr.S("publish.paste_too_large", "Size", s.d.Tr.Bytes(1_200_000), "Limit", s.d.Tr.Bytes(16<<10))
	if s.body.field.Text != "" || s.result.Text() != want {
		t.Errorf("%d bytes in the editor; says %q", len(s.body.field.Text), s.result.Text())
	}
}

func TestSentMessageCanBeLoadedBack(t *testing.T) {
	f := &fake{snap: connected(app.V5)}
	f.sent = []workspace.Sent{
		{Number: 1, Message: app.Publish{Topic: "old", Payload: []byte("1"), QoS: app.QoS2, Retain: true}},
		{Number: 2, Message: app.Publish{Topic: "new", Payload: []byte("2")}},
	}
	s := open(t, f)
	list := s.history.list
	if s.history.Len() != 2 || s.history.sent[0].Message.Topic != "new" {
		t.Fatalf("history %+v", s.history.sent)
	}
	list.Select(1)
	if m := s.message(); m.Topic != "old" || string(m.Payload) != "1" || m.QoS != app.QoS2 || !m.Retain {
		t.Errorf("loaded %+v", m)
	}
	if list.Selected() != 1 {
		t.Error("loading took the mark away")
	}
	test.Type(s.body.field, "x")
	if list.Selected() != -1 {
		t.Error("the mark stays though the editor differs")
	}
	list.Select(1)
	if string(s.message().Payload) != "1" {
		t.Error("a second click does not load again")
	}
}

func TestResultBelongsToThisScreensMessage(t *testing.T) {
	f := &fake{snap: connected(app.V5), sent: []workspace.Sent{{Number: 1, Message: app.Publish{Topic: "elsewhere"}}}}
	s := open(t, f)
	if got, want := s.result.Text(), s.d.Tr.S("publish.why.no_topic"); got != want {
		t.Errorf("before anything was sent from here: %q, want %q", got, want)
	}
	s.topic.SetText("here")
	s.Submit()
	f.end(app.PubResult{}, nil)
	f.sent = append(f.sent, workspace.Sent{Number: 3, Message: app.Publish{Topic: "elsewhere", QoS: app.QoS2}, Pending: true})
	s.Sync()
	if got, want := s.result.Text(), s.d.Tr.S("publish.sent_qos0"); got != want {
		t.Errorf("after another screen published: %q, want %q", got, want)
	}
}
