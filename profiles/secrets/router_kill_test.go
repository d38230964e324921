package secrets_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"tidings/app"
	"tidings/profiles/secrets"
	"tidings/profiles/secrets/secretstest"
)

// witness copies the home and the keyring before and after a write to the
// keyring: what a kill at that moment would leave.
type witness struct {
	*secretstest.Fake
	before, after *house
	dir           string
	t             *testing.T
}

func (w *witness) Set(ctx context.Context, id string, secret app.Secret) error {
	w.before = w.copy(ctx, id)
	err := w.Fake.Set(ctx, id, secret)
	w.after = w.copy(ctx, id)
	return err
}

func (w *witness) copy(ctx context.Context, id string) *house {
	w.t.Helper()
	h := &house{t: w.t, dir: w.t.TempDir(), keyring: secretstest.NewFake()}
	must(w.t, os.CopyFS(h.dir, os.DirFS(w.dir)))
	if s, err := w.Fake.Get(ctx, id); err == nil {
		must(w.t, h.keyring.Set(ctx, id, s))
	}
	return h
}

func TestKillInTheMiddleOfASetLeavesOneOfTheTwo(t *testing.T) {
	h := newHouse(t)
	w := &witness{Fake: h.keyring, dir: h.dir, t: t}
	h.Router = secrets.NewRouter(secrets.Params{Keyring: w, Vault: h.vault, Index: filepath.Join(h.dir, "secrets.toml"), Log: quiet()})
	must(t, h.CreateVault(t.Context(), "sesame"))
	h.set(password, long, app.PlaceVault)
	h.set(password, "short", app.PlaceKeyring)
	for name, killed := range map[string]*house{"before": w.before, "after": w.after} {
		killed.restart()
		must(t, killed.UnlockVault(t.Context(), "sesame"))
		killed.holds(password, long)
		must(t, killed.Probe(t.Context()))
		if killed.inKeyring("p1") != "" {
			t.Errorf("killed %s the write: the keyring keeps what is not valid", name)
		}
		killed.holds(password, long)
	}
}
