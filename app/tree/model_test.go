package tree_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tidings/app"
	"tidings/app/tree"
)

// model is the naive tree: every level by its path, flattened on demand.
type model struct {
	nodes    map[string]*modelNode // by full path
	maxNodes int
	overflow uint64
}

type modelNode struct {
	own      uint64
	value    []byte
	qos      app.QoS
	retained bool
	seen     int64
	expanded bool
}

const maxValue = 8

func (m *model) update(batch []app.Message) {
	for _, msg := range batch {
		levels := strings.Split(msg.Topic, "/")
		missing := 0
		for i := range levels {
			if m.nodes[strings.Join(levels[:i+1], "/")] == nil {
				missing++
			}
		}
		if len(levels) > tree.MaxLevels || len(m.nodes)+missing > m.maxNodes {
			m.overflow++
			continue
		}
		for i := range levels {
			if path := strings.Join(levels[:i+1], "/"); m.nodes[path] == nil {
				m.nodes[path] = &modelNode{}
			}
		}
		n := m.nodes[msg.Topic]
		n.own++
		n.value, n.qos, n.seen = bytes.Clone(msg.Payload), msg.QoS, max(n.seen, msg.Received.UnixNano())
		if msg.Retained {
			n.retained = len(msg.Payload) > 0
		}
	}
}

// children returns the paths one level below path in order; root is "".
func (m *model) children(path string, depth int) []string {
	var found []string
	for p := range m.nodes {
		levels := strings.Split(p, "/")
		if len(levels) == depth+1 && (depth == 0 || strings.HasPrefix(p, path+"/")) {
			found = append(found, p)
		}
	}
	slices.SortFunc(found, func(a, b string) int {
		if depth == 0 && strings.HasPrefix(a, "$") != strings.HasPrefix(b, "$") {
			if strings.HasPrefix(b, "$") {
				return -1
			}
			return 1
		}
		return strings.Compare(a, b)
	})
	return found
}

// rows returns the visible rows, and their paths.
func (m *model) rows(path string, depth int) (rows []tree.Row, paths []string) {
	for _, p := range m.children(path, depth) {
		n := m.nodes[p]
		row := tree.Row{
			Depth: depth, Name: p[strings.LastIndexByte(p, '/')+1:],
			Expandable: len(m.children(p, depth+1)) > 0, Expanded: n.expanded,
			HasValue: n.own > 0, Size: len(n.value), QoS: n.qos, Retained: n.retained,
			Preview: append([]byte(nil), n.value[:min(len(n.value), maxValue)]...),
		}
		for q, other := range m.nodes {
			if q == p || strings.HasPrefix(q, p+"/") {
				row.Messages += other.own
				row.LastSeen = max(row.LastSeen, other.seen)
				if other.own > 0 {
					row.Topics++
				}
			}
		}
		rows, paths = append(rows, row), append(paths, p)
		if n.expanded {
			below, belowPaths := m.rows(p, depth+1)
			rows, paths = append(rows, below...), append(paths, belowPaths...)
		}
	}
	return rows, paths
}

// check compares everything visible.
func (m *model) check(t *rapid.T, tr *tree.Tree) {
	want, paths := m.rows("", 0)
	if tr.Len() != len(want) {
		t.Fatalf("Len %d, want %d: %q", tr.Len(), len(want), paths)
	}
	got := tr.Rows(0, len(want)+5, nil)
	if len(got) != len(want) {
		t.Fatalf("%d rows, want %d", len(got), len(want))
	}
	for i := range got {
		checkRow(t, tr, got[i], want[i], paths[i], i)
	}
	if len(want) > 0 {
		from := rapid.IntRange(0, len(want)-1).Draw(t, "from")
		for i, r := range tr.Rows(from, 3, nil) {
			if r.ID != got[from+i].ID {
				t.Fatalf("Rows(%d, 3)[%d] is %q, want %q", from, i, r.Name, got[from+i].Name)
			}
		}
	}
	topics := 0
	for _, n := range m.nodes {
		if n.own > 0 {
			topics++
		}
	}
	if s := tr.Stats(); s.Nodes != len(m.nodes) || s.Topics != topics || s.Overflow != m.overflow {
		t.Fatalf("stats %+v, want %d nodes, %d topics, %d overflow", s, len(m.nodes), topics, m.overflow)
	}
}

