// Package xmlfile reads what the configuration files in XML have in common:
// one root element, and a list of connections somewhere below it.
package xmlfile

import (
	"context"
	"fmt"

	"tidings/app/moving"
	"tidings/profiles/transfer/internal/draft"
	"tidings/profiles/transfer/internal/xmltree"
)

// File is how a client keeps its connections.
type File struct {
	Format moving.Format
	Root   string // the name of the root element
	// Connections returns the elements that are one connection each.
	Connections func(root *xmltree.Node) []*xmltree.Node
	// Item makes a connection of such an element.
	Item func(*xmltree.Node) moving.Item
}

// Read returns what a file holds. It never fails: what is wrong stands in the
// preview. What it returns once ctx has ended is of no use.
func (f File) Read(ctx context.Context, data []byte) moving.Preview {
	p := moving.Preview{Format: f.Format}
	if len(data) > draft.MaxSmall {
		p.Problems = append(p.Problems, draft.TooLarge(draft.MaxSmall))
		return p
	}
	root, err := xmltree.Parse(ctx, data)
	if err == nil && root.Name != f.Root {
		err = fmt.Errorf("the root element is not <%s>", f.Root)
	}
	if err != nil {
		p.Problems = append(p.Problems, draft.Unreadable(err))
		return p
	}
	for _, c := range f.Connections(root) {
		if ctx.Err() != nil {
			break
		}
		if len(p.Items) == draft.MaxItems {
			p.Problems = append(p.Problems, draft.TooMany())
			break
		}
		p.Items = append(p.Items, f.Item(c))
	}
	if len(p.Items) == 0 {
		p.Problems = append(p.Problems, draft.Nothing())
	}
	return p
}
