package desk

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"tidings/app"
	"tidings/app/moving"
)

// findMissing fills in which files of certificates and keys the items name that
// are not on this computer.
func findMissing(ctx context.Context, items []moving.Item) {
	for i := range items {
		p := items[i].Profile
		if !p.TLS || ctx.Err() != nil {
			continue
		}
		for _, s := range []app.CertSource{p.Security.CA, p.Security.Certificate, p.Security.Key} {
			if absent(s.File) && !slices.Contains(items[i].Missing, s.File) {
				items[i].Missing = append(items[i].Missing, s.File)
			}
		}
	}
}

// absent reports whether there is surely no file at path, "" for none. It asks
// no other computer: Windows would log in at the one that a stranger has
// written into the file.
func absent(path string) bool {
	if path == "" || len(filepath.VolumeName(path)) > len("C:") {
		return false
	}
	_, err := os.Stat(app.ExpandHome(path))
	return err != nil && !errors.Is(err, fs.ErrPermission)
}