func checkRow(t *rapid.T, tr *tree.Tree, got, want tree.Row, path string, i int) {
	want.ID = got.ID
	if !bytes.Equal(got.Preview, want.Preview) {
		t.Fatalf("row %d preview %q, want %q", i, got.Preview, want.Preview)
	}
	got.Preview, want.Preview = nil, nil
	if !equalRows(got, want) {
		t.Fatalf("row %d is %+v, want %+v", i, got, want)
	}
	if at, ok := tr.Index(got.ID); !ok || at != i {
		t.Fatalf("Index of row %d is %d, %v", i, at, ok)
	}
	if d, ok := tr.Node(got.ID); !ok || d.Topic != path || d.Below != want.Messages || d.Size != want.Size {
		t.Fatalf("Node of row %d is %+v, want topic %q", i, d, path)
	}
}

func equalRows(a, b tree.Row) bool {
	return a.ID == b.ID && a.Depth == b.Depth && a.Name == b.Name && a.Expandable == b.Expandable &&
		a.Expanded == b.Expanded && a.Topics == b.Topics && a.Messages == b.Messages && a.HasValue == b.HasValue &&
		a.Size == b.Size && a.QoS == b.QoS && a.Retained == b.Retained && a.LastSeen == b.LastSeen
}

// expandAll is ExpandAll of the model.
func (m *model) expandAll(limit int) {
	type place struct {
		path  string
		depth int
	}
	queue := []place{{"", 0}}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		for _, p := range m.children(at.path, at.depth) {
			if len(m.children(p, at.depth+1)) == 0 {
				continue
			}
			n := m.nodes[p]
			if !n.expanded {
				n.expanded = true
				if rows, _ := m.rows("", 0); len(rows) > limit {
					n.expanded = false
					continue
				}
			}
			queue = append(queue, place{p, at.depth + 1})
		}
	}
}

func message() *rapid.Generator[app.Message] {
	level := rapid.SampledFrom([]string{"", "a", "b", "c", "$SYS", "$x", "~", "é"})
	return rapid.Custom(func(t *rapid.T) app.Message {
		return app.Message{
			Topic:   strings.Join(rapid.SliceOfN(level, 1, 4).Draw(t, "levels"), "/"),
			Payload: rapid.SliceOfN(rapid.Byte(), 0, 2*maxValue).Draw(t, "payload"),
			QoS:     app.QoS(rapid.IntRange(0, 2).Draw(t, "qos")), Retained: rapid.Bool().Draw(t, "retained"),
			Received: time.Unix(0, rapid.Int64Range(1, 1000).Draw(t, "received")),
		}
	})
}

// pick draws a visible row. A node without children has no state to change.
func (m *model) pick(t *rapid.T, tr *tree.Tree) (tree.NodeID, *modelNode) {
	rows, paths := m.rows("", 0)
	if len(rows) == 0 {
		t.Skip("no rows")
	}
	i := rapid.IntRange(0, len(rows)-1).Draw(t, "row")
	id := tr.Rows(i, 1, nil)[0].ID
	if !rows[i].Expandable {
		return id, &modelNode{}
	}
	return id, m.nodes[paths[i]]
}

func (m *model) collapseAll() {
	for _, n := range m.nodes {
		n.expanded = false
	}
}

func TestTreeIsLikeTheModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := &model{nodes: map[string]*modelNode{}, maxNodes: rapid.IntRange(1, 60).Draw(t, "maxNodes")}
		tr := tree.New(tree.Options{MaxNodes: m.maxNodes, MaxValue: maxValue})
		t.Repeat(map[string]func(*rapid.T){
			"update": func(t *rapid.T) {
				batch := rapid.SliceOfN(message(), 0, 10).Draw(t, "batch")
				tr.Update(batch)
				m.update(batch)
			},
			"toggle": func(t *rapid.T) {
				id, n := m.pick(t, tr)
				tr.Toggle(id)
				n.expanded = !n.expanded
			},
			"expand": func(t *rapid.T) {
				id, n := m.pick(t, tr)
				tr.Expand(id)
				n.expanded = true
			},
			"expandAll": func(t *rapid.T) {
				limit := rapid.IntRange(0, 60).Draw(t, "limit")
				tr.ExpandAll(limit)
				m.expandAll(limit)
			},
			"collapseAll": func(*rapid.T) {
				tr.CollapseAll()
				m.collapseAll()
			},
			"clear": func(*rapid.T) {
				tr.Clear()
				clear(m.nodes)
			},
			"": func(t *rapid.T) { m.check(t, tr) },
		})
	})
}
