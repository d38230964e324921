package tap

// reader takes the fields of a packet apart. After the first field that is
// not all there, short is set and every further field is empty.
type reader struct {
	b     []byte
	short bool
}

// take returns the next n bytes.
func (r *reader) take(n int) []byte {
	if len(r.b) < n || r.short {
		r.b, r.short = nil, true
		return nil
	}
	v := r.b[:n:n]
	r.b = r.b[n:]
	return v
}

// byte returns the next byte.
func (r *reader) byte() byte {
	if v := r.take(1); v != nil {
		return v[0]
	}
	return 0
}

// uint16 reads a Two Byte Integer (MQTT 5.0 §1.5.2).
func (r *reader) uint16() uint16 {
	if v := r.take(2); v != nil {
		return uint16(v[0])<<8 | uint16(v[1])
	}
	return 0
}

// uint32 reads a Four Byte Integer (MQTT 5.0 §1.5.3).
func (r *reader) uint32() uint32 {
	return uint32(r.uint16())<<16 | uint32(r.uint16())
}

// varint reads a Variable Byte Integer; a malformed one counts as short.
func (r *reader) varint() int {
	v, n, err := uvarint(r.b)
	if err != nil || n == 0 {
		n = len(r.b) + 1
	}
	r.take(n)
	return v
}

// prefixed reads Binary Data or a UTF-8 Encoded String (MQTT 5.0 §1.5.4,
// §1.5.6) without a look at the characters.
func (r *reader) prefixed() []byte { return r.take(int(r.uint16())) }

// properties reads a property block (MQTT 5.0 §2.2.2).
func (r *reader) properties() []byte { return r.take(r.varint()) }

// propAuthMethod is the identifier of the Authentication Method.
const propAuthMethod = 0x15

// findProperty reports whether block holds the property id; what stands
// behind an unknown or cut-off property is not seen.
func findProperty(block []byte, id byte) bool {
	r := reader{b: block}
	for len(r.b) > 0 {
		switch got := r.byte(); got {
		case id:
			return true
		case 0x01, 0x17, 0x19, 0x24, 0x25, 0x28, 0x29, 0x2A: // one byte (table 2-4)
			r.take(1)
		case 0x13, 0x21, 0x22, 0x23:
			r.take(2)
		case 0x02, 0x11, 0x18, 0x27:
			r.take(4)
		case 0x0B:
			r.varint()
		case 0x03, 0x08, 0x09, 0x12, 0x15, 0x16, 0x1A, 0x1C, 0x1F:
			r.prefixed()
		case propUser:
			r.prefixed()
			r.prefixed()
		default:
			return false
		}
	}
	return false
}
