package workspace

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"

	"tidings/app"
	"tidings/app/payload"
	"tidings/app/store"
	"tidings/app/workers"
)

// inViewer runs f in a synctest bubble with a viewer and its store.
func inViewer(t *testing.T, budget int64, f func(*testing.T, *Viewer, *store.Store, *workers.Group)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s, g := store.New(store.NewBudget(budget)), workers.New(t.Context())
		defer s.Close()
		defer g.Close()
		f(t, newViewer(s, g, func() {}), s, g)
	})
}

func hold(s *store.Store, payloads ...string) {
	for _, p := range payloads {
		s.Append([]app.Message{{Topic: "t", Payload: []byte(p)}})
	}
}

// large is a JSON array of 10 MB.
func large() []byte {
	return append(append([]byte("["), bytes.Repeat([]byte(`{"a":1234567},`), 10<<20/14+1)...), "0]"...)
}

func TestEachKindOfPayloadOpensInItsView(t *testing.T) {
	inViewer(t, 16<<20, func(t *testing.T, v *Viewer, s *store.Store, _ *workers.Group) {
		for seq, c := range []struct {
			payload string
			view    payload.View
		}{{`{"a":1}`, payload.JSON}, {"hello", payload.Text}, {"\x00\xff", payload.Hex}, {"", payload.Text}} {
			hold(s, c.payload)
			v.Show(uint64(seq), Auto)
			synctest.Wait()
			d := v.Detail()
			if d.View != c.view || d.Loading || d.Doc == nil || d.Err != nil || string(d.Message.Payload) != c.payload {
				t.Errorf("%q opened as %+v", c.payload, d)
			}
		}
	})
}

func TestOpeningAnotherMessageCancelsTheFormattingUnderWay(t *testing.T) {
	inViewer(t, 64<<20, func(t *testing.T, v *Viewer, s *store.Store, _ *workers.Group) {
		hold(s, string(large()), "small")
		v.Show(0, Auto)
		before := v.Detail()
		if !before.Loading || before.View != payload.JSON || len(before.Message.Payload) < 10<<20 {
			t.Fatalf("the large one opens as view %d, loading %t", before.View, before.Loading)
		}
		v.Show(1, Auto)
		synctest.Wait()
		d := v.Detail()
		if d.Seq != 1 || d.Loading || d.Doc.Line(0).Text != "small" {
			t.Errorf("shown is %+v", d)
		}
		// Opened, opened, laid out: the large one changed nothing any more.
		if got := d.Change - before.Change; got != 2 {
			t.Errorf("%d changes after the first, want 2", got)
		}
	})
}

func TestTheContextOfAReplacedMessageEndsItsFormatting(t *testing.T) {
	inViewer(t, 1<<20, func(t *testing.T, v *Viewer, _ *store.Store, _ *workers.Group) {
		m := app.Message{Payload: large()}
		show := func(Detail) Detail { return Detail{Open: true, Message: m} }
		first, _ := v.replace(payload.JSON, show)
		second, _ := v.replace(payload.JSON, show)
		if _, err := payload.Format(first, payload.JSON, m.Payload); !errors.Is(err, context.Canceled) {
			t.Errorf("the formatting that nobody waits for ended with %v", err)
		}
		doc, err := payload.Format(second, payload.JSON, m.Payload)
		if v.finish(first, doc, err) {
			t.Error("the outcome of a replaced message is shown")
		}
		if !v.finish(second, doc, err) || v.Detail().Doc != doc {
			t.Error("the outcome of the open message is not shown")
		}
	})
}

func TestShowAsKeepsTheMessage(t *testing.T) {
	inViewer(t, 16<<20, func(t *testing.T, v *Viewer, s *store.Store, _ *workers.Group) {
		v.ShowAs(payload.Hex)
		if v.Detail().Open {
			t.Error("ShowAs opened nothing at all")
		}
		hold(s, `{"a":1}`)
		v.Show(0, Auto)
		v.ShowAs(payload.Hex)
		synctest.Wait()
		d := v.Detail()
		if d.View != payload.Hex || d.Seq != 0 || !strings.HasPrefix(d.Doc.Line(0).Text, "00000000") {
			t.Errorf("shown is %+v", d)
		}
		v.ShowMessage(app.Message{Payload: []byte("no json")}, payload.JSON)
		synctest.Wait()
		if d := v.Detail(); d.Err == nil || d.Doc != nil || d.Loading || d.View != payload.JSON {
			t.Errorf("JSON of what is none is shown as %+v", d)
		}
		v.ShowAs(payload.Text)
		synctest.Wait()
		if d := v.Detail(); d.Err != nil || d.Doc.Line(0).Text != "no json" {
			t.Errorf("shown is %+v", d)
		}
	})
}

func TestAnEvictedMessageIsGoneButAnOpenOneStaysReadable(t *testing.T) {
	inViewer(t, 3<<20, func(t *testing.T, v *Viewer, s *store.Store, _ *workers.Group) {
		hold(s, "remember me")
		v.Show(0, Auto)
		for range 60 {
			hold(s, strings.Repeat("z", 100_000))
		}
		if s.Stats().First == 0 {
			t.Fatal("nothing was evicted; the test shows nothing")
		}
		v.Show(0, payload.Hex)
		synctest.Wait()
		if d := v.Detail(); d.Gone || d.Doc == nil || string(d.Message.Payload) != "remember me" {
			t.Errorf("the open message became %+v", d)
		}
		v.Hide()
		v.Show(0, Auto)
		synctest.Wait()
		if d := v.Detail(); !d.Open || !d.Gone || d.Loading || d.Doc != nil || d.Seq != 0 {
			t.Errorf("an evicted message is shown as %+v", d)
		}
		v.ShowAs(payload.Text)
		synctest.Wait()
		if d := v.Detail(); !d.Gone || d.Loading {
			t.Errorf("another view brought it back: %+v", d)
		}
	})
}

func TestCloseEndsTheFormatting(t *testing.T) {
	m := app.Message{Payload: large()}
	for range 10 { // Close may come late on a busy machine, not ten times
		ended := true
		inViewer(t, 1<<20, func(t *testing.T, v *Viewer, _ *store.Store, g *workers.Group) {
			v.ShowMessage(m, payload.JSON)
			g.Close()
			ended = v.Detail().Doc != nil
			if v.ShowAs(payload.Hex); g.Busy() != 0 {
				t.Error("a formatting began after Close")
			}
		})
		if !ended {
			return
		}
	}
	t.Error("Close lets a large payload be laid out to its end")
}
