package keep

import (
	"errors"
	"strconv"

	"github.com/pelletier/go-toml/v2/unstable"
)

// What a document may cost beside its bytes. The decoder looks for each key
// among all that it has met, one after the other, and the encoder writes above
// each table the names of all that it is in: a few megabytes by a hostile
// author would take hours, or all memory.
const (
	maxNesting = 32         // keys and lists inside each other, dots included
	maxLooks   = 30_000_000 // at one key for another: a second, as each file is decoded several times
	maxNames   = 64 << 20   // bytes of all keys, each with those that it is in
	itemLooks  = 16         // what an item of a list costs, in looks
)

// ErrCostly says that a document has too many keys, or nests them too deeply.
var ErrCostly = errors.New("too many keys, or tables nested too deeply")

// Affordable returns ErrCostly for TOML that is out of all proportion to what
// it says, nil for any other text: what is broken, the decoder finds.
func Affordable(data []byte) error {
	c := cost{met: map[string]struct{}{}}
	var p unstable.Parser
	p.Reset(data)
	for p.NextExpression() {
		switch e := p.Expression(); e.Kind {
		case unstable.KeyValue:
			c.pair(c.table, e)
		case unstable.Table, unstable.ArrayTable:
			c.table = c.key(place{}, e.Key())
		}
		if c.over || c.looks > maxLooks {
			return ErrCostly
		}
	}
	return nil
}

// place is where a key stands: all keys above it and its own.
type place struct {
	name  string
	depth int
}

// cost is what a document has cost so far.
type cost struct {
	table        place               // under the last head
	met          map[string]struct{} // names of places; the elements of a [[list]] share theirs
	looks, names int
	over         bool
}

// at notes a place under another one.
func (c *cost) at(above place, name string) place {
	c.names += len(above.name) + len(name)
	c.looks += len(c.met)
	if above.depth == maxNesting || c.names > maxNames || c.looks > maxLooks {
		c.over = true
		return above
	}
	p := place{above.name + "\x00" + name, above.depth + 1}
	c.met[p.name] = struct{}{}
	return p
}

// key notes the parts of a key.
func (c *cost) key(p place, parts unstable.Iterator) place {
	for !c.over && parts.Next() {
		p = c.at(p, string(parts.Node().Data))
	}
	return p
}

// pair notes a key and what is in its value.
func (c *cost) pair(above place, e *unstable.Node) { c.value(c.key(above, e.Key()), e.Value()) }

func (c *cost) value(p place, v *unstable.Node) {
	inside := v.Children()
	switch v.Kind {
	case unstable.InlineTable:
		for !c.over && inside.Next() {
			c.pair(p, inside.Node())
		}
	case unstable.Array:
		for n := 0; !c.over && inside.Next(); n++ {
			c.looks += itemLooks
			switch e := inside.Node(); e.Kind {
			case unstable.InlineTable, unstable.Array: // the decoder remembers the keys of each
				c.value(c.at(p, strconv.Itoa(n)), e)
			}
		}
	}
}
