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
