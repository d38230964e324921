package keep

import (
	"bytes"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

// Document is a file to be written: what it is, and its keys in the order in
// which a person wants to read them.
type Document struct {
	// About is the comment at the top, without "#".
	About string
	// Keys are the keys of this version, top level, in writing order.
	Keys []Key
}

// Key is one top-level key of a Document. A nil Value leaves it out.
type Key struct {
	Name  string
	Value any
}

// Encode returns the document as TOML. extra holds the content of the file
// that is being replaced: its keys that the document does not know follow
// after the known ones, in alphabetical order, so that a file of a newer
// version keeps what this version cannot show.
//
// Plain values come before tables, because TOML gives every key after a
// table's head to that table.
func (d Document) Encode(extra map[string]any) ([]byte, error) {
	keys := slices.Clone(d.Keys)
	for _, name := range slices.Sorted(maps.Keys(extra)) {
		if !slices.ContainsFunc(d.Keys, func(k Key) bool { return k.Name == name }) {
			keys = append(keys, Key{name, extra[name]})
		}
	}
	var out bytes.Buffer
	for line := range strings.Lines(d.About) {
		out.WriteString(strings.TrimRight("# "+line, "\n ") + "\n")
	}
	out.WriteByte('\n')
	for _, tables := range []bool{false, true} {
		for _, k := range keys {
			if k.Value == nil || isTable(k.Value) != tables {
				continue
			}
			text, err := toml.Marshal(map[string]any{k.Name: k.Value})
			if err != nil {
				return nil, fmt.Errorf("encode %s: %w", k.Name, err)
			}
			if tables {
				out.WriteByte('\n')
			}
			out.Write(text)
		}
	}
	return out.Bytes(), nil
}

// isTable reports whether TOML writes v as a table or as an array of tables.
func isTable(v any) bool {
	switch v := v.(type) {
	case map[string]any:
		return true
	case []map[string]any:
		return true
	case []any:
		for _, item := range v {
			if _, ok := item.(map[string]any); !ok {
				return false
			}
		}
		return len(v) > 0
	}
	return false
}

// Decode reads TOML into known, a pointer to a struct of this version's keys,
// and returns all keys of the file. A key that differs from a known one in
// case only counts as that key. A byte order mark, as some editors put it, is
// skipped. The error is ErrCostly, or names line and column where it can.
func Decode(data []byte, known any) (all map[string]any, err error) {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if err := Affordable(data); err != nil {
		return nil, err
	}
	if err := toml.Unmarshal(data, &all); err != nil {
		return nil, position(err)
	}
	if err := toml.Unmarshal(data, known); err != nil {
		return all, position(err)
	}
	return all, unify(all, reflect.TypeOf(known))
}

// unify gives every key that means a known one its proper case. The decoder
// ignores case, so "Name" fills the field "name"; left as it stands it would
// be taken for an unknown key, and kept beside the new name at the next save.
func unify(table map[string]any, shape reflect.Type) error {
	shape = element(shape)
	if shape.Kind() != reflect.Struct {
		return nil
	}
	for i := range shape.NumField() {
		name := shape.Field(i).Tag.Get("toml")
		for key := range table {
			if key == name || strings.ToLower(key) != name { // tags are lower case
				continue
			}
			if _, twice := table[name]; twice {
				return fmt.Errorf("%q and %q are the same key", name, key)
			}
			table[name] = table[key]
			delete(table, key)
		}
		for _, inner := range tables(table[name]) {
			if err := unify(inner, shape.Field(i).Type); err != nil {
				return err
			}
		}
	}
	return nil
}

// element returns what a pointer or a list is made of.
func element(t reflect.Type) reflect.Type {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	return t
}

// tables returns v as the tables that it holds: one, or a list of them.
func tables(v any) (list []map[string]any) {
	switch v := v.(type) {
	case map[string]any:
		return []map[string]any{v}
	case []any:
		for _, item := range v {
			list = append(list, tables(item)...)
		}
	}
	return list
}

// position adds line and column to a decoder's error that has them.
func position(err error) error {
	if at, ok := err.(interface{ Position() (row, column int) }); ok {
		row, column := at.Position()
		return fmt.Errorf("line %d, column %d: %w", row, column, err)
	}
	return err
}

// Merge returns known with those keys of old that known does not have: the
// table of a newer version keeps what this version cannot show. A key that
// this version knows but leaves out stands in known with the value nil, so
// that it does not come back from old. Neither argument changes.
func Merge(known, old map[string]any) map[string]any {
	out := make(map[string]any, len(known)+len(old))
	maps.Copy(out, old)
	maps.Copy(out, known)
	maps.DeleteFunc(out, func(_ string, v any) bool { return v == nil })
	return out
}
