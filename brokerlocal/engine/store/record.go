package store

import (
	"encoding/binary"
	"math"

	"tidings/app"
	"tidings/brokerlocal/engine/message"
)

// form is the first byte of every record but those of messages, which have
// their own.
const form = 1

func appendSession(b []byte, s *Session) []byte {
	b = append(b, form, byte(s.Version), flags(s.Will != nil))
	b = binary.BigEndian.AppendUint32(b, s.Expiry)
	b = binary.BigEndian.AppendUint64(b, uint64(s.Disconnected))
	b = appendString(b, s.ClientID)
	b = appendString(b, s.User)
	if s.Will == nil {
		return b
	}
	b = append(b, flags(s.Will.HasExpiry))
	b = binary.BigEndian.AppendUint32(b, s.Will.Delay)
	b = binary.BigEndian.AppendUint32(b, s.Will.Expiry)
	b = binary.BigEndian.AppendUint64(b, uint64(s.Will.Due))
	b, _ = s.Will.Message.AppendBinary(b) // its error is always nil
	return b
}

// decodeSession returns the session without its number, which is the key.
func decodeSession(b []byte) (s Session, ok bool) {
	r := newReader(b)
	s.Version = app.Version(r.u8())
	has := r.flags(1)
	s.Expiry = r.u32()
	s.Disconnected = int64(r.u64())
	s.ClientID, s.User = r.text(), r.text()
	if has == 0 {
		return s, r.end()
	}
	w := &Will{HasExpiry: r.flags(1) == 1}
	w.Delay, w.Expiry = r.u32(), r.u32()
	w.Due = int64(r.u64())
	m, err := message.Decode(r.rest())
	w.Message, s.Will = m, w
	return s, err == nil && !r.bad
}

func appendSubscription(b []byte, op *PutSubscription) []byte {
	s := &op.Subscription
	b = append(b, form, byte(s.QoS), flags(s.NoLocal, s.RetainAsPublished), s.RetainHandling)
	b = binary.BigEndian.AppendUint32(b, op.ID)
	return append(b, s.Filter...)
}

// decodeSubscription returns the subscription without its session.
func decodeSubscription(b []byte) (op PutSubscription, ok bool) {
	r := newReader(b)
	s := &op.Subscription
	s.QoS = app.QoS(r.u8())
	f := r.flags(2)
	s.NoLocal, s.RetainAsPublished = f&1 != 0, f&2 != 0
	s.RetainHandling = r.u8()
	op.ID = r.u32()
	s.Filter = string(r.rest())
	return op, !r.bad && s.QoS.Valid() && s.RetainHandling <= 2 && s.Filter != ""
}

// entry is a record of the queue: message 0 means that it is released, inline
// that the message stands in it, because nobody else needs it.
type entry struct {
	message uint64
	body    *message.Message // of an inline one
	qos     app.QoS
	retain  bool
	ids     []uint32
}

// appendEntry begins with what a drop needs to know.
func appendEntry(b []byte, e *entry) []byte {
	b = binary.BigEndian.AppendUint64(b, e.message)
	b = append(b, form, byte(e.qos), flags(e.retain))
	b = binary.BigEndian.AppendUint32(b, uint32(len(e.ids)))
	for _, id := range e.ids {
		b = binary.BigEndian.AppendUint32(b, id)
	}
	if e.message == inline {
		b, _ = e.body.AppendBinary(b) // its error is always nil
	}
	return b
}

// inline stands for the number of a message that has none.
const inline = math.MaxUint64

func decodeEntry(b []byte) (e entry, ok bool) {
	r := reader{b: b}
	e.message = r.u64()
	r.form()
	e.qos = app.QoS(r.u8())
	e.retain = r.flags(1) == 1
	for n := r.u32(); !r.bad && n > 0; n-- {
		e.ids = append(e.ids, r.u32())
	}
	if e.message != inline {
		return e, r.end() && e.qos.Valid()
	}
	m, err := message.Decode(r.rest())
	e.body = m
	return e, err == nil && !r.bad && e.qos.Valid()
}

// flags returns one bit for each of set.
func flags(set ...bool) (b byte) {
	for i, on := range set {
		if on {
			b |= 1 << i
		}
	}
	return b
}

func appendString(b []byte, s string) []byte {
	return append(binary.BigEndian.AppendUint32(b, uint32(len(s))), s...)
}

// reader takes a record apart. After the first byte that is not there, or not
// as it can have been written, it is bad and returns zero values.
type reader struct {
	b   []byte
	bad bool
}

// newReader returns a reader of a record that begins with its form.
func newReader(b []byte) *reader {
	r := &reader{b: b}
	r.form()
	return r
}

func (r *reader) form() {
	if r.u8() != form {
		r.bad = true
	}
}

func (r *reader) take(n int) []byte {
	if r.bad || n > len(r.b) {
		r.bad, r.b = true, nil
		return nil
	}
	out := r.b[:n]
	r.b = r.b[n:]
	return out
}

func (r *reader) u8() byte {
	if b := r.take(1); b != nil {
		return b[0]
	}
	return 0
}

func (r *reader) u32() uint32 {
	if b := r.take(4); b != nil {
		return binary.BigEndian.Uint32(b)
	}
	return 0
}

func (r *reader) u64() uint64 {
	if b := r.take(8); b != nil {
		return binary.BigEndian.Uint64(b)
	}
	return 0
}

// flags returns a byte of n flags.
func (r *reader) flags(n int) byte {
	b := r.u8()
	if b>>n != 0 {
		r.bad = true
	}
	return b
}

// text returns a string of its own memory.
func (r *reader) text() string {
	n := r.u32()
	if uint64(n) > uint64(len(r.b)) {
		r.bad = true
	}
	return string(r.take(int(n)))
}

// rest returns all that is left.
func (r *reader) rest() []byte { return r.take(len(r.b)) }

// end reports whether the record was good and has nothing left.
func (r *reader) end() bool { return !r.bad && len(r.b) == 0 }
