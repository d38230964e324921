package payload

import (
	"bytes"
	"context"
	"fmt"
	"unicode/utf8"

	"tidings/app"
)

// fault is why a payload is no JSON, and where.
type fault struct {
	off  int
	what app.Text
	end  bool // the payload ends too early: it may be the start of JSON
}

// checkJSON returns where the JSON value in b starts, or the *app.Error that
// says why there is none (RFC 8259).
func checkJSON(ctx context.Context, b []byte) (start int, err error) {
	k := checker{ctx: ctx, b: b}
	k.off = bomSize(b)
	k.space()
	start = k.off
	f := k.check()
	if ctx.Err() != nil {
		return 0, context.Cause(ctx)
	}
	if f != nil {
		return 0, f.err(b)
	}
	return start, nil
}

// err returns the fault as the user will read it; columns count characters.
func (f *fault) err(b []byte) error {
	before := b[:min(f.off, len(b))]
	line := 1 + bytes.Count(before, []byte{'\n'})
	column := 1 + utf8.RuneCount(before[1+bytes.LastIndexByte(before, '\n'):])
	return &app.Error{
		What:  app.Say("payload.json.invalid", "Why", f.what, "Line", line, "Column", column),
		Do:    app.Say("payload.json.invalid.do"),
		Cause: fmt.Errorf("invalid JSON at offset %d: %s", f.off, f.what.Key),
	}
}

// bomSize returns the size of a byte order mark at the start of b, which a
// reader may ignore (RFC 8259 §8.1).
func bomSize(b []byte) int {
	if len(b) >= 3 && b[0] == 0xEF && b[1] == 0xBB && b[2] == 0xBF {
		return 3
	}
	return 0
}

// checker checks JSON without recursion: one bit per open container.
type checker struct {
	ctx   context.Context
	b     []byte
	off   int
	stack []uint64 // 1: object
	depth int
}

func (k *checker) push(object bool) {
	word, bit := k.depth/64, uint64(1)<<(k.depth%64)
	if word == len(k.stack) {
		k.stack = append(k.stack, 0)
	}
	k.stack[word] &^= bit
	if object {
		k.stack[word] |= bit
	}
	k.depth++
}

// inObject reports whether the innermost open container is an object.
func (k *checker) inObject() bool {
	i := k.depth - 1
	return k.stack[i/64]>>(i%64)&1 == 1
}

// check reads one value and the white space after it, up to the end.
func (k *checker) check() *fault {
	for tokens := 0; ; tokens++ {
		if tokens%4096 == 0 && k.ctx.Err() != nil {
			return &fault{}
		}
		opened, f := k.value()
		if f != nil {
			return f
		}
		if !opened {
			if f = k.close(); f != nil {
				return f
			}
			if k.depth == 0 {
				return k.ending()
			}
		}
		if k.inObject() {
			if f = k.member(); f != nil {
				return f
			}
		}
	}
}

// value reads a scalar, an empty container, or the opening of a container, in
// which case opened is true and a member or element must follow.
func (k *checker) value() (opened bool, f *fault) {
	k.space()
	if k.off == len(k.b) {
		return false, k.early()
	}
	switch c := k.b[k.off]; c {
	case '{', '[':
		k.off++
		k.space()
		if k.off < len(k.b) && k.b[k.off] == c+2 { // } is { + 2, ] is [ + 2
			k.off++
			return false, nil
		}
		k.push(c == '{')
		return true, nil
	case '"':
		return false, k.str()
	case 't':
		return false, k.literal("true")
	case 'f':
		return false, k.literal("false")
	case 'n':
		return false, k.literal("null")
	default:
		if c == '-' || isDigit(c) {
			return false, k.number()
		}
		return false, k.unexpected()
	}
}

// close reads what follows a value: closing brackets, then a comma.
func (k *checker) close() *fault {
	for k.depth > 0 {
		k.space()
		if k.off == len(k.b) {
			return k.early()
		}
		closer := byte(']')
		if k.inObject() {
			closer = '}'
		}
		switch k.b[k.off] {
		case closer:
			k.depth--
			k.off++
		case ',':
			k.off++
			return nil
		default:
			return k.unexpected()
		}
	}
	return nil
}

// member reads the name of a member and the colon.
func (k *checker) member() *fault {
	k.space()
	if k.off == len(k.b) {
		return k.early()
	}
	if k.b[k.off] != '"' {
		return k.unexpected()
	}
	if f := k.str(); f != nil {
		return f
	}
	k.space()
	if k.off == len(k.b) {
		return k.early()
	}
	if k.b[k.off] != ':' {
		return k.unexpected()
	}
	k.off++
	return nil
}

func (k *checker) ending() *fault {
	k.space()
	if k.off < len(k.b) {
		return &fault{off: k.off, what: app.Say("payload.json.trailing")}
	}
	return nil
}

func (k *checker) space() {
	for k.off < len(k.b) && isSpace(k.b[k.off]) {
		k.off++
	}
}

func (k *checker) early() *fault {
	return &fault{off: len(k.b), what: app.Say("payload.json.early_end"), end: true}
}

func (k *checker) unexpected() *fault {
	_, size := utf8.DecodeRune(k.b[k.off:])
	unit := k.b[k.off : k.off+size]
	shown := string(unit)
	if plainRun(unit, false) == 0 {
		p := pen{width: minWidth, draw: true}
		p.unit(Plain, unit, false)
		shown = string(p.text)
	}
	return &fault{off: k.off, what: app.Say("payload.json.unexpected", "Character", shown)}
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
