package pack

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"

	"tidings/app"
	"tidings/app/moving"
	"tidings/profiles"
	"tidings/profiles/internal/keep"
	"tidings/profiles/secrets"
	"tidings/profiles/transfer/internal/draft"
)

const maxFile = 4 << 20

var (
	mark     = regexp.MustCompile(`(?m)^format\s*=\s*['"]` + formatName + `['"]`)
	errPlain = errors.New("the TOML is broken")
)

// Is reports whether data is such a file.
func Is(data []byte) bool { return mark.Match(data) }

type file struct {
	Version  int              `toml:"version"`
	Profiles []map[string]any `toml:"profiles"`
	Sealed   map[string]any   `toml:"sealed"`
}

// Read returns what a file holds; Compare of package transfer says how it
// relates to what is here. It never fails: what is wrong stands in the
// preview. With a passphrase it takes a second or two. What it returns once ctx
// has ended is of no use.
func Read(ctx context.Context, data []byte, passphrase app.Secret) moving.Preview {
	p := moving.Preview{Format: moving.FormatTidings}
	if len(data) > maxFile {
		p.Problems = append(p.Problems, draft.TooLarge(maxFile))
		return p
	}
	var f file
	if err := keep.Affordable(data); err != nil {
		p.Problems = append(p.Problems, draft.Unreadable(err))
		return p
	}
	if err := toml.Unmarshal(data, &f); err != nil {
		p.Problems = append(p.Problems, draft.Unreadable(position(err)))
		return p
	}
	if f.Version > version {
		p.NotRead = append(p.NotRead, moving.Finding{Field: "version", Why: app.Say("moving.why.newer")})
	}
	if len(f.Profiles) > draft.MaxItems {
		f.Profiles = f.Profiles[:draft.MaxItems]
		p.Problems = append(p.Problems, draft.TooMany())
	}
	names := map[string]int{} // ID in the file → index of the item
	for i, table := range f.Profiles {
		if ctx.Err() != nil {
			return p
		}
		it, id, err := item(table)
		if err != nil {
			p.Problems = append(p.Problems, draft.Unreadable(fmt.Errorf("profile %d cannot be understood", i+1)))
			continue
		}
		if _, twice := names[id]; twice {
			it.Profile.ID = app.NewID()
		} else {
			names[id] = len(p.Items)
		}
		p.Items = append(p.Items, it)
	}
	if f.Sealed != nil && ctx.Err() == nil {
		open(&p, f.Sealed, passphrase, names)
	}
	for i := range p.Items {
		takeHeaders(&p.Items[i])
	}
	if len(p.Items) == 0 && len(p.Problems) == 0 {
		p.Problems = append(p.Problems, draft.Nothing())
	}
	return p
}

// item makes an item of one table. What another machine switched on to happen
// by itself is off here until a person says so.
func item(table map[string]any) (moving.Item, string, error) {
	id, _ := table["id"].(string)
	delete(table, "id")
	fresh := id
	if !profiles.ValidID(id) {
		fresh = app.NewID()
	}
	d := &draft.Draft{}
	for _, key := range slices.Sorted(maps.Keys(table)) {
		if strings.EqualFold(key, "security") {
			d.PrivateKey(key, []byte(takeKeys(table[key])))
		}
	}
	var all map[string]any
	var err error
	if d.Profile, all, err = profiles.FromTable(fresh, table); err != nil {
		return moving.Item{}, "", err
	}
	takeQuery(&d.Item)
	known, err := profiles.Table(d.Profile, nil)
	if err != nil {
		return moving.Item{}, "", err
	}
	d.Extra = extra(all, known)
	d.Profile.LocalBroker = false
	if d.Profile.AutoConnect {
		d.Profile.AutoConnect = false
		d.Note("auto_connect", "moving.why.auto_connect")
	}
	if d.Profile.Security.SkipVerify {
		d.Unverified()
	}
	d.Addressless()
	return d.Item, id, nil
}

// extra returns the keys of all that this version does not know. A table
// inside may hold such keys too: it comes along, and what is known of it is
// written over it.
func extra(all, known map[string]any) map[string]any {
	out := maps.Clone(all)
	maps.DeleteFunc(out, func(key string, value any) bool {
		_, isKnown := known[key]
		_, isTable := value.(map[string]any)
		_, isList := value.([]any)
		return isKnown && !isTable && !isList
	})
	if len(out) == 0 {
		return nil
	}
	return out
}

// open adds the sealed secrets to their items.
func open(p *moving.Preview, sealed map[string]any, passphrase app.Secret, names map[string]int) {
	if passphrase == "" {
		p.Sealed = true
		return
	}
	data, err := toml.Marshal(sealed)
	if err != nil {
		p.Problems = append(p.Problems, draft.Unreadable(errPlain))
		return
	}
	kept, err := secrets.Open(passphrase, data)
	if err != nil {
		var known *app.Error
		if !errors.As(err, &known) {
			known = draft.Unreadable(errPlain)
		}
		p.Sealed = errors.Is(err, secrets.ErrWrongPassphrase)
		p.Problems = append(p.Problems, known)
		return
	}
	for _, name := range slices.Sorted(maps.Keys(kept)) {
		id, what, _ := strings.Cut(name, "/")
		if i, ok := names[id]; ok {
			putBack(&p.Items[i], what, kept[name])
		}
	}
}

// position returns where the decoder stopped, without what stands there.
func position(err error) error {
	var at *toml.DecodeError
	if errors.As(err, &at) {
		row, column := at.Position()
		return fmt.Errorf("broken TOML in line %d, column %d", row, column)
	}
	return errPlain
}
