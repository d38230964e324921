package secrets

import (
	"cmp"
	"errors"
	"io/fs"
	"log/slog"
	"maps"
	"slices"
	"sync"

	"tidings/app"
	"tidings/profiles/internal/keep"
)

// index remembers which place holds which secret, and where an outdated copy
// still lies. A keyring cannot list what it holds, and a locked vault will
// not. It holds no secret. When its file is lost, Router finds out again.
type index struct {
	path string
	log  *slog.Logger

	mu      sync.Mutex
	entries map[app.SecretRef]entry
	doomed  []string         // profiles that are deleted, whose secrets are to go
	rest    []map[string]any // what a newer version wrote
	locked  bool             // the file may be good and could not be read: leave it alone
}

// entry is what the index knows about one secret. Copies in a stale place are
// never read; they go as soon as that place can be used.
type entry struct {
	place app.SecretPlace   // PlaceNone, PlaceKeyring or PlaceVault
	stale []app.SecretPlace // without place
}

func (e entry) isStale(p app.SecretPlace) bool { return slices.Contains(e.stale, p) }

// without returns e with no copy at p.
func (e entry) without(p app.SecretPlace) entry {
	e.stale = slices.DeleteFunc(slices.Clone(e.stale), func(q app.SecretPlace) bool { return p == q })
	if e.place == p {
		e.place = app.PlaceNone
	}
	return e
}

// moved returns e with the secret at p, and a copy elsewhere stale.
func (e entry) moved(p app.SecretPlace) entry {
	old := e.place
	e = e.without(p)
	e.place = p
	if old != p {
		e = e.spoilt(old)
	}
	return e
}

// spoilt returns e with a stale copy at p, unless p is where the secret is.
func (e entry) spoilt(p app.SecretPlace) entry {
	if p != app.PlaceNone && p != e.place && !e.isStale(p) {
		e.stale = append(slices.Clone(e.stale), p)
	}
	return e
}

// kindName returns the name of a kind in files and in the keyring.
func kindName(k app.SecretKind) string {
	switch k {
	case app.SecretPassword:
		return "password"
	case app.SecretKey:
		return "key"
	case app.SecretKeyPassphrase:
		return "key-passphrase"
	case app.SecretProxyPassword:
		return "proxy-password"
	case app.SecretHeaders:
		return "headers"
	case app.SecretQuery:
		return "query"
	}
	return ""
}

// placeName returns the name of a place in the index.
func placeName(p app.SecretPlace) string {
	switch p {
	case app.PlaceKeyring:
		return "keyring"
	case app.PlaceVault:
		return "vault"
	}
	return ""
}

// kindOf is the inverse of kindName.
func kindOf(name any) (app.SecretKind, bool) { return named(kindName, name, app.SecretKinds()...) }

// placeOf is the inverse of placeName.
func placeOf(name any) (app.SecretPlace, bool) {
	return named(placeName, name, app.PlaceNone, app.PlaceKeyring, app.PlaceVault)
}

// named returns that of all whose name stands in value.
func named[K any](nameOf func(K) string, value any, all ...K) (k K, ok bool) {
	for _, k := range all {
		if nameOf(k) == value {
			return k, true
		}
	}
	return k, false
}

const indexAbout = `Which secret of which connection is kept where. It holds no secrets.`

// indexFile is the file, as far as it is read.
type indexFile struct {
	Secret    []map[string]any `toml:"secret"`
	Condemned []string         `toml:"condemned"`
}

// openIndex reads the index at path. One that cannot be understood is set
// aside.
func openIndex(path string, log *slog.Logger) *index {
	x := &index{path: path, log: log, entries: map[app.SecretRef]entry{}}
	data, err := keep.Read(path)
	if errors.Is(err, fs.ErrNotExist) {
		return x
	}
	if err != nil && !errors.Is(err, keep.ErrTooLarge) {
		log.Warn("list of secrets cannot be read", "err", err)
		x.locked = true
		return x
	}
	var f indexFile
	if err == nil {
		_, err = keep.Decode(data, &f)
	}
	if err != nil {
		aside, asideErr := keep.SetAside(path)
		x.locked = asideErr != nil
		log.Warn("list of secrets set aside", "file", aside, "err", errors.Join(err, asideErr))
		return x
	}
	x.doomed = slices.DeleteFunc(f.Condemned, func(id string) bool { return id == "" })
	for _, row := range f.Secret {
		if ref, e, ok := decodeRow(row); ok {
			x.entries[ref] = e
		} else {
			x.rest = append(x.rest, row)
		}
	}
	return x
}

