package secrets_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"tidings/app"
	"tidings/profiles/secrets"
)

func TestAReaderFindsWhatTheRouterKeepsAndChangesNothing(t *testing.T) {
	h := newHouse(t)
	must(t, h.CreateVault(t.Context(), "sesame"))
	h.set(password, "secret", app.PlaceKeyring)
	h.set(key, "pem", app.PlaceVault)
	h.set(proxy, long, app.PlaceVault)
	must(t, os.WriteFile(filepath.Join(h.dir, "half.tmp"), []byte("x"), 0o600)) // what Vault sweeps
	before := h.files()
	asked := 0
	r := &secrets.Reader{
		Keyring: h.keyring, Vault: filepath.Join(h.dir, "vault"), Index: filepath.Join(h.dir, "secrets.toml"),
		Passphrase: func(context.Context) (app.Secret, error) { asked++; return "sesame", nil },
	}
	for ref, want := range map[app.SecretRef]app.Secret{password: "secret", key: "pem", proxy: long} {
		if got, found, err := r.Get(t.Context(), ref); got != want || !found || err != nil {
			t.Errorf("%v: %v, %v", ref, found, err)
		}
	}
	if _, found, err := r.Get(t.Context(), keyPass); found || err != nil {
		t.Errorf("what nobody kept: %v, %v", found, err)
	}
	if asked != 1 {
		t.Errorf("asked %d times", asked)
	}
	if after := h.files(); after != before {
		t.Errorf("files before\n%s\nafter\n%s", before, after)
	}
}

func TestAReaderSaysWhyTheVaultIsShut(t *testing.T) {
	h := newHouse(t)
	must(t, h.CreateVault(t.Context(), "sesame"))
	h.set(key, "pem", app.PlaceVault)
	vault := filepath.Join(h.dir, "vault")
	typed := errors.New("no terminal")
	for name, tc := range map[string]struct {
		passphrase app.Secret
		err        error
		prepare    func()
		want       error
	}{
		"wrong passphrase": {passphrase: "sesam", want: secrets.ErrWrongPassphrase},
		"nobody to ask":    {err: typed, want: typed},
		"damaged":          {passphrase: "sesame", prepare: func() { must(t, os.WriteFile(vault, []byte("version = 1"), 0o600)) }, want: secrets.ErrUnavailable},
	} {
		saved, err := os.ReadFile(vault)
		must(t, err)
		if tc.prepare != nil {
			tc.prepare()
		}
		r := &secrets.Reader{Keyring: h.keyring, Vault: vault, Index: filepath.Join(h.dir, "secrets.toml"), Passphrase: func(context.Context) (app.Secret, error) { return tc.passphrase, tc.err }}
		if got, found, err := r.Get(t.Context(), key); got != "" || found || !errors.Is(err, tc.want) {
			t.Errorf("%s: %v, %v", name, found, err)
		}
		must(t, os.WriteFile(vault, saved, 0o600))
	}
}

// files is what lies in the home, as one text.
func (h *house) files() (text string) {
	list, err := os.ReadDir(h.dir)
	must(h.t, err)
	for _, e := range list {
		data, err := os.ReadFile(filepath.Join(h.dir, e.Name()))
		must(h.t, err)
		text += e.Name() + "\n" + string(data) + "\n"
	}
	return text
}
