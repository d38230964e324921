package main

import (
	"context"
	"os"
	"path/filepath"
	"runtime"

	"tidings/app"
	"tidings/app/moving"
	"tidings/profiles"
	"tidings/profiles/secrets"
	"tidings/profiles/snippet"
	"tidings/profiles/transfer"
	"tidings/profiles/transfer/pack"
)

// mover shows the importers, the export and the snippets as the desk knows
// them.
type mover struct{ *profiles.Store }

// Usual implements desk.Mover.
func (mover) Usual(ctx context.Context) []moving.Source {
	return transfer.There(ctx, transfer.Places(transfer.System{GOOS: runtime.GOOS, Home: homeDir(), Env: os.Getenv}))
}

// Load implements desk.Mover.
func (mover) Load(ctx context.Context, path string) ([]byte, error) { return transfer.Load(ctx, path) }

// Read implements desk.Mover.
func (mover) Read(ctx context.Context, name string, data []byte, passphrase app.Secret) moving.Preview {
	return transfer.Read(ctx, name, data, passphrase)
}

// Compare implements desk.Mover.
func (mover) Compare(p *moving.Preview, here []moving.Local) { transfer.Compare(p, here) }

// Write implements desk.Mover.
func (mover) Write(list []moving.Entry, passphrase app.Secret) (moving.File, error) {
	return pack.Write(list, passphrase)
}

// Save implements desk.Mover. It is not the Save of the embedded store, which
// the desk has for itself.
func (mover) Save(path string, data []byte, replace bool) error {
	return transfer.Save(path, data, replace)
}

// ExportPath implements desk.Mover.
func (mover) ExportPath() string { return filepath.Join(homeDir(), "tidings-connections.toml") }

// Strength implements desk.Mover.
func (mover) Strength(passphrase app.Secret) (level int, hint app.Text) {
	s := secrets.PassphraseStrength(passphrase)
	return int(s), s.Text()
}

// Snippet implements desk.Mover.
func (mover) Snippet(kind moving.SnippetKind, in moving.SnippetInput) (moving.Snippet, error) {
	return snippet.Make(kind, in)
}

// homeDir is the person's folder, empty when the system names none.
func homeDir() string {
	dir, err := os.UserHomeDir()
	if err != nil {
		return ""
	}
	return dir
}
