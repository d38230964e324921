package format

import (
	"encoding/hex"
	"strconv"
	"strings"
	"unicode/utf8"

	"tidings/app"
)

// The letters behind %: all there are, those that take a width, and those
// that take a maximum width.
const (
	verbs    = "tpqrlmxXACDEFPRSIjJU"
	padded   = "ACEFIlmpRStxX"
	cuttable = "CIRt"
	numeric  = "AEFlmSxX" // these are padded with zeros when asked to
)

// pad adds the value of a sequence, as wide as it was asked for.
func (p *part) pad(dst []byte, m *app.Message) []byte {
	start := len(dst)
	dst = p.value(dst, m)
	if p.width == 0 && p.max < 0 {
		return dst
	}
	value := dst[start:]
	have := utf8.RuneCount(value)
	if p.max >= 0 && have > p.max {
		end := 0
		for range p.max {
			_, n := utf8.DecodeRune(value[end:])
			end += n
		}
		value, have = value[:end], p.max
	}
	fill := " "
	if p.zero && !p.left && strings.ContainsRune(numeric, rune(p.verb)) {
		fill = "0"
	}
	text := string(value)
	missing := strings.Repeat(fill, max(0, p.width-have))
	if p.left {
		return append(append(dst[:start], text...), missing...)
	}
	return append(append(dst[:start], missing...), text...)
}

// value adds the value of a sequence.
func (p *part) value(dst []byte, m *app.Message) []byte {
	switch p.verb {
	case 't':
		return append(dst, m.Topic...)
	case 'p':
		return append(dst, m.Payload...)
	case 'q':
		return append(dst, '0'+byte(m.QoS))
	case 'r':
		return append(dst, bit(m.Retained))
	case 'l':
		return strconv.AppendInt(dst, int64(len(m.Payload)), 10)
	case 'm':
		return strconv.AppendUint(dst, uint64(m.ID), 10)
	case 'x':
		return hex.AppendEncode(dst, m.Payload)
	case 'X':
		return upper(hex.AppendEncode(dst, m.Payload), len(dst))
	case 'I':
		return m.Received.AppendFormat(dst, iso)
	case 'U':
		return append(dst, unixTime(m.Received)...)
	case 'j', 'J':
		return appendJSON(dst, m, p.verb == 'J')
	}
	if m.Properties == nil {
		return dst
	}
	return property(dst, p.verb, m.Properties)
}

// property adds a property of MQTT 5. There is never a topic alias (%A): the
// client allows none.
func property(dst []byte, verb byte, q *app.Properties) []byte {
	switch verb {
	case 'C':
		return append(dst, q.ContentType...)
	case 'D':
		return append(dst, q.CorrelationData...)
	case 'E':
		if q.MessageExpiry != nil {
			return strconv.AppendUint(dst, uint64(*q.MessageExpiry), 10)
		}
	case 'F':
		if q.PayloadIsUTF8 {
			return append(dst, '1')
		}
	case 'R':
		return append(dst, q.ResponseTopic...)
	case 'P':
		for i, u := range q.User {
			if i > 0 {
				dst = append(dst, ' ')
			}
			dst = append(append(append(dst, u.Name...), ':'), u.Value...)
		}
	case 'S':
		for i, id := range q.SubscriptionIDs {
			if i > 0 {
				dst = append(dst, ' ')
			}
			dst = strconv.AppendUint(dst, uint64(id), 10)
		}
	}
	return dst
}

func bit(on bool) byte {
	if on {
		return '1'
	}
	return '0'
}

func upper(b []byte, from int) []byte {
	for i := from; i < len(b); i++ {
		if b[i] >= 'a' {
			b[i] -= 'a' - 'A'
		}
	}
	return b
}
