package pack

import (
	"bytes"
	"fmt"
	"maps"
	"slices"

	"github.com/pelletier/go-toml/v2"

	"tidings/app"
	"tidings/app/moving"
	"tidings/profiles"
	"tidings/profiles/secrets"
)

const (
	formatName = "tidings-connections"
	version    = 1
)

const about = `# Connections of Tidings. Open this file with "Import" in Tidings.
# It holds no password unless there is a part "sealed", which opens with the
# passphrase that was chosen at the export.

`

// Write returns the file. Without a passphrase everything secret is left out,
// and Left says what; with one it is sealed, which takes about a second. The
// profile of the local broker is left out: it means nothing elsewhere. The error
// is an *app.Error.
func Write(list []moving.Entry, passphrase app.Secret) (f moving.File, err error) {
	doc := map[string]any{"format": formatName, "version": int64(version)}
	var tables []map[string]any
	kept := map[string]app.Secret{}
	for _, e := range list {
		name := e.Profile.Name
		if e.Profile.LocalBroker {
			f.Left = append(f.Left, moving.Left{Profile: name, Findings: []moving.Finding{{Field: "LocalBroker", Why: app.Say("moving.why.local_broker")}}})
			continue
		}
		p, hidden := takeOut(e.Profile, e.Secrets)
		table, err := profiles.Table(p, e.Extra)
		if err != nil {
			return moving.File{}, notWritten(fmt.Errorf("profile %s: %w", p.ID, err))
		}
		table["id"] = p.ID
		tables = append(tables, table)
		if passphrase == "" {
			if findings := withheld(hidden); len(findings) > 0 {
				f.Left = append(f.Left, moving.Left{Profile: name, Findings: findings})
			}
			continue
		}
		for what, value := range hidden {
			kept[p.ID+"/"+what] = value
		}
	}
	doc["profiles"] = tables
	if passphrase != "" && len(kept) > 0 {
		if doc["sealed"], err = seal(passphrase, kept); err != nil {
			return moving.File{}, err
		}
	}
	var out bytes.Buffer
	out.WriteString(about)
	if err := toml.NewEncoder(&out).Encode(doc); err != nil {
		return moving.File{}, notWritten(err)
	}
	f.Data, f.Secrets = out.Bytes(), len(kept)
	return f, nil
}

func seal(passphrase app.Secret, kept map[string]app.Secret) (map[string]any, error) {
	data, err := secrets.Seal(passphrase, kept)
	if err != nil {
		return nil, err
	}
	var table map[string]any
	if err := toml.Unmarshal(data, &table); err != nil {
		return nil, notWritten(err)
	}
	return table, nil
}

// withheld says what was left out for want of a passphrase.
func withheld(hidden map[string]app.Secret) (list []moving.Finding) {
	for _, name := range slices.Sorted(maps.Keys(hidden)) {
		list = append(list, moving.Finding{Field: "Secret." + name, Why: app.Say("moving.why.withheld")})
	}
	return list
}

func notWritten(cause error) *app.Error {
	return &app.Error{What: app.Say("moving.not_written"), Cause: cause}
}
