package link

import "sync"

// The classes of pooled buffers. Each is eight to sixteen times the one
// before, so a peer that sends few bytes never holds many.
const (
	small = iota
	medium
	large
	unpooled // memory of its own: a grown frame, or one that is shared
)

const (
	smallSize  = 512
	mediumSize = 4 << 10
	largeSize  = 64 << 10
)

// pools lends buffers of the three sizes. The zero value is ready. Safe for
// concurrent use.
type pools struct {
	small, medium, large sync.Pool
}

// classFor returns the smallest class that holds n bytes.
func classFor(n int) int {
	switch {
	case n <= smallSize:
		return small
	case n <= mediumSize:
		return medium
	case n <= largeSize:
		return large
	}
	return unpooled
}

func classSize(class int) int {
	return [...]int{smallSize, mediumSize, largeSize}[class]
}

// get lends a buffer of a class, full length.
func (p *pools) get(class int) []byte {
	switch class {
	case small:
		if b, ok := p.small.Get().(*[smallSize]byte); ok {
			return b[:]
		}
		return new([smallSize]byte)[:]
	case medium:
		if b, ok := p.medium.Get().(*[mediumSize]byte); ok {
			return b[:]
		}
		return new([mediumSize]byte)[:]
	}
	if b, ok := p.large.Get().(*[largeSize]byte); ok {
		return b[:]
	}
	return new([largeSize]byte)[:]
}

// put takes a buffer back, as get gave it or cut at its end. What is not of a
// pooled size is left to the collector.
func (p *pools) put(b []byte) {
	switch cap(b) {
	case smallSize:
		p.small.Put((*[smallSize]byte)(b[:smallSize]))
	case mediumSize:
		p.medium.Put((*[mediumSize]byte)(b[:mediumSize]))
	case largeSize:
		p.large.Put((*[largeSize]byte)(b[:largeSize]))
	}
}
