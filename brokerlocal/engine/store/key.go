package store

import (
	"crypto/sha256"
	"encoding/binary"
)

// key8 returns the key of a number.
func key8(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }

// appendKey16 appends the key of an entry of a session's queue.
func appendKey16(dst []byte, session, seq uint64) []byte {
	return binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(dst, session), seq)
}

// keyInbound returns the key of a packet identifier of a session.
func keyInbound(session uint64, id uint16) []byte {
	return binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint64(make([]byte, 0, 10), session), id)
}

// keyFilter returns the key of a subscription.
func keyFilter(session uint64, filter string) []byte {
	return appendText(key8(session), filter)
}

// keyTopic returns the key of a topic.
func keyTopic(topic string) []byte { return appendText(nil, topic) }

// longest is how long a topic or filter may be to be its own key. A KV's keys
// end at 32,768 bytes and topics at 65,535, and long keys make a slow tree.
const longest = 512

// appendText appends a topic or filter, or, if it is long, a digest of it
// behind a byte that UTF-8 does not have.
func appendText(key []byte, text string) []byte {
	if len(text) <= longest {
		return append(key, text...)
	}
	sum := sha256.Sum256([]byte(text))
	return append(append(key, 0xFF), sum[:]...)
}

// number returns the number at the start of a key or value that has one.
func number(b []byte) uint64 { return binary.BigEndian.Uint64(b) }
