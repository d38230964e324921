package wire_test

import (
	"bytes"
	"errors"
	"reflect"
	"strings"
	"testing"

	"tidings/app"
	"tidings/app/mqtt/wire"
	"tidings/app/mqtt/wire/wiretest"
)

// decode is a fresh decoder's answer.
func decode(c wiretest.Case) (wire.Packet, error) {
	d := wire.Decoder{Version: c.Version, From: c.From, CheckUTF8: true}
	return d.Decode(c.Bytes)
}

// versionOf is the version Append writes the packet of c in.
func versionOf(c wiretest.Case) app.Version {
	if p, ok := c.Packet.(*wire.Connect); ok {
		return p.Version
	}
	return c.Version
}

func TestTableNamesAreUnique(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range wiretest.Cases() {
		if seen[c.Name] {
			t.Errorf("%q stands there twice", c.Name)
		}
		seen[c.Name] = true
	}
	if len(seen) < 500 {
		t.Errorf("the table has %d packets only", len(seen))
	}
}

func TestDecode(t *testing.T) {
	for _, c := range wiretest.Cases() {
		t.Run(c.Name, func(t *testing.T) {
			p, err := decode(c)
			if c.Packet != nil {
				if err != nil || !reflect.DeepEqual(p, c.Packet) {
					t.Fatalf("% x\n got %+v, %v\nwant %+v", c.Bytes, p, err, c.Packet)
				}
				return
			}
			var e *wire.Error
			if !errors.As(err, &e) {
				t.Fatalf("% x decodes as %+v, error %v; want %s", c.Bytes, p, err, c.Spec)
			}
			if p != nil || e.Reason != c.Reason || e.Spec != c.Spec || e.Why == "" || e.Offset < 0 || e.Offset > len(c.Bytes) {
				t.Errorf("% x: %v, want reason %s and %s", c.Bytes, e, c.Reason, c.Spec)
			}
		})
	}
}

func TestTableBreaksEveryRule(t *testing.T) {
	broken := map[string]bool{}
	for _, c := range wiretest.Cases() {
		if _, err := decode(c); err != nil {
			var e *wire.Error
			errors.As(err, &e)
			broken[e.Why] = true
		}
	}
	for why := range wire.RuleSpecs() {
		if !broken[why] && why != "the payload is not the UTF-8 it claims to be" {
			t.Errorf("no packet of the table breaks %q", why)
		}
	}
}

func TestAppend(t *testing.T) {
	for _, c := range wiretest.Cases() {
		if c.Packet == nil {
			continue
		}
		t.Run(c.Name, func(t *testing.T) {
			got, err := wire.Append([]byte("before"), versionOf(c), c.Packet)
			if err != nil {
				t.Fatal(err)
			}
			frame, ok := bytes.CutPrefix(got, []byte("before"))
			if !ok {
				t.Fatal("what stood in dst is gone")
			}
			if bytes.Equal(frame, c.Bytes) == c.Loose {
				t.Errorf("loose is %v\n got % x\nwant % x", c.Loose, frame, c.Bytes)
			}
			d := wire.Decoder{Version: versionOf(c), From: c.From}
			if p, err := d.Decode(frame); err != nil || !reflect.DeepEqual(p, c.Packet) {
				t.Errorf("came back as %+v, %v", p, err)
			}
		})
	}
}

func TestDissect(t *testing.T) {
	for _, c := range wiretest.Cases() {
		t.Run(c.Name, func(t *testing.T) {
			fields := wire.Dissect(c.Version, c.From, c.Bytes, wire.DissectOptions{CheckUTF8: true})
			checkCover(t, fields, c.Bytes)
			all := violations(fields)
			if c.Packet != nil && all != "" {
				t.Errorf("is valid, but %s", all)
			}
			for _, f := range fields {
				if c.Packet != nil && f.Group && strings.HasPrefix(f.Name, "property/") && f.Spec == "MQTT 5.0 §2.2.2.2" {
					t.Errorf("cites no section of its own for %s", f.Name)
				}
			}
			if c.Packet == nil && !strings.Contains(all, c.Spec) {
				t.Errorf("says %q, want %s", all, c.Spec)
			}
		})
	}
}

// Every beginning of every packet of the table, and every packet as every
// version and from either side.
func TestDissectBeginningsAndOtherVersions(t *testing.T) {
	for _, c := range wiretest.Cases() {
		for n := range c.Bytes {
			if n < 64 {
				checkAgree(t, c.Version, c.From, c.Bytes[:n])
			}
		}
		for v := range app.Version(8) {
			for _, from := range []wire.Direction{wire.Either, wire.FromClient, wire.FromServer} {
				checkAgree(t, v, from, c.Bytes)
			}
		}
	}
}

func violations(fields []wire.Field) string {
	var all []string
	for _, f := range fields {
		if f.Violation != "" {
			all = append(all, f.Name+": "+f.Violation)
		}
	}
	return strings.Join(all, "; ")
}

// checkAgree holds the strict decoder against the dissector.
func checkAgree(t *testing.T, v app.Version, from wire.Direction, b []byte) {
	t.Helper()
	d := wire.Decoder{Version: v, From: from, CheckUTF8: true}
	_, err := d.Decode(b)
	fields := wire.Dissect(v, from, b, wire.DissectOptions{CheckUTF8: true})
	checkCover(t, fields, b)
	all := violations(fields)
	var e *wire.Error
	if errors.As(err, &e) && !strings.Contains(all, e.Why+" "+e.Spec) {
		t.Fatalf("version %d, % x: Decode says %v, Dissect %q", v, b, err, all)
	}
	if err == nil && all != "" {
		t.Fatalf("version %d, % x: Decode accepts it, Dissect says %q", v, b, all)
	}
}

// checkCover sees that each byte belongs to one leaf, or its bits to one each,
// and that every group is what its parts are.
func checkCover(t *testing.T, fields []wire.Field, b []byte) {
	t.Helper()
	covered := make([]int, len(b)) // bits of each byte that belong to a leaf
	for i, f := range fields {
		if f.Offset < 0 || f.Length < 0 || f.Offset+f.Length > len(b) || f.Name == "" {
			t.Fatalf("% x: field %+v lies outside", b, f)
		}
		if (i == 0) != (f.Depth == 0) || i > 0 && f.Depth > fields[i-1].Depth+1 {
			t.Fatalf("% x: depth of %+v", b, f)
		}
		if f.Group {
			checkGroup(t, fields[i:], b)
			continue
		}
		for at := f.Offset; at < f.Offset+f.Length; at++ {
			mask := int(f.Bits)
			if mask == 0 {
				mask = 0xff
			}
			if covered[at]&mask != 0 {
				t.Fatalf("% x: byte %d of %+v belongs to another field too\n%+v", b, at, f, fields)
			}
			covered[at] |= mask
		}
	}
	for at, mask := range covered {
		if mask != 0xff {
			t.Fatalf("% x: bits %02x of byte %d belong to no field\n%+v", b, 0xff&^mask, at, fields)
		}
	}
}

// checkGroup sees that the parts of the group fields[0] lie within it.
func checkGroup(t *testing.T, fields []wire.Field, b []byte) {
	t.Helper()
	g := fields[0]
	for _, f := range fields[1:] {
		if f.Depth <= g.Depth {
			break
		}
		if f.Offset < g.Offset || f.Offset+f.Length > g.Offset+g.Length {
			t.Fatalf("% x: %+v lies outside its group %+v", b, f, g)
		}
	}
}
