package xmltree

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

const (
	maxDepth = 32
	maxNodes = 100_000
)

// ErrLimit says that the file is deeper or larger than a configuration is.
var (
	ErrLimit   = errors.New("the XML is too deep or too large")
	errDocType = errors.New("the XML has a document type, which is not read")
)

// Node is one element: its local name, its attributes by local name, its own
// text without blanks around it, and its children in order. A nil node has
// nothing, and may be asked all the same.
type Node struct {
	Name     string
	attrs    map[string]string
	text     strings.Builder
	Children []*Node
}

// Parse reads a document and returns its root. No error quotes the file. When
// ctx ends, it fails.
func Parse(ctx context.Context, data []byte) (*Node, error) {
	dec := xml.NewDecoder(bytes.NewReader(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))))
	top := &Node{}
	stack := []*Node{top}
	for n := 0; ; n++ {
		if err := over(ctx, n); err != nil {
			return nil, err
		}
		token, err := dec.RawToken()
		switch {
		case errors.Is(err, io.EOF) && len(stack) == 1 && len(top.Children) == 1:
			return top.Children[0], nil
		case err != nil:
			return nil, broken(dec)
		}
		here := stack[len(stack)-1]
		switch t := token.(type) {
		case xml.Directive:
			return nil, errDocType
		case xml.StartElement:
			child := element(t)
			here.Children = append(here.Children, child)
			if stack = append(stack, child); len(stack) > maxDepth || len(t.Attr) > 100 {
				return nil, ErrLimit
			}
		case xml.EndElement:
			if len(stack) == 1 || here.Name != t.Name.Local {
				return nil, broken(dec)
			}
			stack = stack[:len(stack)-1]
		case xml.CharData:
			here.text.Write(t)
		}
	}
}

// over returns why there is no more to read after n tokens; nil goes on.
func over(ctx context.Context, n int) error {
	if n > 4*maxNodes {
		return ErrLimit
	}
	return ctx.Err()
}

func element(t xml.StartElement) *Node {
	n := &Node{Name: t.Name.Local, attrs: map[string]string{}}
	for _, a := range t.Attr {
		n.attrs[a.Name.Local] = a.Value
	}
	return n
}

func broken(dec *xml.Decoder) error {
	line, _ := dec.InputPos()
	return fmt.Errorf("broken XML in line %d", line)
}

// Text returns the element's own text without blanks around it.
func (n *Node) Text() string { return strings.TrimSpace(n.Content()) }

// Content returns the element's own text as it stands.
func (n *Node) Content() string {
	if n == nil {
		return ""
	}
	return n.text.String()
}

// Attr returns an attribute, "" when there is none.
func (n *Node) Attr(name string) string {
	if n == nil {
		return ""
	}
	return n.attrs[name]
}

// Child returns the first child with that name, nil when there is none.
func (n *Node) Child(name string) *Node {
	for _, c := range n.All(name) {
		return c
	}
	return nil
}

// At follows the names down from n.
func (n *Node) At(names ...string) *Node {
	for _, name := range names {
		n = n.Child(name)
	}
	return n
}

// All returns the children with that name: one, or many, or none.
func (n *Node) All(name string) (list []*Node) {
	if n == nil {
		return nil
	}
	for _, c := range n.Children {
		if c.Name == name {
			list = append(list, c)
		}
	}
	return list
}

// Has reports whether there is a child with that name and some text.
func (n *Node) Has(name string) bool { return n.Child(name).Text() != "" }

// Number returns the text of a child as a whole number; false when it is none.
func (n *Node) Number(name string) (int64, bool) {
	v, err := strconv.ParseInt(n.Child(name).Text(), 10, 64)
	return v, err == nil
}

// Bool reads a truth value of XML Schema; "false" is false, and all that is
// none is otherwise.
func Bool(s string, otherwise bool) bool {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "true", "1":
		return true
	case "false", "0":
		return false
	}
	return otherwise
}
