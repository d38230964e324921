package wire

import (
	"fmt"
	"strconv"
	"unicode/utf8"

	"tidings/app"
)

// trace collects the fields of one packet. Every method works on a nil trace
// and does nothing, so that the grammar need not ask.
type trace struct {
	fields  []Field
	depth   int
	version app.Version
	packet  Type
	reveal  bool
	max     int // bytes of a value that are shown

	groups    []int // the groups that are open
	size      int   // bytes there are
	maxFields int
	muted     bool // the last field stands for all that follow
}

// open begins a group of fields at off and returns its place for close.
func (t *trace) open(name string, off int) int {
	if t == nil {
		return 0
	}
	return t.begin(Field{Name: name, Offset: off})
}

// property is open for a property of a packet of type p, or of a will.
func (t *trace) property(p Type, id PropertyID, off int) int {
	if t == nil {
		return 0
	}
	return t.begin(Field{Name: propertyTable[id].name, Offset: off, Spec: propertySection(p, id)})
}

func (t *trace) begin(f Field) int {
	f.Group = true
	t.add(f)
	t.depth++
	if t.muted {
		return -1
	}
	t.groups = append(t.groups, len(t.fields)-1)
	return len(t.fields) - 1
}

// close ends the group before off.
func (t *trace) close(group, off int) {
	if t == nil {
		return
	}
	t.depth--
	if t.muted {
		return
	}
	t.groups = t.groups[:len(t.groups)-1]
	t.fields[group].Length = off - t.fields[group].Offset
}

func (t *trace) add(f Field) {
	if t.muted {
		return
	}
	if len(t.fields) >= t.maxFields && f.Bits == 0 && len(t.groups) > 0 {
		t.mute(f.Offset)
		return
	}
	f.Depth = t.depth
	if f.Spec == "" {
		f.Spec = fieldSection(f.Name, t.packet, t.version)
	}
	t.fields = append(t.fields, f)
}

// mute ends all groups but the packet's at off, and makes one field of what
// follows.
func (t *trace) mute(off int) {
	for _, g := range t.groups {
		t.fields[g].Length = off - t.fields[g].Offset
	}
	t.fields[0].Length = t.size
	t.fields = append(t.fields, Field{Name: fieldMore, Offset: off, Length: t.size - off, Depth: 1})
	t.muted = true
}

// leaf notes n bytes at off as one field.
func (t *trace) leaf(name string, off, n int, value string) {
	if t == nil {
		return
	}
	t.add(Field{Name: name, Value: value, Offset: off, Length: n})
}

// number notes an integer.
func (t *trace) number(name string, off, n int, v uint32) {
	if t == nil {
		return
	}
	t.leaf(name, off, n, strconv.FormatUint(uint64(v), 10))
}

// bytes notes a field whose value is b.
func (t *trace) bytes(name string, off, n int, b []byte, hide bool) {
	if t == nil {
		return
	}
	if hide && !t.reveal {
		t.leaf(name, off, n, fmt.Sprintf("redacted (%d bytes)", len(b)))
		return
	}
	t.leaf(name, off, n, t.show(b))
}

// show returns b for the eye: quoted when it is text, else in hexadecimal,
// and cut where it is long.
func (t *trace) show(b []byte) string {
	cut := ""
	if len(b) > t.max {
		n := t.max
		for n > 0 && n > t.max-utf8.UTFMax && !utf8.RuneStart(b[n]) {
			n--
		}
		cut = fmt.Sprintf("… (%d bytes)", len(b))
		b = b[:n]
	}
	if utf8.Valid(b) {
		return strconv.Quote(string(b)) + cut
	}
	return fmt.Sprintf("% x", b) + cut
}

// bits notes some bits of the byte at off, which an open group stands for.
func (t *trace) bits(name string, off int, mask, b byte) {
	if t == nil {
		return
	}
	v := b & mask
	for m := mask; m&1 == 0; m >>= 1 {
		v >>= 1
	}
	t.add(Field{Name: name, Value: strconv.Itoa(int(v)), Offset: off, Length: 1, Bits: mask})
}

// word replaces the value of the last field.
func (t *trace) word(value string) {
	if t == nil || t.muted {
		return
	}
	t.fields[len(t.fields)-1].Value = value
}

// reason shows the last field as a reason code.
func (t *trace) reason(c byte) {
	if t == nil {
		return
	}
	t.word(app.ReasonCode(c).String())
}

// maxViolation is the length in bytes beyond which a field's Violation takes
// no more rules.
const maxViolation = 512

// violate notes a broken rule beside the field it is about.
func (t *trace) violate(ru rule, e *Error) {
	f := &t.fields[t.place(ru, e.Offset)]
	if len(f.Violation) > maxViolation {
		return
	}
	why := e.Why + " " + e.Spec
	if f.Violation != "" {
		why = f.Violation + "; " + why
	}
	f.Violation = why
}

// place returns the field that a rule broken at off is about: the rule's own,
// or else the leaf that begins at off, or the last that holds it, or the
// packet.
func (t *trace) place(ru rule, off int) int {
	last := len(t.fields) - 1
	if t.muted && off >= t.fields[last].Offset {
		return last
	}
	at, own := 0, ruleFields[ru]
	for i := range t.fields {
		f, best := &t.fields[i], t.fields[at].Offset
		switch {
		case f.Offset == off && f.Name == own:
			return i
		case f.Group || off < f.Offset:
		case f.Offset == off && (at == 0 || best < off), off < f.Offset+f.Length && f.Offset > best:
			at = i
		}
	}
	return at
}
