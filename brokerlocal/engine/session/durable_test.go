package session_test

import (
	"fmt"
	"testing"

	"tidings/app"
	"tidings/brokerlocal/engine/session"
)

// reserved queues n deliveries as a journal does and returns the mark that
// goes with them into the store.
func reserved(t *testing.T, s *session.Session, n int) (mark uint64) {
	t.Helper()
	for range n {
		d := newMessage(app.QoS2, "x")
		seq, why := s.Reserve(d, start)
		if why != session.None {
			t.Fatal(why)
		}
		if m, ok := s.Raise(); ok {
			mark = m
		}
		s.Put(seq, d)
	}
	return mark
}

func durable(maximum uint16) *session.Session {
	s := session.New(newConfig(), true, nil)
	s.Connected(session.Connection{Version: app.V5, ReceiveMaximum: maximum})
	return s
}

func TestNothingIsSentBeforeItsMarkIsStored(t *testing.T) {
	s := durable(2)
	mark := reserved(t, s, 3)
	is(t, "mark", mark, 2)
	sends(t, s, start)
	is(t, "asks while a mark is on its way", s.Wants(), false)
	s.Cleared(mark)
	sends(t, s, start, "1", "2")
	is(t, "asks with the window closed", s.Wants(), false)
	s.PubRec(1, 0)
	s.Released(1)
	s.PubComp(1)
	sends(t, s, start)
	is(t, "asks", s.Wants(), true)
	is(t, "asks twice", s.Wants(), false)
	mark, _ = s.Raise()
	is(t, "mark", mark, 3)
	s.NotCleared()
	sends(t, s, start)
	is(t, "asks again after a failure", s.Wants(), true)
	mark, _ = s.Raise()
	s.Cleared(mark)
	sends(t, s, start, "3")
}

// A mark that is below the one on its way is none: stored behind it, it would
// take back what may have been sent, and that would be repeated without DUP.
func TestAMarkIsNeverTakenBack(t *testing.T) {
	s := durable(3)
	is(t, "mark", reserved(t, s, 3), 3)
	s.Connected(session.Connection{Version: app.V5, ReceiveMaximum: 1}) // the window is smaller now
	mark, ok := s.Raise()
	is(t, "raised", ok, false)
	is(t, "mark", mark, 0)
}

func TestAbsentDurableSessionRaisesNoMark(t *testing.T) {
	s := session.New(newConfig(), true, nil)
	is(t, "mark", reserved(t, s, 2), 0)
	is(t, "asks", s.Wants(), false)
}

// After a kill: DUP for what may have been sent, none for what never was,
// PUBREL where PUBREC was stored, identifiers as before, and numbers go on.
func TestRestart(t *testing.T) {
	s := session.New(newConfig(), true, nil)
	s.RestoreCleared(4)
	x := newMessage(app.QoS2, "x")
	for _, r := range []struct {
		seq      uint64
		d        session.Delivery
		released bool
		ok       bool
	}{
		{2, x, false, true},
		{2, x, false, false}, // twice
		{3, session.Delivery{QoS: app.QoS2}, true, true},
		{5, session.Delivery{QoS: app.QoS2}, true, false}, // released, and never sent
		{6, x, false, true},
	} {
		is(t, fmt.Sprint("restored ", r.seq), s.Restore(r.seq, r.d, r.released), r.ok)
	}
	s.RestoreInbound(9)
	dup, _ := s.Receive(9)
	is(t, "QoS 2 from before is known", dup, true)
	s.Connected(session.Connection{Version: app.V5})
	sends(t, s, start, "2d", "3r")
	is(t, "asks", s.Wants(), true)
	mark, _ := s.Raise()
	s.Cleared(mark)
	sends(t, s, start, "6")
	seq, _ := s.Reserve(x, start)
	is(t, "next number", seq, 7)
}

func TestRestartOfAnEmptySessionGoesOnWithItsNumbers(t *testing.T) {
	s := session.New(newConfig(), true, nil)
	s.RestoreCleared(500)
	s.Connected(session.Connection{Version: app.V5, ReceiveMaximum: 1})
	mark := reserved(t, s, 1)
	is(t, "mark", mark, 501)
	s.Cleared(mark)
	sends(t, s, start, "501")
}

// PUBREL promises that the message never comes again, so the PUBREC is stored
// before.
func TestPubRelWaitsForItsCommit(t *testing.T) {
	s := durable(0)
	s.Cleared(reserved(t, s, 2))
	sends(t, s, start, "1", "2")
	seq, then, _ := s.PubRec(1, 0)
	is(t, "then", then, session.Store)
	_, again, _ := s.PubRec(1, 0)
	is(t, "PUBREC again", again, session.Nothing)
	_, early := s.PubComp(1)
	is(t, "PUBCOMP before PUBREL", early, session.Wrong)

	s.Connected(session.Connection{Version: app.V5}) // before the commit is done
	sends(t, s, start)
	_, send := s.Released(seq)
	is(t, "PUBREL at once", send, false)
	sends(t, s, start, "1r", "2d")

	seq, _, _ = s.PubRec(2, 0)
	s.NotReleased(seq)
	s.Connected(session.Connection{Version: app.V5})
	sends(t, s, start, "1r", "2d")
	seq, _, _ = s.PubRec(2, 0)
	id, send := s.Released(seq)
	is(t, "identifier", id, 2)
	is(t, "PUBREL at once", send, true)
}

func TestAbandonedReserveGivesItsRoomBack(t *testing.T) {
	config := newConfig()
	config.Messages = 1
	s := session.New(config, true, nil)
	d := newMessage(app.QoS1, "x")
	if _, why := s.Reserve(d, start); why != session.None {
		t.Fatal(why)
	}
	_, why := s.Reserve(d, start)
	is(t, "reserved counts", why, session.QueueMessages)
	s.Abandon(d)
	seq, why := s.Reserve(d, start)
	is(t, "cause", why, session.None)
	is(t, "number", seq, 2)
	s.End()
	s.Put(seq, d) // the commit came back after the end
	s.Abandon(d)
	is(t, "bytes", config.Budget.Used(), 0)
}
