package brokerlocal

import (
	"bytes"
	"testing"
)

func TestWindow(t *testing.T) {
	pub := func(flags byte, id uint16) []byte { return publishOf(4, flags, id, "a", "x") }
	ping := []byte{0xD0, 0}
	w := window{limit: 2}
	type step struct {
		name  string
		write []byte
		ended []uint16
		sent  []byte
	}
	for _, s := range []step{
		{"two fit", join(pub(2, 1), pub(4, 2)), nil, join(pub(2, 1), pub(4, 2))},
		{"the third waits, QoS 0 and the rest pass", join(pub(2, 3), pub(0, 0), ping), nil, join(pub(0, 0), ping)},
		{"so does the fourth", pub(2, 4), nil, nil},
		{"an unknown acknowledgement opens nothing", nil, []uint16{77}, nil},
		{"one ends, one goes", nil, []uint16{2}, pub(2, 3)},
		{"a repeated one waits its turn", pub(10, 1), nil, nil},
		{"both end, in order", nil, []uint16{1, 3}, join(pub(2, 4), pub(10, 1))},
		{"again counts once", pub(10, 1), nil, pub(10, 1)},
	} {
		got := w.admit(s.write)
		got = append(got, w.ended(s.ended)...)
		if !bytes.Equal(got, s.sent) {
			t.Fatalf("%s: sent %x, want %x", s.name, got, s.sent)
		}
	}
	if len(w.held) != 0 || len(w.open) != 2 {
		t.Errorf("%d held, %d open", len(w.held), len(w.open))
	}
	none := window{}
	if p := pub(2, 1); &none.admit(p)[0] != &p[0] {
		t.Error("without a limit nothing is copied")
	}
}
