package payload

// Class says how a piece of a line is coloured.
type Class byte

// The classes of text.
const (
	Plain   Class = iota
	Key           // name of a JSON member, with its quotes
	String        // JSON string, with its quotes
	Number        // JSON number
	Literal       // JSON true, false, null
	Punct         // JSON brackets, comma, colon
	Offset        // offset column of the hex view
	Muted         // what stands for something else: visible forms, continuation marks
)

// Span gives bytes [Start, End) of a line's Text a class.
type Span struct {
	Start, End int
	Class      Class
}

// Line is one line of a Doc.
type Line struct {
	Text  string // no control characters; at most Width characters
	Spans []Span // in order, without gaps, over the whole Text
	// Continued: the line goes on where the one before broke off for lack
	// of width. It starts with a continuation mark.
	Continued bool
}

// Continuation marks a line that goes on from the one before.
const Continuation = "↪ "

// pen writes one line, or only measures it when draw is false.
type pen struct {
	width int
	col   int
	draw  bool
	text  []byte
	spans []Span
}

// put writes s, of cols characters, if it fits.
func (p *pen) put(class Class, s string, cols int) bool {
	if p.col+cols > p.width {
		return false
	}
	p.col += cols
	if p.draw {
		p.text = append(p.text, s...)
		p.classify(class, len(s))
	}
	return true
}

// classify gives the last n bytes written a class.
func (p *pen) classify(class Class, n int) {
	if n == 0 {
		return
	}
	if last := len(p.spans) - 1; last >= 0 && p.spans[last].Class == class {
		p.spans[last].End += n
		return
	}
	p.spans = append(p.spans, Span{Start: len(p.text) - n, End: len(p.text), Class: class})
}

// margin writes an indent of n characters, and the mark of a continued line.
func (p *pen) margin(n int, continued bool) {
	p.col += n
	if p.draw {
		for range n {
			p.text = append(p.text, ' ')
		}
		p.classify(Plain, n)
	}
	if continued {
		p.put(Muted, Continuation, 2)
	}
}

// line returns what was drawn.
func (p *pen) line(continued bool) Line {
	return Line{Text: string(p.text), Spans: p.spans, Continued: continued}
}
