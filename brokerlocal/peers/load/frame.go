package load

import (
	"encoding/binary"
	"errors"
)

// The first bytes of the packets that are looked at (MQTT 3.1.1 §2.2).
const (
	connAck  = 0x20
	publish  = 0x30
	pubAck   = 0x40
	pubRec   = 0x50
	pubRel   = 0x62
	pubComp  = 0x70
	subAck   = 0x90
	pingResp = 0xD0

	kind    = 0xF0 // the bits of the packet type
	qosBits = 0x06
)

// seqBytes is how much of a payload the sequence number takes.
const seqBytes = 8

var errFrame = errors.New("packet that cannot be read")

// split cuts the first packet off b. rest is nil while b holds no whole one.
func split(b []byte) (first byte, body, rest []byte) {
	if len(b) < 2 {
		return 0, nil, nil
	}
	n, at := int(b[1]), 2
	if n >= 0x80 {
		v, k := binary.Uvarint(b[1:])
		if k <= 0 || k > 4 {
			return 0, nil, nil
		}
		n, at = int(v), 1+k
	}
	if len(b)-at < n {
		return 0, nil, nil
	}
	return b[0], b[at : at+n : at+n], b[at+n:]
}

// stamped takes a PUBLISH of 3.1.1 apart as far as a receiver needs: its
// packet identifier (0 for QoS 0) and sequence number. ok is false when the
// payload is too short for one.
func stamped(first byte, body []byte) (id uint16, seq uint64, ok bool) {
	if len(body) < 2 {
		return 0, 0, false
	}
	at := 2 + int(binary.BigEndian.Uint16(body))
	if first&qosBits != 0 {
		if len(body) < at+2 {
			return 0, 0, false
		}
		id = binary.BigEndian.Uint16(body[at:])
		at += 2
	}
	if len(body) < at+seqBytes {
		return id, 0, false
	}
	return id, binary.BigEndian.Uint64(body[at:]), true
}

// appendAck appends one of the four-byte acknowledgements.
func appendAck(b []byte, first byte, id uint16) []byte {
	return append(b, first, 2, byte(id>>8), byte(id))
}
