package payload

// jsonLayout shows valid JSON with one member or element per line, indented by
// two spaces per level. It copies tokens from the payload as they stand.
type jsonLayout struct{ b []byte }

// The places within a line of JSON where it may be broken off.
const (
	beforeKey place = iota + 1
	inKey
	afterKey
	beforeValue
	inString
	inNumber
	inLiteral
	afterValue
)

func (j *jsonLayout) step(c cursor, p *pen) cursor {
	closing := c.at == atLine && isCloser(j.b[c.off])
	p.margin(indent(c.depth, closing, p.width), c.at != atLine)
	if c.at == atLine {
		c = j.start(c, p, closing)
	}
	for {
		next, more := j.piece(c, p)
		if !more {
			return next
		}
		c = next
	}
}

// indent returns the columns to indent. Beyond half the width the depth does
// not show any more: hostile JSON is a million levels deep.
func indent(depth int32, closing bool, width int) int {
	if closing {
		depth--
	}
	return min(2*int(depth), width/2&^1)
}

// start takes the first token of a line.
func (j *jsonLayout) start(c cursor, p *pen, closing bool) cursor {
	switch {
	case closing:
		p.put(Punct, string(rune(j.b[c.off])), 1)
		return cursor{off: c.off + 1, depth: c.depth - 1, at: afterValue}
	case c.kind == unknown:
		c.kind = array
		if j.isKey(c.off) {
			c.kind = object
		}
	}
	c.at = beforeValue
	if c.kind == object {
		c.at = beforeKey
	}
	return c
}

// piece writes what stands at c and returns what follows. more is false at
// the end of the line, whether it is complete or full.
func (j *jsonLayout) piece(c cursor, p *pen) (next cursor, more bool) {
	switch c.at {
	case beforeKey:
		return j.quote(c, p, Key, inKey)
	case inKey:
		return j.inString(c, p, Key, afterKey)
	case inString:
		return j.inString(c, p, String, afterValue)
	case afterKey:
		if !p.put(Punct, ":", 1) {
			return c, false
		}
		p.put(Plain, " ", 1)
		c.off, c.at = j.skip(j.skip(c.off)+1), beforeValue
		return c, true
	case beforeValue:
		return j.value(c, p)
	case inNumber:
		return j.scalar(c, p, Number)
	case inLiteral:
		return j.scalar(c, p, Literal)
	default:
		return j.afterValue(c, p)
	}
}

// value writes the first byte of a value, or all of an empty container.
func (j *jsonLayout) value(c cursor, p *pen) (next cursor, more bool) {
	switch ch := j.b[c.off]; {
	case ch == '"':
		return j.quote(c, p, String, inString)
	case ch == '{' || ch == '[':
		return j.open(c, p)
	case ch == '-' || ch >= '0' && ch <= '9':
		c.at = inNumber
	default:
		c.at = inLiteral
	}
	return c, true
}

func (j *jsonLayout) open(c cursor, p *pen) (next cursor, more bool) {
	inside := j.skip(c.off + 1)
	if isCloser(j.b[inside]) {
		if !p.put(Punct, string([]byte{j.b[c.off], j.b[inside]}), 2) {
			return c, false
		}
		c.off, c.at = inside+1, afterValue
		return c, true
	}
	if !p.put(Punct, string(rune(j.b[c.off])), 1) {
		return c, false
	}
	kind := array
	if j.b[c.off] == '{' {
		kind = object
	}
	return cursor{off: inside, depth: c.depth + 1, kind: kind}, false
}

// quote writes an opening quotation mark.
func (j *jsonLayout) quote(c cursor, p *pen, class Class, then place) (next cursor, more bool) {
	if !p.put(class, `"`, 1) {
		return c, false
	}
	c.off++
	c.at = then
	return c, true
}

// inString writes the rest of a string and its closing quotation mark.
func (j *jsonLayout) inString(c cursor, p *pen, class Class, then place) (next cursor, more bool) {
	end := j.stringEnd(c.off, min(len(j.b), c.off+4*p.width+1))
	c.off = p.run(class, j.b, c.off, end, true)
	if c.off < end || j.b[c.off] != '"' || !p.put(class, `"`, 1) {
		return c, false
	}
	c.off++
	c.at = then
	return c, true
}

// stringEnd returns where the string around off has its closing quotation
// mark, or the end of the first unit at or after limit when it is further.
func (j *jsonLayout) stringEnd(off, limit int) int {
	for off < limit && j.b[off] != '"' {
		if j.b[off] == '\\' {
			off += escapeSize(j.b[off:])
		} else {
			off++
		}
	}
	return off
}

// scalar writes the rest of a number or literal.
func (j *jsonLayout) scalar(c cursor, p *pen, class Class) (next cursor, more bool) {
	end := c.off
	for end < len(j.b) && end-c.off <= p.width && isScalar(j.b[end]) {
		end++
	}
	if c.off = p.run(class, j.b, c.off, end, false); c.off < end {
		return c, false
	}
	c.at = afterValue
	return c, true
}

// afterValue writes the comma, if there is one, and ends the line.
func (j *jsonLayout) afterValue(c cursor, p *pen) (next cursor, more bool) {
	c.off = j.skip(c.off)
	if c.off == len(j.b) {
		return cursor{at: atEnd}, false
	}
	if j.b[c.off] == ',' {
		if !p.put(Punct, ",", 1) {
			return c, false
		}
		c.off = j.skip(c.off + 1)
	}
	c.at = atLine
	return c, false
}

// isKey reports whether a string at off is the name of a member: a colon
// follows it. There is no stack of open containers to ask.
func (j *jsonLayout) isKey(off int) bool {
	if j.b[off] != '"' {
		return false
	}
	after := j.skip(j.stringEnd(off+1, len(j.b)) + 1)
	return after < len(j.b) && j.b[after] == ':'
}

// skip returns the offset of the first byte at or after off that is no
// white space.
func (j *jsonLayout) skip(off int) int {
	for off < len(j.b) && isSpace(j.b[off]) {
		off++
	}
	return off
}

func isSpace(c byte) bool  { return c == ' ' || c == '\n' || c == '\r' || c == '\t' }
func isCloser(c byte) bool { return c == '}' || c == ']' }

// isScalar reports whether c belongs to a number or literal of valid JSON.
func isScalar(c byte) bool { return !isSpace(c) && c != ',' && !isCloser(c) }
