// Package tree keeps the live topic tree of a connection and the list of its
// visible rows.
//
// Every level of every topic is a node in a paged slab. The children of a
// node form a treap ordered by name, whose nodes carry the number of visible
// rows beneath them; so finding row i, or the row of a node, is a walk of
// O(levels × log children), and inserting a topic or expanding a node never
// flattens anything anew. A message for a known topic costs one map lookup and
// a walk up its levels.
//
// All methods are safe for concurrent use. Nothing returned aliases memory
// that the tree changes.
package tree
