package words_test

import (
	"testing"

	"tidings/app/i18n"
	"tidings/app/mqtt/wire"
	"tidings/app/mqtt/wire/wiretest"
	"tidings/app/packets/words"
)

// Whatever the dissector finds is said in words.
func TestEveryFieldHasAName(t *testing.T) {
	tr, nameless := i18n.New("en"), map[string]bool{}
	for _, c := range wiretest.Cases() {
		for _, f := range wire.Dissect(c.Version, c.From, c.Bytes, wire.DissectOptions{MaxFields: 8}) {
			if words.FieldName(tr, f.Name) == f.Name {
				nameless[f.Name] = true
			}
		}
	}
	for name := range nameless {
		t.Errorf("%s has no name", name)
	}
}

func TestBitsShowWhichCount(t *testing.T) {
	for _, c := range []struct {
		b, mask byte
		want    string
	}{
		{0x3d, 0xf0, "0011 ...."}, {0x3d, 0x08, ".... 1..."}, {0x3d, 0x06, ".... .10."}, {0x3d, 0x01, ".... ...1"},
	} {
		if got := words.BitPattern(c.b, c.mask); got != c.want {
			t.Errorf("%#x of %#x: %q, want %q", c.mask, c.b, got, c.want)
		}
	}
}
