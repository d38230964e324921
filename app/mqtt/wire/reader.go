package wire

import (
	"encoding/binary"
	"strings"
	"unicode/utf8"
	"unsafe"

	"tidings/app"
	"tidings/app/mqtt/topic"
)

// reader walks over the bytes of one packet. Strictly it stops at the first
// broken rule; with a trace it goes on, and stops only where the bytes end or
// make no sense any more. After a stop every read returns zero.
type reader struct {
	b         []byte // all bytes at hand
	off, end  int    // the next byte, and the end of what may be read
	version   app.Version
	from      Direction
	checkUTF8 bool
	discard   bool // judge only: keep no lists
	stopped   bool
	err       *Error // the first broken rule
	listed    int    // filters, user properties and subscription identifiers so far
	tr        *trace // nil: strict
}

// fail notes that ru is broken by the byte at off.
func (r *reader) fail(ru rule, off int) { r.failIn(ru, off, "") }

// failIn is fail with a section that is closer to the point than the rule's.
func (r *reader) failIn(ru rule, off int, section string) {
	if r.stopped {
		return
	}
	e := newError(ru, r.version, off)
	if section != "" {
		e.Spec = section
	}
	if r.err == nil {
		r.err = e
	}
	if r.tr == nil {
		r.stopped = true
		return
	}
	r.tr.violate(ru, e)
}

// short notes that the bytes end before the field called name does.
func (r *reader) short(name string) {
	if r.stopped {
		return
	}
	at := r.off
	if r.tr != nil {
		r.tr.leaf(name, at, r.end-at, "")
	}
	r.fail(ruleTruncated, at)
	r.off, r.stopped = r.end, true
}

func (r *reader) left() int { return r.end - r.off }

// take returns the next n bytes, which are (part of) the field name.
func (r *reader) take(name string, n int) []byte {
	if r.stopped || n > r.left() {
		r.short(name)
		return nil
	}
	b := r.b[r.off : r.off+n : r.off+n]
	r.off += n
	return b
}

func (r *reader) u8(name string) byte {
	b := r.take(name, 1)
	if b == nil {
		return 0
	}
	r.tr.number(name, r.off-1, 1, uint32(b[0]))
	return b[0]
}

func (r *reader) u16(name string) uint16 {
	b := r.take(name, 2)
	if b == nil {
		return 0
	}
	v := binary.BigEndian.Uint16(b)
	r.tr.number(name, r.off-2, 2, uint32(v))
	return v
}

func (r *reader) u32(name string) uint32 {
	b := r.take(name, 4)
	if b == nil {
		return 0
	}
	v := binary.BigEndian.Uint32(b)
	r.tr.number(name, r.off-4, 4, v)
	return v
}

// varint reads a Variable Byte Integer.
func (r *reader) varint(name string) int {
	if r.stopped {
		return 0
	}
	at := r.off
	v, n := uvarint(r.b[at:r.end])
	switch {
	case n == 0:
		r.short(name)
		return 0
	case n < 0:
		r.tr.number(name, at, 4, 0)
		r.fail(ruleVarintLong, at)
		r.off, r.stopped = at+4, true
		return 0
	}
	r.off += n
	r.tr.number(name, at, n, uint32(v))
	if versionTable[r.version].minimalVarint && n != uvarintLen(v) {
		r.fail(ruleVarintMinimal, at)
	}
	return v
}

// binary reads a field of bytes behind their length; hide says that its value
// is a secret.
func (r *reader) binary(name string, hide bool) []byte {
	if r.stopped || r.left() < 2 {
		r.short(name)
		return nil
	}
	n := int(binary.BigEndian.Uint16(r.b[r.off:]))
	b := r.take(name, 2+n)
	if b == nil {
		return nil
	}
	b = b[2:]
	if r.tr != nil {
		r.tr.bytes(name, r.off-2-n, 2+n, b, hide)
	}
	return b
}

// raw reads a string and does not look at its characters.
func (r *reader) raw(name string) string { return aliased(r.binary(name, false)) }

