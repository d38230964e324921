package desk_test

import (
	"fmt"
	"testing"

	"tidings/app"
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
		"when told so":                   func(b *bench, _ string) { b.ForgetClosed() },
		"when the profile connects anew": func(b *bench, id string) { b.Connect(id) },
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
	b := newBench(t)
	var ids []string
	for range 6 {
		ids = append(ids, b.received(t, 1))
	}
	for _, id := range ids {
		b.CloseWorkspace(id)
	}
	for i := 5; i >= 1; i-- {
		if got := b.Reopen(); got != ids[i] {
			t.Errorf("%d: %q came back, want %q", i, got, ids[i])
		}
	}
	if b.Reopen() != "" {
		t.Error("more than five came back")
	}
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
