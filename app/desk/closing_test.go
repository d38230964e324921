package desk_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"tidings/app"
	"tidings/app/session"
)

// received connects a new profile, and returns its ID when n messages have
// come.
func (b *bench) received(t *testing.T, n int) string {
	t.Helper()
	id := b.save(func(*app.Profile) {}, nil)
	b.Connect(id)
	b.until("connected", func() bool { return b.connected(id) })
	w := b.Workspace(id)
	if err := w.Subscribe(app.Subscription{Filter: "lab/#"}); err != nil {
		t.Fatal(err)
	}
	b.until("subscribed", func() bool { f := w.Filters(); return len(f) == 1 && !f[0].Pending })
	for i := range n {
		if _, err := w.Publish(app.Publish{Topic: fmt.Sprint("lab/", i), Payload: []byte("21.5")}); err != nil {
			t.Fatal(err)
		}
	}
	b.until("received", func() bool { return w.Messages().Stats().Total == uint64(n) })
	return id
}

func (b *bench) messages(id string) uint64 {
	if w := b.Workspace(id); w != nil {
		return w.Messages().Stats().Total
	}
	return 0
}

// Ctrl+W is next to Ctrl+E: what it takes away comes back, and connects again.
func TestCloseCanBeUndone(t *testing.T) {
	b := newBench(t)
	id := b.received(t, 3)
	b.CloseWorkspace(id)
	if b.Workspace(id) != nil || len(b.OpenWorkspaces()) != 0 {
		t.Error("the workspace is still open")
	}
	if name, n, ok := b.Closed(); name != "test" || n != 3 || !ok {
		t.Errorf("Closed() = %q, %d, %v", name, n, ok)
	}
	if got := b.Reopen(); got != id {
		t.Errorf("Reopen() = %q, want %q", got, id)
	}
	if _, _, ok := b.Closed(); ok || b.messages(id) != 3 {
		t.Errorf("back with %d messages; still offered: %v", b.messages(id), ok)
	}
	b.until("connected again", func() bool { return b.connected(id) })
}

func TestWhatWasClosedIsForgotten(t *testing.T) {
	for name, forget := range map[string]func(b *bench, id string){
		"when told so": func(b *bench, _ string) { b.ForgetClosed() },
		"when the profile is gone for good": func(b *bench, id string) {
			b.DeleteProfile(id)
			b.until("gone", func() bool { _, ok := b.Deleted(); return ok })
			b.ForgetDeleted()
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			id := b.received(t, 1)
			b.CloseWorkspace(id)
			forget(b, id)
			if _, _, ok := b.Closed(); ok {
				t.Error("still offered")
			}
			b.until("the memory is given back", func() bool { used, _ := b.Memory(); return used == 0 })
		})
	}
}

// The natural way back is a click on the connection: it must not cost what the
// bar would have brought back.
func TestConnectingBringsBackWhatWasClosed(t *testing.T) {
	b := newBench(t)
	id := b.received(t, 3)
	b.CloseWorkspace(id)
	b.Connect(id)
	if _, _, ok := b.Closed(); ok || b.messages(id) != 3 {
		t.Errorf("connecting with %d messages; offered again: %v", b.messages(id), ok)
	}
	b.until("connected again", func() bool { return b.connected(id) })
	if got := len(b.OpenWorkspaces()); got != 1 || b.messages(id) != 3 {
		t.Errorf("%d workspaces, %d messages", got, b.messages(id))
	}
}

func TestCloseWithoutMessagesAsksNothing(t *testing.T) {
	b := newBench(t)
	id := b.received(t, 0)
	b.CloseWorkspace(id)
	if _, _, ok := b.Closed(); ok || b.Reopen() != "" {
		t.Error("an empty workspace is offered again")
	}
}

