package app

import (
	"encoding/base64"
	"unicode/utf8"
)

// MaxTemplateBytes is what all templates of a profile may take together in its
// file, in bytes. A file above 4 MiB is neither written nor read, and the rest of
// the profile needs its room too.
const MaxTemplateBytes = 3 << 20

const (
	// templateOverhead is at least what the names of a template's keys take, and
	// propertyOverhead those of a user property.
	templateOverhead = 512
	propertyOverhead = 64
)

// TemplateBytes returns at least the bytes that templates take in the profile's
// file. Safe for concurrent use.
func TemplateBytes(list ...Template) (sum int64) {
	for _, t := range list {
		sum += templateOverhead + textSize(t.Name) + textSize(t.Message.Topic) + payloadSize(t.Message.Payload)
		if p := t.Message.Properties; p != nil {
			sum += textSize(p.ContentType) + textSize(p.ResponseTopic) + base64Size(p.CorrelationData)
			for _, u := range p.User {
				sum += propertyOverhead + textSize(u.Name) + textSize(u.Value)
			}
		}
	}
	return sum
}

// payloadSize returns at least the bytes of a payload in the file: text as it
// is, anything else in Base64.
func payloadSize(b []byte) int64 {
	if utf8.Valid(b) {
		return textSize(string(b))
	}
	return base64Size(b)
}

func base64Size(b []byte) int64 { return int64(base64.StdEncoding.EncodedLen(len(b))) }

// textSize returns at least the bytes of a text in quotes, with its escapes.
func textSize(s string) (n int64) {
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"' || c == '\\' || c == '\n' || c == '\r' || c == '\t':
			n += 2
		case c < ' ' || c == 0x7f:
			n += 6 // \u0000
		default:
			n++
		}
	}
	return n
}
