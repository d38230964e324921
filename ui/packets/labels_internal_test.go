package packets

import (
	"testing"

	"tidings/app/mqtt/wire"
	"tidings/app/mqtt/wire/wiretest"
)

// TestEveryFieldHasAName: whatever the dissector finds is said in the
// language of the window.
func TestEveryFieldHasAName(t *testing.T) {
	for _, c := range wiretest.Cases() {
		for _, f := range wire.Dissect(c.Version, c.From, c.Bytes, wire.DissectOptions{MaxFields: 8}) {
			if labels[f.Name] == "" {
				t.Errorf("%s has no name", f.Name)
				labels[f.Name] = "said"
			}
		}
	}
}

func TestBitsShowWhichCount(t *testing.T) {
	for _, c := range []struct {
		b, mask byte
		want    string
	}{
		{0x3d, 0xf0, "0011 ...."}, {0x3d, 0x08, ".... 1..."}, {0x3d, 0x06, ".... .10."}, {0x3d, 0x01, ".... ...1"},
	} {
		if got := bitPattern(c.b, c.mask); got != c.want {
			t.Errorf("%#x of %#x: %q, want %q", c.mask, c.b, got, c.want)
		}
	}
}
