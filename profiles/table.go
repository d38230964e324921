package profiles

import (
	"maps"

	"github.com/pelletier/go-toml/v2"

	"tidings/app"
	"tidings/profiles/internal/keep"
)

// A profile outside its own file, for a file that holds several: the same
// keys, as a table.

// Table returns p as the table of keys that its file would hold. extra holds
// keys of a newer version, which go along; nil for none. Safe for concurrent
// use.
func Table(p app.Profile, extra map[string]any) (map[string]any, error) {
	if err := storable(p); err != nil {
		return nil, err
	}
	data, err := encode(p, extra)
	if err != nil {
		return nil, err
	}
	var table map[string]any
	err = toml.Unmarshal(data, &table)
	return table, err
}

// FromTable is the inverse of Table: it returns the profile, under the given
// ID, and all keys of the table. Keys that this version does not know are no
// error, and those that it knows have their proper case. Safe for concurrent
// use.
func FromTable(id string, table map[string]any) (p app.Profile, all map[string]any, err error) {
	data, err := toml.Marshal(table)
	if err != nil {
		return p, nil, err
	}
	return decode(id, data)
}

// Keys returns all keys in the file of a profile, those of a newer version
// too; nil when there is no such file, or none that can be read.
func (s *Store) Keys(id string) map[string]any {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !ValidID(id) {
		return nil
	}
	data, err := keep.Read(s.path(id))
	if err != nil {
		return nil
	}
	_, all, err := decode(id, data)
	if err != nil {
		return nil
	}
	return all
}

// SaveWith is Save with keys of a newer version that came with p from another
// file; they win over those in the old file. The error is an *app.Error.
func (s *Store) SaveWith(p app.Profile, extra map[string]any) error {
	return s.save(p, func(old map[string]any) map[string]any {
		if len(extra) == 0 {
			return old
		}
		all := maps.Clone(old)
		if all == nil {
			all = map[string]any{}
		}
		maps.Copy(all, extra)
		return all
	})
}

// SaveOnly is Save with those keys of a newer version and no others: those in
// the old file go with it. The error is an *app.Error.
func (s *Store) SaveOnly(p app.Profile, keys map[string]any) error {
	return s.save(p, func(map[string]any) map[string]any { return keys })
}