// text reads a UTF-8 Encoded String.
func (r *reader) text(name string) string {
	at := r.off
	s := r.raw(name)
	if plain(s) {
		return s
	}
	switch {
	case !utf8.ValidString(s): // surrogates too [MQTT-1.5.4-1]
		r.fail(ruleUTF8, at)
	case strings.IndexByte(s, 0) >= 0:
		r.fail(ruleNUL, at)
	}
	return s
}

// name reads a topic name; wildcard is the rule against # and + in it.
func (r *reader) name(field string, wildcard rule) string {
	at := r.off
	s := r.raw(field)
	if r.stopped || s != "" && plain(s) && strings.IndexByte(s, '#') < 0 && strings.IndexByte(s, '+') < 0 {
		return s
	}
	if ru := topicRule(topic.ValidateName(s)); ru == ruleTopicWildcard {
		r.fail(wildcard, at)
	} else if ru != ruleNone {
		r.fail(ru, at)
	}
	return s
}

// filter reads a topic filter.
func (r *reader) filter(field string) string {
	at := r.off
	s := r.raw(field)
	if r.stopped {
		return s
	}
	if ru := topicRule(topic.ValidateFilter(s)); ru != ruleNone {
		r.fail(ru, at)
	}
	return s
}

// topicRule says which rule a finding of package topic is about.
func topicRule(err error) rule {
	if err == nil {
		return ruleNone
	}
	finding, ok := err.(*app.Error) //nolint:errorlint // package topic wraps nothing
	if !ok {
		return ruleUTF8
	}
	switch finding.What.Key {
	case "topic.empty":
		return ruleTopicEmpty
	case "topic.nul":
		return ruleNUL
	case "topic.name_wildcard":
		return ruleTopicWildcard
	case "topic.hash_not_last", "topic.hash_not_alone":
		return ruleFilterHash
	case "topic.plus_not_alone":
		return ruleFilterPlus
	case "topic.share_no_group":
		return ruleShareName
	case "topic.share_wildcard", "topic.share_no_filter":
		return ruleShareForm
	}
	return ruleUTF8
}

// plain reports whether s is ASCII without NUL: the ordinary case, decided in
// one pass.
func plain(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c-1 >= utf8.RuneSelf-1 {
			return false
		}
	}
	return true
}

// aliased returns b as a string without a copy.
func aliased(b []byte) string {
	return unsafe.String(unsafe.SliceData(b), len(b)) //nolint:gosec // G103: strings alias the frame, as the package promises
}

// MaxListed is how many filters, user properties and subscription identifiers
// one packet may hold together. The standard has no bound; without one a
// packet would take many times its own size in memory.
const MaxListed = 65_535

// list counts one more entry of a list, and reports whether it is to be kept.
func (r *reader) list(at int) bool {
	r.listed++
	if r.listed == MaxListed+1 {
		r.fail(ruleListed, at)
	}
	return !r.discard && !r.stopped
}

// packetID reads a packet identifier, which is never 0.
func (r *reader) packetID() uint16 {
	at := r.off
	id := r.u16(fieldPacketID)
	if id == 0 {
		r.fail(rulePacketID, at)
	}
	return id
}

// reason reads a reason code of packet type t.
func (r *reader) reason(name string, t Type) app.ReasonCode {
	at := r.off
	c := r.u8(name)
	if r.stopped {
		return 0
	}
	r.tr.reason(c)
	r.checkReason(c, t, at)
	return app.ReasonCode(c)
}

func (r *reader) checkReason(c byte, t Type, at int) {
	info := &packetTable[t]
	switch {
	case !info.reasons.has(c):
		r.failIn(ruleReason, at, "MQTT 5.0 §"+info.section)
	case r.from == FromClient && info.serverOnly.has(c), r.from == FromServer && info.clientOnly.has(c):
		r.failIn(ruleReasonDirection, at, "MQTT 5.0 §"+info.section)
	}
}