// get returns what is known of ref; known is false when nothing is.
func (x *index) get(ref app.SecretRef) (e entry, known bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	e, known = x.entries[ref]
	return e, known
}

// refs returns all that the index knows, by profile and kind.
func (x *index) refs() []app.SecretRef {
	x.mu.Lock()
	defer x.mu.Unlock()
	return slices.SortedFunc(maps.Keys(x.entries), compareRefs)
}

func compareRefs(a, b app.SecretRef) int {
	return cmp.Or(cmp.Compare(a.Profile, b.Profile), cmp.Compare(a.Kind, b.Kind))
}

// put notes e and writes the file when that is news. A failure to write is
// logged only: this run goes on with what is in memory, and the next finds
// out again.
func (x *index) put(ref app.SecretRef, e entry) {
	x.mu.Lock()
	defer x.mu.Unlock()
	old, known := x.entries[ref]
	if e.place == app.PlaceNone && len(e.stale) == 0 {
		if !known {
			return
		}
		delete(x.entries, ref)
	} else {
		if known && old.place == e.place && slices.Equal(old.stale, e.stale) {
			return
		}
		x.entries[ref] = e
	}
	x.save()
}

// condemn notes whether the secrets of a profile are to go.
func (x *index) condemn(profile string, on bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if slices.Contains(x.doomed, profile) == on {
		return
	}
	if on {
		x.doomed = append(x.doomed, profile)
	} else {
		x.doomed = slices.DeleteFunc(x.doomed, func(id string) bool { return id == profile })
	}
	x.save()
}

// condemned returns the profiles whose secrets are to go.
func (x *index) condemned() []string {
	x.mu.Lock()
	defer x.mu.Unlock()
	return slices.Clone(x.doomed)
}

// save writes the file; see put. The caller holds mu.
func (x *index) save() {
	if err := x.write(); err != nil {
		x.log.Warn("list of secrets not written", "err", err)
	}
}

// write replaces the file. The caller holds mu.
func (x *index) write() error {
	if x.locked {
		return errors.New("it could not be read")
	}
	rows := make([]map[string]any, 0, len(x.entries)+len(x.rest))
	for _, ref := range slices.SortedFunc(maps.Keys(x.entries), compareRefs) {
		rows = append(rows, encodeRow(ref, x.entries[ref]))
	}
	rows = append(rows, x.rest...)
	keys := []keep.Key{{Name: "version", Value: int64(1)}}
	if len(x.doomed) > 0 {
		keys = append(keys, keep.Key{Name: "condemned", Value: x.doomed})
	}
	data, err := keep.Document{About: indexAbout, Keys: append(keys, keep.Key{Name: "secret", Value: rows})}.Encode(nil)
	if err != nil {
		return err
	}
	return keep.Write(x.path, data)
}

func encodeRow(ref app.SecretRef, e entry) map[string]any {
	row := map[string]any{"profile": ref.Profile, "kind": kindName(ref.Kind), "place": placeName(e.place)}
	if len(e.stale) > 0 {
		stale := make([]any, len(e.stale))
		for i, p := range e.stale {
			stale[i] = placeName(p)
		}
		row["stale"] = stale
	}
	return row
}

func decodeRow(row map[string]any) (ref app.SecretRef, e entry, ok bool) {
	kind, okKind := kindOf(row["kind"])
	place, okPlace := placeOf(row["place"])
	ref.Profile, ok = row["profile"].(string)
	ref.Kind, e.place = kind, place
	if !ok || !okKind || !okPlace || ref.Profile == "" {
		return ref, e, false
	}
	stale, _ := row["stale"].([]any)
	for _, name := range stale {
		p, ok := placeOf(name)
		if !ok || p == app.PlaceNone {
			return ref, e, false
		}
		if p != e.place && !e.isStale(p) {
			e.stale = append(e.stale, p)
		}
	}
	return ref, e, true
}
