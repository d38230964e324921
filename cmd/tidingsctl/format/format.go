package format

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"tidings/app"
)

// maxWidth bounds a field width: nobody has a wider terminal.
const maxWidth = 1000

// Format is a parsed text. It never changes and is safe for concurrent use.
type Format struct{ parts []part }

// part is a literal text, or one sequence.
type part struct {
	literal string
	intro   byte // '%' or '@'; 0: a literal
	verb    byte
	zero    bool
	left    bool
	width   int // characters at least
	max     int // characters at most; -1: no limit
}

// Parse reads a format. The error is one line of plain English.
func Parse(s string) (*Format, error) {
	p := parser{rest: s}
	for p.rest != "" {
		if err := p.next(); err != nil {
			return nil, err
		}
	}
	p.flush()
	return &Format{p.parts}, nil
}

// Append adds to dst what the format makes of m. Times are in the zone of
// m.Received.
func (f *Format) Append(dst []byte, m *app.Message) []byte {
	for i := range f.parts {
		switch p := &f.parts[i]; p.intro {
		case 0:
			dst = append(dst, p.literal...)
		case '@':
			dst = appendTime(dst, p.verb, m.Received)
		default:
			dst = p.pad(dst, m)
		}
	}
	return dst
}

type parser struct {
	rest    string
	literal []byte
	parts   []part
}

// flush ends the literal text that was being collected.
func (p *parser) flush() {
	if len(p.literal) > 0 {
		p.parts = append(p.parts, part{literal: string(p.literal)})
		p.literal = nil
	}
}

func (p *parser) next() error {
	c := p.rest[0]
	if c != '%' && c != '@' && c != '\\' {
		n := strings.IndexAny(p.rest, `%@\`)
		if n < 0 {
			n = len(p.rest)
		}
		p.literal = append(p.literal, p.rest[:n]...)
		p.rest = p.rest[n:]
		return nil
	}
	if len(p.rest) == 1 {
		return fmt.Errorf("a format cannot end with %q", c)
	}
	switch {
	case p.rest[1] == c:
		p.literal = append(p.literal, c)
	case c == '\\':
		escaped, ok := escapes[p.rest[1]]
		if !ok {
			return fmt.Errorf(`\%c is not one of \\ \0 \a \e \n \r \t \v`, p.rest[1])
		}
		p.literal = append(p.literal, escaped)
	case c == '@':
		if !knowsTime(p.rest[1]) {
			return fmt.Errorf("@%c is no time that a format knows", p.rest[1])
		}
		p.flush()
		p.parts = append(p.parts, part{intro: '@', verb: p.rest[1]})
	default:
		return p.sequence()
	}
	p.rest = p.rest[2:]
	return nil
}

var escapes = map[byte]byte{'0': 0, 'a': '\a', 'e': 0x1b, 'n': '\n', 'r': '\r', 't': '\t', 'v': '\v'}

// sequence reads %[0][-][width][.max]verb.
func (p *parser) sequence() error {
	q := part{intro: '%', max: -1}
	i := 1
	for ; i < len(p.rest) && (p.rest[i] == '0' || p.rest[i] == '-'); i++ {
		q.zero = q.zero || p.rest[i] == '0'
		q.left = q.left || p.rest[i] == '-'
	}
	var err error
	if q.width, i, err = p.number(i); err != nil {
		return err
	}
	if i < len(p.rest) && p.rest[i] == '.' {
		if q.max, i, err = p.number(i + 1); err != nil {
			return err
		}
	}
	if i == len(p.rest) {
		return errors.New("a format cannot end in the middle of a % sequence")
	}
	q.verb = p.rest[i]
	if err := q.check(p.rest[:i+1]); err != nil {
		return err
	}
	p.flush()
	p.parts = append(p.parts, q)
	p.rest = p.rest[i+1:]
	return nil
}

// check says what is wrong with a sequence that was written as spec.
func (p *part) check(spec string) error {
	switch {
	case strings.IndexByte(verbs, p.verb) < 0:
		return fmt.Errorf("%q is not one of the sequences %s", spec, spaced(verbs))
	case len(spec) > 2 && strings.IndexByte(padded, p.verb) < 0:
		return fmt.Errorf("%q: %%%c takes no width", spec, p.verb)
	case p.max >= 0 && strings.IndexByte(cuttable, p.verb) < 0:
		return fmt.Errorf("%q: %%%c takes no maximum width", spec, p.verb)
	}
	return nil
}

func (p *parser) number(i int) (n, end int, err error) {
	for ; i < len(p.rest) && p.rest[i] >= '0' && p.rest[i] <= '9'; i++ {
		if n = n*10 + int(p.rest[i]-'0'); n > maxWidth {
			return 0, i, fmt.Errorf("a width in a format is at most %d", maxWidth)
		}
	}
	return n, i, nil
}

// spaced writes "tp" as "%t %p".
func spaced(letters string) string {
	var b strings.Builder
	for i := range len(letters) {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteByte('%')
		b.WriteByte(letters[i])
	}
	return b.String()
}

// iso is how %I writes a time.
const iso = "2006-01-02T15:04:05-0700"

func unixTime(t time.Time) string { return fmt.Sprintf("%d.%09d", t.Unix(), t.Nanosecond()) }
