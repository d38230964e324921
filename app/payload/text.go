package payload

import "bytes"

// textLayout shows a payload as it is; a line ends at LF.
type textLayout struct{ b []byte }

const midText place = 1

// textStart returns the place of the first line: an empty payload has none.
func textStart(b []byte) cursor {
	if len(b) == 0 {
		return cursor{at: atEnd}
	}
	return cursor{}
}

func (t *textLayout) step(c cursor, p *pen) cursor {
	p.margin(0, c.at != atLine)
	// A column shows at most four bytes: looking further for the LF would
	// make a payload of one long line cost its square.
	window := min(len(t.b), c.off+4*p.width+1)
	end := window
	if lf := bytes.IndexByte(t.b[c.off:window], '\n'); lf >= 0 {
		end = c.off + lf
	}
	switch next := p.run(Plain, t.b, c.off, end, false); {
	case next == len(t.b):
		return cursor{at: atEnd}
	case next == end && end < window:
		return cursor{off: end + 1}
	default:
		return cursor{off: next, at: midText}
	}
}
