package tap

import "errors"

// Control packet types the tap knows by name (MQTT 5.0 §2.1.2).
const (
	typeConnAck = 2
	typePublish = 3
	typeAuth    = 15
)

var errLength = errors.New("remaining length has more than four bytes (MQTT 5.0 §1.5.5)")

// header reads the fixed header at the start of b (MQTT 5.0 §2.1). It returns
// its length and the length of the whole packet, both in bytes; head is 0
// when b ends before the header does. A length encoded in more bytes than it
// needs is accepted: MQTT 3.x does not forbid it, and it does no harm.
func header(b []byte) (head, size int, err error) {
	if len(b) < 2 {
		return 0, 0, nil
	}
	v, n, err := uvarint(b[1:])
	if err != nil || n == 0 {
		return 0, 0, err
	}
	return 1 + n, 1 + n + v, nil
}

// uvarint reads a Variable Byte Integer (MQTT 5.0 §1.5.5): at most four bytes,
// at most 268,435,455. n is 0 when b ends too early.
func uvarint(b []byte) (v, n int, err error) {
	for n < len(b) && n < 4 {
		c := b[n]
		v |= int(c&0x7f) << (7 * n)
		n++
		if c < 0x80 {
			return v, n, nil
		}
	}
	if n == 4 {
		return 0, 0, errLength
	}
	return 0, 0, nil
}
