package payload

import (
	"context"
	"sync/atomic"
)

// Every 32nd line has its place remembered: making a line then takes at most
// 31 steps, and a payload of nothing but line ends costs half its size.
const perMark = 32

// cursor is the place where a line starts. It has four fields: the compiler
// keeps no larger struct in registers, and walking is twice as slow then.
type cursor struct {
	off   int   // in the payload
	depth int32 // JSON containers open
	at    place // atLine unless the line before broke off
	kind  kind  // of the innermost open JSON container
}

// place says what part of a line the cursor stands in.
type place byte

const (
	atLine place = 0    // the start of a line that is not continued
	atEnd  place = 0xff // there is no line here
)

// kind tells a JSON object from an array. After a closing bracket it is not
// known what the container around it is until the next token shows.
type kind byte

const (
	unknown kind = iota
	object
	array
)

// layout walks over a payload line by line.
type layout interface {
	// step writes the line at c and returns where the next one starts.
	step(c cursor, p *pen) cursor
}

// index is the lines of a layout, found by the places remembered.
type index struct {
	layout layout
	width  int
	marks  []cursor // of lines 0, perMark, 2*perMark, …
	n      int
	last   atomic.Pointer[visit]
}

// visit remembers the place of a line found: lists read line after line, and
// what stands between two marks may be megabytes of white space.
type visit struct {
	line int
	at   cursor
}

// newIndex walks over the whole payload from start.
func newIndex(ctx context.Context, l layout, width int, start cursor) (*Doc, error) {
	x := &index{layout: l, width: width}
	p := pen{width: width}
	for c := start; c.at != atEnd; x.n++ {
		if x.n%perMark == 0 {
			x.marks = append(x.marks, c)
			if x.n%(64*perMark) == 0 && ctx.Err() != nil {
				return nil, context.Cause(ctx)
			}
		}
		p.col = 0
		c = l.step(c, &p)
	}
	return &Doc{x}, nil
}

func (x *index) count() int { return x.n }

func (x *index) line(i int) Line {
	from, c := i/perMark*perMark, x.marks[i/perMark]
	if v := x.last.Load(); v != nil && v.line > from && v.line <= i {
		from, c = v.line, v.at
	}
	p := pen{width: x.width}
	for range i - from {
		p.col = 0
		c = x.layout.step(c, &p)
	}
	p = pen{width: x.width, draw: true}
	next := x.layout.step(c, &p)
	x.last.Store(&visit{i + 1, next})
	return p.line(c.at != atLine)
}
