package wire

import "tidings/app"

// Field is one part of a packet as Dissect sees it. Fields come in the order
// of their bytes, a group before its parts. The parts of a group cover it:
// each byte of what was dissected belongs to exactly one leaf, or to the bits
// of one byte together.
type Field struct {
	Name      string // stable English identifier, for example "fixed_header/type"
	Value     string // for the eye; secrets are redacted
	Offset    int    // first byte
	Length    int    // bytes
	Bits      byte   // the bits of the one byte that count; 0: all
	Depth     int    // 0 for the packet itself
	Group     bool   // the fields that follow with a greater Depth are its parts
	Spec      string // where the standard of its version describes it, or ""
	Violation string // which rules it breaks, with their sections, or ""
}

// DissectOptions say how Dissect works. The zero value is what a screen wants.
type DissectOptions struct {
	Reveal     bool // show passwords and AUTH data
	CheckUTF8  bool // as Decoder.CheckUTF8
	ValueBytes int  // bytes of a string or payload that are shown; 0: 256
	MaxFields  int  // what comes after so many fields is one field "more"; 0: 4096
}

// Dissect takes the packet at the start of b apart, whatever is wrong with
// it; bytes behind the packet become one field "trailing". A version of 0
// says that it is not known yet: a CONNECT is always taken as the version it
// names. No field has a Violation exactly when Decode accepts b. It never
// panics, and takes no more memory than the options allow fields and values.
func Dissect(version app.Version, from Direction, b []byte, o DissectOptions) []Field {
	if o.ValueBytes <= 0 {
		o.ValueBytes = 256
	}
	if o.MaxFields <= 0 {
		o.MaxFields = 4096
	}
	r := reader{b: b, end: len(b), version: version, from: from, checkUTF8: o.CheckUTF8, discard: true,
		tr: &trace{version: version, reveal: o.Reveal, max: o.ValueBytes,
			maxFields: o.MaxFields, size: len(b)}}
	root := r.tr.open(fieldPacket, 0)
	if h, ok := r.header(); ok {
		r.packet(newPacket(h.Type), h.Flags)
	}
	if r.off < r.end { // a field made no sense, and nothing says where the next begins
		r.tr.leaf(fieldUndecoded, r.off, r.end-r.off, "")
	}
	if r.end < len(b) {
		r.tr.leaf(fieldTrailing, r.end, len(b)-r.end, "")
	}
	r.tr.close(root, len(b))
	return r.tr.fields
}
