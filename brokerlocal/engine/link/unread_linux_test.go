package link

import (
	"slices"
	"testing"
)

// Connections that come and go while nobody publishes are not watched, and
// nothing is kept of them.
func TestWatchingBeginsWhenSomebodyLooks(t *testing.T) {
	cfg := patient(t)
	var links []*Conn
	for range 4 {
		c, _ := connected(t, cfg)
		links = append(links, c)
	}
	u := &cfg.ahead.unread
	for _, i := range []int{1, 3} { // in the middle, and the last
		links[i].Close()
	}
	if want := []*Conn{links[0], links[2]}; !slices.Equal(u.late, want) {
		t.Fatalf("%d links wait to be watched, want the two that are open", len(u.late))
	}
	for _, c := range links {
		if c.watched.socket != 0 {
			t.Error("a link is watched before anybody looks")
		}
	}
	u.some(&Conn{})
	if n := len(u.late); n != 0 {
		t.Errorf("after a look %d links are not watched, want none", n)
	}
	for i, c := range links {
		if watching, open := c.watched.socket != 0, i%2 == 0; watching != open {
			t.Errorf("link %d: watched: %v, open: %v", i, watching, open)
		}
	}
}

// A look takes in no more than it has time for; the next goes on.
func TestALookLetsInAFewAtATime(t *testing.T) {
	cfg := patient(t)
	c, _ := connected(t, cfg)
	u := &cfg.ahead.unread
	u.remove(c)
	for range letIn + 1 {
		u.add(&Conn{raw: c.raw})
	}
	for _, left := range []int{1, 0} {
		u.some(c)
		if n := len(u.late); n != left {
			t.Errorf("%d links are left, want %d", n, left)
		}
	}
}