// Only the last few can come back, the one closed last first.
func TestClosedOnesComeBackInTurn(t *testing.T) {
	inHouse(t, func(h *house) {
		var ids []string
		for range 4 {
			ids = append(ids, h.received("a"))
		}
		for _, id := range ids {
			h.CloseWorkspace(id)
		}
		for i := 3; i >= 1; i-- {
			if got := h.Reopen(); got != ids[i] {
				t.Errorf("%d: %q came back, want %q", i, got, ids[i])
			}
		}
		if h.Reopen() != "" {
			t.Error("more than three came back")
		}
	})
}

// What trees, retained messages and packets take comes on top of the budget,
// so that it has a bound of its own over all closed ones.
func TestClosedOnesAreBoundedInBytes(t *testing.T) {
	inHouse(t, func(h *house) {
		h.broker.Publish(app.Publish{Topic: "large", Payload: make([]byte, 33<<20), Retain: true})
		small, first, second := h.received("a"), h.received("large", "a"), h.received("large", "a")
		h.CloseWorkspace(small)
		h.CloseWorkspace(first)
		h.CloseWorkspace(second)
		if got := h.Reopen(); got != second {
			t.Errorf("%q came back, want the one closed last", got)
		}
		if h.Reopen() != "" {
			t.Error("what was to make room came back")
		}
	})
}

func TestClosedOnesComeBackForMinutes(t *testing.T) {
	inHouse(t, func(h *house) {
		h.CloseWorkspace(h.received("a"))
		time.Sleep(10*time.Minute - time.Second)
		if _, _, ok := h.Closed(); !ok {
			t.Error("not offered any more")
		}
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if _, _, ok := h.Closed(); ok || h.Reopen() != "" {
			t.Error("offered for ever")
		}
		if used, _ := h.Memory(); used != 0 {
			t.Errorf("%d bytes of messages nobody can see", used)
		}
	})
}

// Brought back, it is there to stay.
func TestWhatCameBackIsNotForgotten(t *testing.T) {
	inHouse(t, func(h *house) {
		id := h.received("a")
		h.CloseWorkspace(id)
		h.Reopen()
		time.Sleep(time.Hour)
		if n := h.Workspace(id).Messages().Stats().Total; n != 1 || h.state(id) != session.Connected {
			t.Errorf("%d messages, %v", n, h.state(id))
		}
	})
}

// A number that changed while others receive would redraw the bar under the
// mouse.
func TestWhatClosedOnesSayIsSteady(t *testing.T) {
	inHouse(t, func(h *house) {
		h.CloseWorkspace(h.received("a"))
		h.received("b")
		for range 9 {
			h.broker.Publish(app.Publish{Topic: "b", Payload: make([]byte, 1<<20)})
		}
		synctest.Wait()
		if _, n, ok := h.Closed(); n != 1 || !ok {
			t.Errorf("%d messages, %v", n, ok)
		}
	})
}

// received connects a new profile, subscribes to the filters and returns its ID
// when a message has come by each.
func (h *house) received(filters ...string) string {
	h.Helper()
	id := h.add(func(p *app.Profile) { p.ClientID = app.NewID() })
	h.Connect(id)
	synctest.Wait()
	for _, f := range filters {
		if err := h.Workspace(id).Subscribe(app.Subscription{Filter: f}); err != nil {
			h.Fatal(err)
		}
		synctest.Wait()
	}
	h.broker.Publish(app.Publish{Topic: filters[len(filters)-1], Payload: []byte("21.5")})
	synctest.Wait()
	if n := h.Workspace(id).Snapshot().Received; n != uint64(len(filters)) {
		h.Fatalf("received %d messages", n)
	}
	return id
}

func TestUndoneDeletionBringsTheMessages(t *testing.T) {
	b := newBench(t)
	id := b.received(t, 2)
	b.DeleteProfile(id)
	b.until("gone", func() bool { _, ok := b.Deleted(); return ok })
	if _, _, ok := b.Closed(); ok {
		t.Error("the messages are offered apart from their connection")
	}
	b.UndoDelete()
	b.until("back", func() bool { return b.messages(id) == 2 })
}
